"""Eigenvalues of a dense symmetric matrix, with a bound on their error."""

from dataclasses import dataclass

import numpy as np

from .arrays import Matrix, Vector
from .bounded import Bounded

__all__ = ["Spectrum", "spectrum"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Spectrum:
    """Eigenvalues in descending order, each within `error` of an exact one.

    Attributes
    ----------
    eigenvalues : (p,) float64
        λ_1 >= λ_2 >= … >= λ_p.
    error : float
        max_j |λ_j - exact λ_j| is at most this: Weyl's inequality on the rounding of
        the matrix, plus the backward error of the eigenvalue routine, 8 p ε ‖H‖_F.
    """

    eigenvalues: Vector
    error: float


@np.errstate(all="ignore")
def spectrum(matrix: Matrix, radius: Matrix | float) -> Spectrum:
    """Eigenvalues of a symmetric matrix known entrywise to within `radius`.

    Parameters
    ----------
    matrix : (p, p) float64
        Symmetric.
    radius : (p, p) float64, or float
        Bound on |exact - matrix|.

    Returns
    -------
    Spectrum
        Descending eigenvalues and the bound on their error.
    """
    values = Bounded(matrix[None], np.broadcast_to(radius, matrix.shape)).eigenvalues()
    return Spectrum(eigenvalues=values.value[0], error=float(values.radius[0, 0]))
