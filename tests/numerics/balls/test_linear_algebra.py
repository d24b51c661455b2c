"""numerics/balls/linear_algebra.py: held against matrices of known rational spectrum."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat

from landtheory.numerics.balls import linear_algebra
from landtheory.numerics.balls.linear_algebra import (
    determinant,
    eigenvalues,
    log_determinant,
    matrix_product,
    rank_bounds,
    singular_values,
)
from landtheory.numerics.balls.numbers import Numbers, precision, rational
from landtheory.numerics.balls.order import descending, greatest, least
from landtheory.numerics.balls.points import identity

THIRD = fmpq(1, 3)


def numbers(rows: object) -> Numbers:
    return np.frompyfunc(rational, 1, 1)(np.array(rows, dtype=object))


def orthogonal(size: int, seed: int) -> Numbers:
    """A product of rational reflections I - 2vvᵀ/vᵀv."""
    rng = np.random.default_rng(seed)
    whole = identity(size)
    for _ in range(2):
        v = numbers(rng.integers(-3, 4, (size, 1)) + np.eye(size, 1, dtype=int) * 7)
        square = matrix_product(v.T, v)[0, 0]
        whole = matrix_product(
            whole, identity(size) - matrix_product(v, v.T) * 2 / square
        )
    return whole


def with_spectrum(spectrum: list[Fraction | int], seed: int = 0) -> Numbers:
    """Q diag(λ) Qᵀ, exactly."""
    Q = orthogonal(len(spectrum), seed)
    return matrix_product(Q * numbers(spectrum), Q.T)


def in_balls(matrix: Numbers) -> Numbers:
    """The same numbers, each in a ball of the working precision."""
    return np.frompyfunc(lambda entry: arb(entry * THIRD) * 3, 1, 1)(matrix)


SPECTRA = [
    [5, 2, 1, Fraction(1, 7), -3],
    [2, 2, 2, 2, -1, -1],
    [10**6, 1, Fraction(1, 10**6), 0, 0],
    [1, 1 - Fraction(1, 10**30), 0, -Fraction(1, 10**25)],
]


@pytest.mark.parametrize("spectrum", SPECTRA, ids=str)
@pytest.mark.parametrize("bits", [53, 106, 424])
def test_eigenvalues_are_enclosed_in_order(spectrum: list[int], bits: int) -> None:
    with precision(bits):
        values = eigenvalues(in_balls(with_spectrum(spectrum)))
        exact = sorted(map(rational, spectrum), reverse=True)
        assert all(arb(v).contains(arb(e)) for v, e in zip(values, exact, strict=True))
        scale = max(abs(float(v)) for v in spectrum)
        assert all(float(v.rad()) < 1000 * scale * 2.0**-bits for v in values)


@pytest.mark.parametrize("spectrum", SPECTRA, ids=str)
def test_zeros_of_a_rational_matrix_are_exact(spectrum: list[int]) -> None:
    with precision(212):
        values = eigenvalues(with_spectrum(spectrum))
    assert sum(value == 0 for value in values) == spectrum.count(0)
    assert [value > 0 for value in values] == sorted([v > 0 for v in spectrum])[::-1]


def test_eigenvalues_of_the_smallest_matrices_are_exact() -> None:
    assert eigenvalues(numbers([[Fraction(2, 3)]])) == [fmpq(2, 3)]
    assert eigenvalues(numbers([[2, 2], [2, -1]])) == [3, -2]
    # of rank one
    assert eigenvalues(numbers([[1, 2, 3], [2, 4, 6], [3, 6, 9]])) == [14, 0, 0]
    assert eigenvalues(numbers([[3, 0, 0], [0, 1, 0], [0, 0, 2]])) == [3, 2, 1]


def test_a_known_bound_on_the_rank_makes_the_rest_zero() -> None:
    matrix = in_balls(with_spectrum([4, 1, 0, 0]))
    assert eigenvalues(matrix, most=2)[2:] == [0, 0]
    # as many as may be others are not known to be
    assert eigenvalues(matrix, most=3)[2:] != [0, 0]


def stretched(V: arb_mat) -> None:
    """A vector that is too long: S stays diagonal, VᵀV is not I."""
    for i in range(V.nrows()):
        V[i, 0] *= 1.01


def turned(V: arb_mat) -> None:
    """Two vectors turned by 3/5 and 4/5: VᵀV stays I, S is not diagonal."""
    for i in range(V.nrows()):
        first, second = V[i, 0] * 3 / 5, V[i, 1] * 4 / 5
        V[i, 0], V[i, 1] = first + second, V[i, 1] * 3 / 5 - V[i, 0] * 4 / 5


@pytest.mark.parametrize(("spoil", "dropped"), [(stretched, 0), (turned, 1)])
def test_a_bad_basis_gives_wide_balls_never_wrong_ones(
    monkeypatch: pytest.MonkeyPatch, spoil: Callable[[arb_mat], None], dropped: int
) -> None:
    real, norm = linear_algebra.eigenbasis, linear_algebra._norm

    def spoiled(matrix: arb_mat, bits: int) -> arb_mat:
        V = real(matrix, bits)
        spoil(V)
        return V

    spectrum = [5, 2, 1, -3]
    matrix = in_balls(with_spectrum(spectrum))

    def right() -> bool:
        values = eigenvalues(matrix)
        return all(v.contains(arb(e)) for v, e in zip(values, spectrum, strict=True))

    monkeypatch.setattr(linear_algebra, "eigenbasis", spoiled)
    assert right()
    calls: list[int] = []

    def without(whole: arb_mat) -> arb:
        """The first norm is that of VᵀV - I, the second that of S off its diagonal."""
        calls.append(len(calls))
        return arb(0) if calls[-1] == dropped else norm(whole)

    monkeypatch.setattr(linear_algebra, "_norm", without)
    assert not right()
    assert len(calls) == 2


def test_a_useless_basis_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_algebra, "eigenbasis", lambda matrix, bits: matrix * 100)
    assert not any(
        v.is_finite() for v in eigenvalues(in_balls(with_spectrum([5, 2, 1])))
    )


def test_large_matrices_of_low_rank_are_enclosed() -> None:
    rng = np.random.default_rng(3)
    B = numbers(rng.integers(-4, 5, (120, 30)))
    gram = matrix_product(B, B.T)
    small = eigenvalues(in_balls(matrix_product(B.T, B)))
    values = eigenvalues(in_balls(gram), most=30)
    assert all(a.overlaps(b) for a, b in zip(values[:30], small, strict=True))
    assert all(value > 0 for value in values[:30])
    assert values[30:] == [0] * 90


def test_certainly_unsymmetric_and_unknown_entries_give_nothing() -> None:
    assert not any(v.is_finite() for v in eigenvalues(numbers([[1, 2], [3, 4]])))
    holed = in_balls(with_spectrum([3, 2, 1]))
    holed[0, 1] = holed[1, 0] = arb("nan")
    assert not any(v.is_finite() for v in eigenvalues(holed))


@pytest.mark.parametrize("bits", [53, 212])
def test_singular_values_are_enclosed_also_tiny_ones(bits: int) -> None:
    values = [3, 1, Fraction(1, 10**12)]
    Q, P = orthogonal(4, 1), orthogonal(3, 2)
    matrix = matrix_product(Q[:, :3] * numbers(values), P)
    with precision(bits):
        found = singular_values(in_balls(matrix))
        assert all(
            f.contains(arb(rational(v))) for f, v in zip(found, values, strict=True)
        )
        # AᵀA would know the last to 10⁻⁸ at most
        assert found[2].rad() < 1e-13
        exact = singular_values(matrix_product(matrix, numbers(np.diag([1, 1, 0]))))
        assert exact[2] == 0
        assert exact[1] > 0


def test_singular_values_of_vectors_are_lengths() -> None:
    assert singular_values(numbers([[3, 4, 12]])) == [13]
    assert singular_values(numbers([[3], [4]])) == [5]
    assert singular_values(numbers([[6, 8], [3, 4], [0, 0]]))[1] == 0


def test_ranks_are_decided_exactly_where_floats_cannot() -> None:
    tiny = with_spectrum([1, Fraction(1, 10**40), 0])
    assert rank_bounds(tiny) == (2, 2)
    floats = np.array([[float(entry) for entry in row] for row in tiny])
    assert np.linalg.matrix_rank(floats) == 1


def test_ranks_of_balls_are_certain_from_below_only() -> None:
    matrix = in_balls(with_spectrum([1, Fraction(1, 10**40), 0]))
    assert rank_bounds(matrix) == (1, 3)
    with precision(212):
        assert rank_bounds(in_balls(with_spectrum([1, Fraction(1, 10**40), 0]))) == (
            2,
            3,
        )
    assert rank_bounds(matrix, most=2) == (1, 2)
    padded = np.full((5, 4), fmpq(0), dtype=object)
    padded[:3, :3] = matrix
    assert rank_bounds(padded) == (1, 3)
    assert rank_bounds(np.empty((0, 3), dtype=object)) == (0, 0)


def test_determinants_and_their_logarithms() -> None:
    matrix = with_spectrum([4, 3, Fraction(1, 2)])
    assert determinant(matrix) == 6
    assert determinant(np.empty((0, 0), dtype=object)) == 1
    with precision(150):
        assert log_determinant(matrix).overlaps(arb(6).log())
        assert log_determinant(in_balls(matrix)).overlaps(arb(6).log())
    assert log_determinant(with_spectrum([4, 1, Fraction(1, 4)])) == 0
    assert not log_determinant(with_spectrum([4, 3, -1])).is_finite()
    assert not log_determinant(with_spectrum([4, -3, -1])).is_finite()
    assert not log_determinant(in_balls(with_spectrum([4, 3, 0]))).is_finite()


def test_products_are_exact_or_enclosed() -> None:
    a, b = (
        numbers([[1, Fraction(1, 3)], [2, -5]]),
        numbers([[7, 0], [Fraction(2, 9), 1]]),
    )
    expected = fmpq_mat(a.tolist()) * fmpq_mat(b.tolist())
    assert matrix_product(a, b).tolist() == expected.tolist()
    found = matrix_product(in_balls(a), b)
    pairs = zip(found.flat, expected.entries(), strict=True)
    assert all(entry.overlaps(arb(value)) for entry, value in pairs)
    assert matrix_product(
        np.empty((2, 0), dtype=object), np.empty((0, 1), dtype=object)
    ).tolist() == [[0], [0]]


def test_order_statistics_of_overlapping_balls_contain_every_choice() -> None:
    balls = [arb(1, 0.5), arb(1.25, 0.125), fmpq(4), arb(0.75, 0.5), fmpq(-1)]
    ordered = descending(balls)
    assert ordered[0] == 4
    assert ordered[4] == -1
    rng = np.random.default_rng(0)
    for _ in range(200):
        drawn = [
            float(arb(b).mid()) + float(arb(b).rad()) * rng.uniform(-1, 1)
            for b in balls
        ]
        for ball, value in zip(ordered, sorted(drawn, reverse=True), strict=True):
            assert arb(ball).contains(arb(value)) or arb(ball).overlaps(
                arb(value, 1e-9)
            )
    assert arb(greatest(balls)) == 4
    assert arb(least([arb(1, 0.5), arb(1, 0.25)])).contains(arb(0.5))
    assert not any(v.is_finite() for v in descending([fmpq(1), arb("nan")]))
    assert not greatest([fmpq(1), arb("nan")]).is_finite()
