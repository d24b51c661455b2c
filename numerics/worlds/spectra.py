"""Eigenvalues of rational matrices, enclosed with their multiplicities."""

from typing import Any

from flint import arb, fmpq_mat

__all__ = ["eigenvalues", "is_positive_semidefinite"]


def eigenvalues(matrix: fmpq_mat) -> tuple[arb, ...]:
    """Every eigenvalue, in descending order, by the exact characteristic polynomial.

    Its roots are isolated by certified root finding on the square-free factors, so that
    equal eigenvalues are the same ball.

    Parameters
    ----------
    matrix : fmpq_mat (p, p)
        Diagonalisable with real eigenvalues, as what is similar to a symmetric matrix.

    Raises
    ------
    ArithmeticError
        If some eigenvalue is not real.
    """
    size = matrix.nrows()
    if size == 0:
        return ()
    roots: Any = matrix.charpoly().numer().complex_roots()
    values = [root.real for root, times in roots for _ in range(times)]
    unreal = sum(times for root, times in roots if root.imag != 0)
    if unreal:
        raise ArithmeticError(
            f"{unreal} eigenvalues of {size} are not known to be real"
        )
    return tuple(sorted(values, key=arb.mid, reverse=True))


def is_positive_semidefinite(matrix: fmpq_mat) -> bool:
    """Whether a symmetric matrix has no negative eigenvalue, decided exactly.

    A polynomial with real roots has no negative one if and only if its coefficients
    alternate in sign (Descartes).
    """
    size = matrix.nrows()
    coefficients = matrix.charpoly().coeffs()
    return all(
        value * (-1) ** (size - place) >= 0 for place, value in enumerate(coefficients)
    )
