"""Students that no permutation of the first k - 1 neurons and inputs changes.

    W = [[q 11ᵀ + (p - q) I,  ρ 1],
         [s 1ᵀ,               t  ]],      z = (p, q, ρ, s, t),

the family in which Safran and Shamir (2018) saw spurious minima. The gradient at such a
W is of the same form, so that a critical point within the family is one of all students.
"""

from typing import Any, Final

import numpy as np

from .kernels import Array

__all__ = ["SMALLEST_K", "basis", "read_off", "student"]

SMALLEST_K: Final = 3
"""With fewer neurons q would stand nowhere."""


def student(z: Any, k: int) -> Any:
    """W, (k, k), of the five numbers of z, whatever kind they are of."""
    p, q, rho, s, t = z
    inner = [[p if i == j else q for j in range(k - 1)] + [rho] for i in range(k - 1)]
    return [*inner, [s] * (k - 1) + [t]]


def read_off(G: Any) -> list[Any]:
    """One entry of each of the five kinds of a matrix of the family."""
    return [G[0][0], G[0][1], G[0][-1], G[-1][0], G[-1][-1]]


def basis(k: int) -> Array:
    """∂W/∂z with W row by row, (k², 5)."""
    columns = [np.ravel(student(unit, k)) for unit in np.eye(5)]
    return np.stack(columns, axis=1)
