"""The Gauss-Newton matrix, the Fisher information and the NTK Gram matrix.

Three ways to multiply the Jacobian J[(i,c), θ] = ∂f_ic/∂θ with itself:

    G = (1/n) Σ_i Σ_ce S_ice J_icᵀ J_ie,     K = J Jᵀ,
    Fisher = (1/n) Σ_i E[g gᵀ],  g = Σ_c (p_ic - t_c) J_icᵀ,

where t is drawn from the model at x_i, whose mean is p_ic = r_ic + y_ic: a Gaussian of
unit covariance (squared), a coin (logistic), one of C labels, written as an indicator
(softmax). The Fisher information is found by taking that expectation, not from G.
"""

from collections.abc import Iterable

from sympy import Expr, Integer, Symbol, diff, exp

from . import symbols
from .gradient import BLOCKS, INDICES, chain_rule, column, output_hessian, row
from .indexed import Atom, Term, collected, derivative, fresh, one, product, summed
from .losses import Loss

__all__ = ["fisher", "gauss_newton", "ntk_gram"]


def gauss_newton(loss: Loss, rows: str, columns: str) -> list[Term]:
    """G = (1/n) Σ_i J_iᵀ S_i J_i: one entry of the block (rows, columns)."""
    i, c, e = fresh("i"), fresh("c"), fresh("c")
    S = output_hessian(loss, i, c, e)
    right = product(
        _jacobian(loss, i, c, row(rows)), _jacobian(loss, i, e, column(columns))
    )
    return summed(product([Term(S.coefficient / symbols.n, S.atoms)], right), i, c, e)


def fisher(loss: Loss, rows: str, columns: str) -> list[Term]:
    """(1/n) Σ_i E[g gᵀ] over the model: one entry of the block (rows, columns)."""
    i, c, e = fresh("i"), fresh("c"), fresh("c")
    left = product(_score(i, c), _jacobian(loss, i, c, row(rows)))
    right = product(_score(i, e), _jacobian(loss, i, e, column(columns)))
    squares = product([Term(1 / symbols.n, ())], product(left, right))
    return summed(_expectation(loss, squares), i, c, e)


def ntk_gram(loss: Loss) -> list[Term]:
    """K_(i,c),(i',c') = Σ_θ ∂f_ic/∂θ ∂f_i'c'/∂θ."""
    total: list[Term] = []
    for block in BLOCKS:
        variable = Atom(block, tuple(fresh(index) for index in INDICES[block]))
        left = _jacobian(loss, "i", "c", variable)
        right = _jacobian(loss, "i'", "c'", variable)
        total += summed(product(left, right), *variable.indices)
    return collected(total)


def _jacobian(loss: Loss, i: str, c: str, variable: Atom) -> list[Term]:
    return derivative([one(Atom("f", (i, c)))], variable, chain_rule(loss))


def _score(i: str, c: str) -> list[Term]:
    """p_ic - t_ic, with t the target that is drawn."""
    drawn = Term(Integer(-1), (Atom("t", (i, c)),))
    return [one(Atom("p", (i, c))), drawn]


def _expectation(loss: Loss, terms: Iterable[Term]) -> list[Term]:
    result = []
    for term in terms:
        drawn = [atom for atom in term.atoms if atom.name == "t"]
        rest = tuple(atom for atom in term.atoms if atom.name != "t")
        kept = Term(term.coefficient, rest, term.bound)
        result += product([kept], _moment(loss, drawn))
    return result


def _moment(loss: Loss, drawn: list[Atom]) -> list[Term]:
    """E[Π t_c] for at most two factors, at one sample."""
    means = tuple(Atom("p", atom.indices) for atom in drawn)
    if len(drawn) < 2:
        return [one(*means)]
    (_, c), (_, e) = (atom.indices for atom in drawn)
    same = Atom("delta", (c, e))
    if loss.targets == "real":
        # t = p + ξ with independent ξ_c of mean 0: E[t_c t_e] = p_c p_e + δ_ce E[ξ²]
        return [one(*means), Term(_gaussian_variance(), (same,))]
    # an indicator: t_c t_e = δ_ce t_c
    return [one(same, means[0])]


def _gaussian_variance() -> Expr:
    """E[ξ²] of a standard normal, from its moment generating function exp(s²/2)."""
    s = Symbol("s")
    return diff(exp(s**2 / 2), s, 2).subs(s, 0)
