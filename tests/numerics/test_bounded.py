"""numerics/bounded.py: bounds held against exact rational and 50-digit arithmetic."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from landtheory.numerics.bounded import Bounded, exact, gamma


def draw(shape: tuple[int, ...], seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape) * 10.0 ** rng.integers(-6, 6, shape)


def contains(bounded: Bounded, truth: np.ndarray) -> bool:
    """Whether each exact rational lies within its bound."""
    flat = zip(
        truth.ravel(),
        bounded.value.ravel(),
        np.broadcast_to(bounded.radius, bounded.shape).ravel(),
        strict=True,
    )
    return all(abs(t - Fraction(float(v))) <= Fraction(float(r)) for t, v, r in flat)


def fractions(array: np.ndarray) -> np.ndarray:
    return np.vectorize(lambda v: Fraction(float(v)), otypes=[object])(array)


OPERATIONS = {
    "sum of products": lambda a, b, one: (a * b + a).sum(-1),
    "matrix product": lambda a, b, one: a @ b.swapaxes(-1, -2) if one else a @ b.T,
    "quotient": lambda a, b, one: a / (b * b + (1 if one else 1.0)),
    "power": lambda a, b, one: (a - b) ** 3,
    "product": lambda a, b, one: (a - b).product(),
    "partial sums": lambda a, b, one: (a - b).cumulated(),
}


@pytest.mark.parametrize("name", list(OPERATIONS))
@pytest.mark.parametrize("seed", [1, 2])
def test_results_lie_within_their_bounds(name: str, seed: int) -> None:
    a, b = draw((3, 4, 5), seed), draw((3, 4, 5), seed + 10)
    operation = OPERATIONS[name]
    found = operation(exact(a), exact(b), False)
    A, B = fractions(a), fractions(b)
    if name == "matrix product":
        truth = np.array([x @ y.T for x, y in zip(A, B, strict=True)])
    elif name == "sum of products":
        truth = (A * B + A).sum(-1)
    elif name == "quotient":
        truth = A / (B * B + 1)
    elif name == "product":
        truth = (A - B).prod(-1)
    elif name == "partial sums":
        truth = (A - B).cumsum(-1)
    else:
        truth = (A - B) ** 3
    assert contains(found, truth)


def test_inherited_errors_are_enclosed() -> None:
    a, off = draw((1, 4, 4), 3), draw((1, 4, 4), 4) * 1e-9
    wide = Bounded(a, np.abs(off) * (1 + 1e-12))
    moved = fractions(a) + fractions(off)
    truth = np.array([x @ x for x in moved])
    assert contains(wide @ wide, truth)
    assert not contains(exact(a) @ exact(a), truth)


@pytest.mark.parametrize("size", [1, 2, 6])
def test_eigenvalues_and_singular_values_lie_within_their_bounds(size: int) -> None:
    mpmath.mp.dps = 50
    a = draw((1, size, size), 5)
    symmetric = a + a.swapaxes(-1, -2)
    found = exact(symmetric).eigenvalues()
    truth = sorted(mpmath.eigsy(mpmath.matrix(symmetric[0].tolist()))[0], reverse=True)
    for value, t in zip(found.value[0], truth, strict=True):
        assert abs(t - mpmath.mpf(float(value))) <= found.radius[0, 0]
    sigma = exact(a).singular_values()
    truth = sorted(mpmath.svd_r(mpmath.matrix(a[0].tolist()))[1], reverse=True)
    for value, t in zip(sigma.value[0], truth, strict=True):
        assert abs(t - mpmath.mpf(float(value))) <= sigma.radius[0, 0]


def test_tiny_entries_do_not_spoil_eigenvalues() -> None:
    matrix = np.zeros((1, 7, 7))
    matrix[0, 4, :3] = matrix[0, :3, 4] = (2.0, 1.0, 1.0)
    matrix[0, :3, :3] = -1.1e-162 * np.outer((2, 1, 1), (2, 1, 1))
    found = exact(matrix).eigenvalues()
    assert abs(found.value[0, 0] - 6**0.5) <= found.radius[0, 0]
    assert found.radius[0, 0] < 1e-12


def test_the_flush_is_what_saves_them() -> None:
    from landtheory.numerics import bounded

    assert bounded.FLUSH < 2.0**-53 / 1e6


def test_rank_is_bounded_on_both_sides() -> None:
    matrix = np.zeros((1, 3, 3))
    matrix[0, :2, :2] = 1.0
    found = exact(matrix).rank()
    assert (found.lower[0], found.upper[0]) == (1.0, 2.0)
    assert exact(np.zeros((1, 3, 3))).rank().upper[0] == 0.0


def test_nonzero_tells_sure_from_open() -> None:
    found = Bounded(np.array([[1.0, 0.0, 0.0]]), np.array([[0.1, 0.0, 0.1]])).nonzero()
    assert found.lower.tolist() == [[1.0, 0.0, 0.0]]
    assert found.upper.tolist() == [[1.0, 0.0, 1.0]]


def test_the_least_of_the_kept_entries_is_enclosed() -> None:
    entries = Bounded(np.array([[3.0, 1.0], [2.0, 5.0]]), np.array([[0.1, 0.5]] * 2))
    found = entries.least(np.array([[True, False], [False, False]]))
    assert (found.value[0], found.radius[0]) == (3.0, 0.1)
    assert np.isinf(found.radius[1])


def test_unknown_stays_unknown() -> None:
    zero = Bounded(np.array([0.0]), np.array([1e-20]))
    with np.errstate(all="ignore"):
        for value in (1.0 / zero, zero.log(), exact(np.array([np.inf])) * 1.0):
            assert np.isinf(value.radius).all()
        nothing = exact(np.full((1, 2, 2), np.nan)).eigenvalues()
    assert np.isinf(nothing.radius).all()


def test_square_roots_near_zero_are_enclosed() -> None:
    found = Bounded(np.array([1e-20]), np.array([1e-16])).sqrt()
    assert found.lower[0] <= 0.0
    assert found.upper[0] >= (1e-20 + 1e-16) ** 0.5


def test_gamma_is_increasing() -> None:
    assert 0 < gamma(1) < gamma(2) < 1e-15


def test_powers_keep_the_shape_and_enclose() -> None:
    a = Bounded(np.array([[2.0, -3.0]]), np.array([[0.5, 0.0]]))
    assert np.array_equal((a**0).value, [[1.0, 1.0]])
    assert np.array_equal((a**1).value, a.value)
    cube = a**3
    assert cube.lower[0, 0] <= 1.5**3
    assert cube.upper[0, 0] >= 2.5**3
    assert np.isclose(cube.value[0, 1], -27.0, rtol=1e-15, atol=0)
    assert np.isclose((a**-1).value[0, 1], -1 / 3, rtol=1e-15, atol=0)


EXPONENTS = [Fraction(1, 2), Fraction(-1, 2), Fraction(1, 3), Fraction(-123, 10)]


@pytest.mark.parametrize("exponent", [*EXPONENTS, Fraction(639, 10)], ids=str)
def test_powers_that_are_not_whole_enclose_both_ends(exponent: Fraction) -> None:
    mpmath.mp.dps = 60
    rng = np.random.default_rng(3)
    value = 10.0 ** rng.uniform(-4, 4, 200)
    # up to a radius that all but reaches 0
    radius = value * np.minimum(10.0 ** rng.uniform(-17, 0, 200), 1 - 2.0**-30)
    found = Bounded(value, radius) ** exponent
    e = mpmath.mpf(exponent.numerator) / exponent.denominator
    for v, r, centre, wide in zip(
        value, radius, found.value, found.radius, strict=True
    ):
        for end in (mpmath.mpf(v) - mpmath.mpf(r), mpmath.mpf(v) + mpmath.mpf(r)):
            assert abs(end**e - mpmath.mpf(centre)) <= mpmath.mpf(wide)
    sharp = exact(value) ** exponent
    assert (sharp.radius <= 1e-13 * (1 + 64 * 10) * sharp.value).all()


def test_powers_of_what_may_not_be_positive_are_unknown() -> None:
    base = Bounded(np.array([1.0, 0.0, -1.0, 1.0]), np.array([1.0, 0.0, 0.0, 0.5]))
    known = np.isfinite((base ** Fraction(1, 2)).radius)
    assert known.tolist() == [False, False, False, True]


def test_whole_powers_may_be_given_as_fractions() -> None:
    a = Bounded(np.array([2.0, -3.0]), np.array([0.5, 0.0]))
    for whole in (-2, 0, 1, 3):
        assert np.array_equal((a ** Fraction(whole)).value, (a**whole).value)


@pytest.mark.parametrize(
    ("value", "radius"), [(-800.0, 100.0), (-744.0, 1e-3), (-708.5, 0.0), (3.0, 1e-12)]
)
def test_exponentials_are_enclosed_down_to_the_least_floats(
    value: float, radius: float
) -> None:
    mpmath.mp.dps = 60
    found = Bounded(np.array([value]), np.array([radius])).exp()
    for end in (value - radius, value + radius):
        off = abs(mpmath.exp(mpmath.mpf(end)) - mpmath.mpf(float(found.value[0])))
        assert off <= mpmath.mpf(float(found.radius[0]))
