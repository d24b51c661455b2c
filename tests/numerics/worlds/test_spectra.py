"""numerics/worlds/spectra.py, held against prescribed spectra and NumPy."""

import re
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq, fmpq_mat

from landtheory.numerics.worlds.spectra import eigenvalues, is_positive_semidefinite


def similar(spectrum: list[int]) -> fmpq_mat:
    """S diag(spectrum) S⁻¹ for a fixed unimodular S."""
    size = len(spectrum)
    S = fmpq_mat(size, size, [int(j <= i) for i in range(size) for j in range(size)])
    D = fmpq_mat(size, size)
    for i, value in enumerate(spectrum):
        D[i, i] = fmpq(value)
    return S * D * S.inv()


@pytest.mark.parametrize("spectrum", [[3], [2, 2, 2], [5, 0, 0, -1], [7, 7, 1, 1, -4]])
def test_prescribed_eigenvalues_come_back_in_order_with_multiplicity(
    spectrum: list[int],
) -> None:
    with ctx.workprec(128):
        found = eigenvalues(similar(spectrum))
        assert len(found) == len(spectrum)
        for value, wanted in zip(found, spectrum, strict=True):
            assert value.contains(arb(wanted))
            assert value.rad() < arb(2) ** -100


def test_irrational_eigenvalues_are_those_of_numpy() -> None:
    rng = np.random.default_rng(0)
    for size in (2, 3, 5):
        entries = rng.integers(-3, 4, (size, size))
        matrix = entries + entries.T
        found = eigenvalues(fmpq_mat(size, size, [int(one) for one in matrix.ravel()]))
        ours = [float(value.mid()) for value in found]
        assert np.allclose(ours, np.linalg.eigvalsh(matrix)[::-1], rtol=0, atol=1e-12)


def test_a_matrix_of_size_0_has_no_eigenvalue() -> None:
    assert eigenvalues(fmpq_mat(0, 0)) == ()


def test_complex_eigenvalues_are_refused() -> None:
    sentence = "2 eigenvalues of 2 are not known to be real"
    with pytest.raises(ArithmeticError, match=re.escape(sentence) + "$"):
        eigenvalues(fmpq_mat(2, 2, [0, 1, -1, 0]))


@pytest.mark.parametrize(
    ("rows", "semidefinite"),
    [
        ([[0, 0], [0, 0]], True),
        ([[3]], True),
        ([[-3]], False),
        ([[2, 1, 0], [1, 2, 1], [0, 1, 2]], True),
        ([[1, 1], [1, 1]], True),
        ([[2, 1], [1, 1]], True),
        ([[1, 2], [2, 1]], False),
        ([[0, 0], [0, -1]], False),
        ([[0, 1], [1, 0]], False),
        ([[1, 0, 0], [0, 0, 0], [0, 0, Fraction(-1, 10**12)]], False),
    ],
)
def test_semidefiniteness_is_decided_exactly(
    rows: list[list[Fraction]], *, semidefinite: bool
) -> None:
    entries = [
        [fmpq(Fraction(x).numerator, Fraction(x).denominator) for x in row]
        for row in rows
    ]
    assert is_positive_semidefinite(fmpq_mat(entries)) is semidefinite
