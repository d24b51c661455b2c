"""What z, f, N, p, r, S and σ stand for: the named quantities of closed forms."""

from collections.abc import Callable, Mapping

from sympy import (
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Mul,
    Sum,
    Symbol,
    cancel,
    exp,
    factor,
    solve,
)

from .losses import NORMALISER, Loss
from .symbols import OUTPUT, TARGET

__all__ = ["expanded", "index", "loss_definitions", "quantity"]

_LETTERS = {"c1": "e", "k1": "q", "j1": "l", "i1": "h"}

_MEAN = Dummy("p", real=True)
_OTHER_MEAN = Dummy("q", real=True)


def index(name: str) -> Expr:
    """Symbol of an index; a numeral stands for itself."""
    if name.isdigit():
        return Integer(int(name))
    return Symbol(_LETTERS.get(name, name), integer=True, positive=True)


def quantity(name: str, *indices: Expr) -> Expr:
    """An indexed quantity, such as W[k, j]."""
    return IndexedBase(name, real=True)[indices]


def loss_definitions(loss: Loss, outputs: Expr) -> list[tuple[Expr, Expr]]:
    """Definitions of N, p, r and S as pairs (name, expression).

    N_i and p_ic = r_ic + y_ic, the mean of the model, are named where they simplify
    r and S: for the logistic and softmax losses.

    Parameters
    ----------
    loss : Loss
        In any form; its textbook form is used.
    outputs : sympy.Expr
        C.
    """
    shown = loss.shown
    i, e = index("i"), index("c1")
    c = index("1") if outputs == 1 else index("c")
    e = c if outputs == 1 else e
    f, p = quantity("f", i, c), quantity("p", i, c)
    N, y = quantity("N", i), quantity("y", i, c)
    mean = shown.residual + TARGET
    pairs = []
    if NORMALISER in mean.free_symbols:
        pairs.append((N, Sum(shown.inner.subs(OUTPUT, f), (c, 1, outputs))))
    if mean == OUTPUT:
        return [(quantity("r", i, c), f - y)]
    pairs += [
        (p, mean.subs({OUTPUT: f, NORMALISER: N})),
        (quantity("r", i, c), p - y),
    ]
    own, slope, curvature = _in_means(mean, shown)
    across = quantity("p", i, e)
    S = own.subs(_MEAN, p) * KroneckerDelta(c, e)
    if curvature != 0:
        S += cancel(curvature * slope * slope.subs(_MEAN, _OTHER_MEAN)).subs(
            {_MEAN: p, _OTHER_MEAN: across}
        )
    pairs.append((quantity("S", i, c, e), S))
    return pairs


def _in_means(mean: Expr, loss: Loss) -> tuple[Expr, Expr, Expr]:
    """S's diagonal part, u' and φ'' written in p, by solving p = mean for exp(f)."""
    power = Dummy("E", positive=True)
    (solution,) = solve(mean.subs(exp(OUTPUT), power) - _MEAN, power)
    curvature, slope = loss.output_hessian_outer
    own, first = (
        factor(cancel(expression.subs(exp(OUTPUT), power).subs(power, solution)))
        for expression in (loss.output_hessian_diagonal, slope)
    )
    return _positive_first(own), first, curvature


def _positive_first(product: Expr) -> Expr:
    """-p (p - 1) as p (1 - p)."""
    coefficient, rest = product.as_coeff_Mul()
    sums = [part for part in Mul.make_args(rest) if part.is_Add]
    if coefficient != -1 or not sums:
        return product
    return rest / sums[0] * (-sums[0])


def expanded(
    expression: Expr, meanings: Mapping[str, Callable[[tuple[Expr, ...]], Expr]]
) -> Expr:
    """Named quantities replaced by what they stand for, to the end.

    Parameters
    ----------
    expression : sympy.Expr
        In named quantities.
    meanings : mapping
        Name → function from indices to what it stands for.
    """

    def is_named(part: Expr) -> bool:
        return isinstance(part, Indexed) and str(part.base) in meanings

    # no bound index is captured: what replaces a quantity sums over a kind of index
    # that the quantity itself does not carry
    while any(is_named(part) for part in expression.atoms(Indexed)):
        expression = expression.replace(
            is_named, lambda part: meanings[str(part.base)](part.indices)
        )
    return expression
