"""Products H v and G v without the matrix, the forward pass held between products."""

from dataclasses import replace

import numpy as np

from ._jit import jitted
from ._kernels import hvp_between_products
from .arrays import Vector
from .forward import Forward

__all__ = ["CachedProducts"]


class CachedProducts:
    """H v and G v at one θ.

    With v = (dW, db, dA, dc),

        dz = x dWᵀ + db,       df = A (σ' dz) + dA σ + dc,       dr = S df,
        back = σ' (Aᵀ dr + dAᵀ r) + σ'' (Aᵀ r) dz,
        H v  = (1/n) (backᵀ x, Σ_i back, Σ_i (dr σᵀ + r (σ' dz)ᵀ), Σ_i dr);

    G v is the same with r = 0 in `back` and in the part of A.

    Parameters
    ----------
    fwd : Forward
        The forward pass at θ, without leading axes.
    """

    def __init__(self, fwd: Forward) -> None:
        n, d = fwd.x.shape
        C, m = fwd.A.shape
        self._sizes = (n, d, m, C)
        self._x = fwd.x
        self._kernel = jitted(hvp_between_products, reassociated=True)
        self._hessian = _arrays(fwd)
        self._gauss_newton = _arrays(
            replace(fwd, r=np.zeros_like(fwd.r), s2=np.zeros_like(fwd.s2))
        )

    def hvp(self, v: Vector) -> Vector:
        """H v, (p,)."""
        return self._product(self._hessian, v)

    def gnvp(self, v: Vector) -> Vector:
        """G v, (p,)."""
        return self._product(self._gauss_newton, v)

    def _product(self, arrays: tuple[Vector, ...], v: Vector) -> Vector:
        _, d, m, C = self._sizes
        bias, hidden, last = m * d, m * d + m, m * d + m + m * C
        out = np.empty(last + C)
        columns = np.empty((C, m))
        dz = self._x @ v[:bias].reshape(m, d).T
        back = np.empty_like(dz)
        self._kernel(
            dz,
            *arrays,
            np.ascontiguousarray(v[hidden:last].reshape(m, C).T),
            v[bias:hidden],
            v[last:],
            back,
            out[bias:hidden],
            columns,
            out[last:],
        )
        out[hidden:last].reshape(m, C)[:] = columns.T
        np.dot(back.T, self._x, out=out[:bias].reshape(m, d))
        return out


def _arrays(fwd: Forward) -> tuple[Vector, ...]:
    n = fwd.x.shape[0]
    return (
        np.ascontiguousarray(fwd.A),
        fwd.s0,
        fwd.s1,
        (fwd.r @ fwd.A) * fwd.s2 / n,
        fwd.r / n,
        np.ascontiguousarray(fwd.S) / n,
    )
