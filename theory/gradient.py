"""The network's chain rule in index notation: ∇L, and ∇ₓf.

    z_ik = Σ_j W_kj x_ij + b_k,   f_ic = Σ_k A_ck σ(z_ik) + c_c,   L = (1/n) Σ_i ℓ_i,

with ∂ℓ_i/∂f_ic = r_ic and ∂r_ic/∂f_ie = S_ice. Atoms: `x`, the parameters `W`, `b`,
`A`, `c`, the activation `s0`, `s1`, `s2` (σ, σ', σ'' at z_ik), `f`, `ell`, `r`, `S`, and
`delta`.
"""

from collections.abc import Mapping
from typing import Final

from sympy import Expr

from . import symbols
from .indexed import Atom, Rule, Term, derivative, fresh, one, product, summed
from .losses import Loss

__all__ = [
    "BLOCKS",
    "INDICES",
    "chain_rule",
    "column",
    "gradient",
    "input_jacobian",
    "mean_loss",
    "output",
    "output_hessian",
    "preactivation",
    "row",
]

BLOCKS: Final = ("W", "b", "A", "c")
"""The parameters, in the order of θ."""

INDICES: Final[Mapping[str, tuple[str, ...]]] = {
    "W": ("k", "j"),
    "b": ("k",),
    "A": ("c", "k"),
    "c": ("c",),
}
"""The indices of each parameter."""

_ACTIVATION: Final = ("s0", "s1", "s2")


def row(block: str) -> Atom:
    """The entry of a parameter that a row belongs to, such as W_kj."""
    return Atom(block, INDICES[block])


def column(block: str) -> Atom:
    """The entry of a parameter that a column belongs to, such as W_k'j'."""
    return Atom(block, tuple(f"{index}'" for index in INDICES[block]))


def preactivation(i: str, k: str) -> list[Term]:
    """z_ik = Σ_j W_kj x_ij + b_k."""
    j = fresh("j")
    return [one(Atom("W", (k, j)), Atom("x", (i, j)), bound=(j,)), one(Atom("b", (k,)))]


def output(i: str, c: str) -> list[Term]:
    """f_ic = Σ_k A_ck σ(z_ik) + c_c."""
    k = fresh("k")
    hidden = one(Atom("A", (c, k)), Atom("s0", (i, k)), bound=(k,))
    return [hidden, one(Atom("c", (c,)))]


def mean_loss() -> list[Term]:
    """L = (1/n) Σ_i ℓ_i."""
    i = fresh("i")
    return [Term(1 / symbols.n, (Atom("ell", (i,)),), (i,))]


def output_hessian(loss: Loss, i: str, c: str, e: str) -> Term:
    """S_ice = ∂²ℓ_i/∂f_ic∂f_ie; where it is constant, its value times δ_ce."""
    curvature, _ = loss.output_hessian_outer
    own: Expr = loss.output_hessian_diagonal
    if curvature == 0 and own.is_number:
        return Term(own, (Atom("delta", (c, e)),))
    return one(Atom("S", (i, c, e)))


def chain_rule(loss: Loss, *, residual_fixed: bool = False) -> Rule:
    """Derivative of every atom of the network in one entry of a parameter or of x.

    Parameters
    ----------
    loss : Loss
        Decides whether S is a named quantity or a constant.
    residual_fixed : bool
        Treat r as constant: what is then left of ∇²L is F, the part with ∇²f.

    Returns
    -------
    callable
        (atom, variable) → terms.
    """

    def rule(factor: Atom, variable: Atom) -> list[Term]:
        name, indices = factor.name, factor.indices
        if name == variable.name:
            pairs = zip(indices, variable.indices, strict=True)
            return [one(*(Atom("delta", pair) for pair in pairs))]
        if name in _ACTIVATION:
            raised = Atom(f"s{int(name[1]) + 1}", indices)
            return product([one(raised)], slope(preactivation(*indices), variable))
        if name == "f":
            return slope(output(*indices), variable)
        if name == "ell":
            c = fresh("c")
            outer = one(Atom("r", (*indices, c)))
            return summed(product([outer], rule(Atom("f", (*indices, c)), variable)), c)
        if name == "r" and not residual_fixed:
            (i, c), e = indices, fresh("c")
            S = output_hessian(loss, i, c, e)
            return summed(product([S], rule(Atom("f", (i, e)), variable)), e)
        return []

    def slope(terms: list[Term], variable: Atom) -> list[Term]:
        return derivative(terms, variable, rule)

    return rule


def gradient(loss: Loss, block: str) -> list[Term]:
    """∂L/∂θ for one entry of a block."""
    return derivative(mean_loss(), row(block), chain_rule(loss))


def input_jacobian(loss: Loss) -> list[Term]:
    """∂f_c(x_i)/∂x_ij."""
    f = [one(Atom("f", ("i", "c")))]
    return derivative(f, Atom("x", ("i", "j")), chain_rule(loss))
