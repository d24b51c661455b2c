"""Taylor series of population losses along lines, in balls.

    L(W) = ½ ΣΣ κ(w_i, w_j) - ΣΣ κ(w_i, v_j) + ½ ΣΣ κ(v_i, v_j)

along W + tT to t²: the derivatives of L come from series arithmetic on κ, and from no
formula for a derivative.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from flint import arb, arb_series, ctx, fmpq, fmpq_mat, fmpq_series

__all__ = ["kernel_taylor", "loss_taylor"]

Vector: TypeAlias = list[fmpq]
Coefficients: TypeAlias = tuple[arb, arb, arb]

ORDER = 3
"""Terms that are kept: 1, t and t²."""


def kernel_taylor(
    activation: str, u: Vector, s: Vector, v: Vector, t: Vector
) -> Coefficients:
    """Coefficients of 1, x and x² of κ(u + x s, v + x t).

    Parameters
    ----------
    activation : str
        relu, erf (of z/√2) or quadratic.
    u, s, v, t : d rationals each
        For relu neither u nor v is 0; where they are parallel, κ is ½ u·v or 0 to
        second order (T18(d)).
    """
    inner = _inner_products([u, v], [s, t])
    with _short_series():
        return _kernel(activation, inner, 0, 1)


def loss_taylor(
    activation: str, W: list[Vector], T: list[Vector], V: list[Vector]
) -> Coefficients:
    """Coefficients of 1, t and t² of L(W + tT): L, ⟨∇L, T⟩ and ½ D²L[T, T].

    Parameters
    ----------
    activation : str
        As for `kernel_taylor`.
    W, T, V : rows of d rationals
        Student, its direction, and teacher.
    """
    k, still = len(W), [[fmpq(0)] * len(V[0])] * len(V)
    inner = _inner_products([*W, *V], [*T, *still])
    total = (arb(0), arb(0), arb(0))
    with _short_series():
        for p in range(k + len(V)):
            for q in range(p + 1):
                # a pair of two is met once, half of twice
                scale: fmpq | int = fmpq(1, 2) if p == q else 1
                if p >= k > q:
                    scale = -1
                total = _plus(total, _kernel(activation, inner, p, q), scale)
    return total


def _inner_products(rows: list[Vector], along: list[Vector]) -> list[fmpq_mat]:
    """Coefficients of 1, x and x² of all inner products of rows + x along."""
    X, Y = fmpq_mat(rows), fmpq_mat(along)
    crossed = X * Y.transpose()
    return [X * X.transpose(), crossed + crossed.transpose(), Y * Y.transpose()]


def _kernel(activation: str, inner: list[fmpq_mat], p: int, q: int) -> Coefficients:
    a, b, r = (
        fmpq_series([table[place] for table in inner])
        for place in ((p, p), (q, q), (p, q))
    )
    series = _KAPPA[activation](a, b, r)
    return arb(series[0]), arb(series[1]), arb(series[2])


def _plus(left: Coefficients, right: Coefficients, scale: fmpq | int) -> Coefficients:
    first, second, third = (a + b * scale for a, b in zip(left, right, strict=True))
    return first, second, third


@contextmanager
def _short_series() -> Iterator[None]:
    """Series of as many terms as are kept."""
    before = ctx.cap
    ctx.cap = ORDER
    try:
        yield
    finally:
        ctx.cap = before


def _relu(a: fmpq_series, b: fmpq_series, r: fmpq_series) -> arb_series | fmpq_series:
    """(√(ab - r²) + (π - acos(r/√(ab))) r)/2π, a = ‖u‖², b = ‖v‖², r = u·v."""
    area = a * b - r * r
    if area[0] == 0:
        return r / 2 if r[0] > 0 else fmpq_series([0])
    cross = arb_series(r)
    angle = (cross / arb_series(a * b).sqrt()).acos()
    root = arb_series(area).sqrt()
    return (root + (arb.pi() - angle) * cross) / (2 * arb.pi())


def _erf(a: fmpq_series, b: fmpq_series, r: fmpq_series) -> arb_series:
    """(2/π) asin(r/√((1 + a)(1 + b)))."""
    whole = arb_series((1 + a) * (1 + b))
    return (arb_series(r) / whole.sqrt()).asin() * (2 / arb.pi())


def _quadratic(a: fmpq_series, b: fmpq_series, r: fmpq_series) -> fmpq_series:
    """ab + 2r²."""
    return a * b + 2 * r * r


_KAPPA = {"relu": _relu, "erf": _erf, "quadratic": _quadratic}
