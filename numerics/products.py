"""Products H v and G v without the matrix, the forward pass held between products."""

from functools import cached_property

import numpy as np

from ._jit import jitted
from ._kernels import hessian_product
from .arrays import Vector
from .forward import Array, Forward

__all__ = ["CachedProducts"]

PART = 2**15
"""Numbers in one array of a part of the samples, so that a few stay in cache."""


class CachedProducts:
    """H v and G v at one θ.

    With v = (dW, db, dA, dc),

        dz = x dWᵀ + db,       df = A (σ' dz) + dA σ + dc,       dr = S df,
        back = σ' (Aᵀ dr + dAᵀ r) + σ'' (Aᵀ r) dz,
        H v  = (1/n) (backᵀ x, Σ_i back, Σ_i (dr σᵀ + r (σ' dz)ᵀ), Σ_i dr);

    G v is the same with r = 0.

    Parameters
    ----------
    fwd : Forward
        The forward pass at θ, without leading axes.
    """

    def __init__(self, fwd: Forward) -> None:
        self._fwd = fwd
        self._kernel = jitted(hessian_product, reassociated=True)

    def hvp(self, v: Vector) -> Vector:
        """H v, (p,)."""
        return self._kernel(*self._hessian, v)

    def gnvp(self, v: Vector) -> Vector:
        """G v, (p,)."""
        return self._kernel(*self._gauss_newton, v)

    @cached_property
    def _hessian(self) -> tuple[Array, ...]:
        return _arrays(self._fwd, self._fwd.r)

    @cached_property
    def _gauss_newton(self) -> tuple[Array, ...]:
        return _arrays(self._fwd, np.zeros_like(self._fwd.r))


def _arrays(fwd: Forward, r: Array) -> tuple[Array, ...]:
    """What `hessian_product` takes beside v."""
    n, m = fwd.s0.shape
    parts = -(-n * m // PART)
    x = _parts(fwd.x, parts)
    neurons = [
        _parts(array, parts) for array in (fwd.s0, fwd.s1, (r @ fwd.A) * fwd.s2 / n)
    ]
    samples = [_parts(array.reshape(n, -1) / n, parts) for array in (r, fwd.S)]
    return (
        np.ascontiguousarray(x.swapaxes(1, 2)),
        x,
        np.stack(neurons, axis=1),
        np.concatenate(samples, axis=1),
        np.ascontiguousarray(fwd.A),
    )


def _parts(array: Array, count: int) -> Array:
    """(n, K) as (count, K, s): so many parts of s samples, filled up with 0."""
    n, K = array.shape
    s = -(-n // count)
    full = np.zeros((count * s, K))
    full[:n] = array
    return np.ascontiguousarray(full.reshape(count, s, K).swapaxes(1, 2))
