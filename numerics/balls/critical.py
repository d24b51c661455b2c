"""Exactly critical instances from nearly critical ones."""

import numpy as np
from flint import fmpq_mat

from ..exact_instances import ExactInstance
from .linear_algebra import is_exact
from .network import Network
from .numbers import ZERO, Numbers, fraction
from .points import point_of

__all__ = ["made_critical"]


def made_critical(instance: ExactInstance) -> ExactInstance | None:
    """The same with the nearest residual that has Jᵀ r = 0 exactly.

    r is projected onto ker Jᵀ = span N by r ↦ N (NᵀN)⁻¹ Nᵀ r, in rational arithmetic.

    Parameters
    ----------
    instance : ExactInstance
        With a residual, that is of the squared loss.

    Returns
    -------
    ExactInstance or None
        None where J is not rational or no residual is given; r = 0 where J has rank nC.
    """
    network = Network(point_of(instance))
    J, given = network.J.items[0], network.point.residual
    if given is None or not is_exact(J):
        return None
    kernel = _kernel(fmpq_mat(J.T.tolist()))
    r = fmpq_mat(given.reshape(-1, 1).tolist())
    if kernel is None:
        rows: Numbers = np.full(given.shape, ZERO, dtype=object)
    else:
        across = kernel.transpose()
        weights = (across * kernel).solve(across * r)
        rows = np.array((kernel * weights).tolist(), dtype=object).reshape(given.shape)
    residual = tuple(tuple(fraction(entry) for entry in row) for row in rows)
    return instance.but(residual=residual, targets=None)


def _kernel(matrix: fmpq_mat) -> fmpq_mat | None:
    """A basis of the kernel as columns, from the reduced row echelon form."""
    reduced, rank = matrix.rref()
    count = matrix.ncols()
    pivots = [next(c for c in range(count) if reduced[r, c] != 0) for r in range(rank)]
    free = [c for c in range(count) if c not in pivots]
    if not free:
        return None
    basis = fmpq_mat(count, len(free))
    for column, place in enumerate(free):
        basis[place, column] = 1
        for row, pivot in enumerate(pivots):
            basis[pivot, column] = -reduced[row, place]
    return basis
