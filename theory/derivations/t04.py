r"""T04: the spectrum of G through the NTK Gram matrix, for any σ, n, d, m and C.

S_i is positive semi-definite, so S_i = R_i R_iᵀ. With B_{(i,q),θ} = Σ_c R_icq J_ic,θ / √n,

    G = BᵀB,    (1/n) K_S = BBᵀ,    K_S = blkdiag(R)ᵀ J Jᵀ blkdiag(R),

of which R = S^{1/2} is one case; what follows for spectra, traces and ranks is classical.
"""

from functools import partial

from sympy import Expr, sqrt

from .. import symbols
from ..derivation import Derivation, Step
from ..gauss_newton import gauss_newton, ntk_gram
from ..gradient import BLOCKS, INDICES, chain_rule, column, row
from ..hessian import hessian, residual_hessian
from ..indexed import (
    Atom,
    Term,
    collected,
    derivative,
    fresh,
    one,
    product,
    substituted,
    summed,
)
from ..lemmas import (
    COURANT_FISCHER,
    FACTORED,
    GRAM_SPECTRA,
    RANK_OF_PRODUCT,
    SORTED,
    SQUARE_ROOT,
)
from ..losses import Loss
from ..rules import factor, identity, lemma, minus
from .along import PAIRS, Direction, applied, paired, trace
from .curvature import (
    SOFTMAX,
    SQUARED,
    logistic_sign,
    softmax_form,
    softmax_formula,
)

__all__ = ["DERIVATION", "steps"]

ANY = SOFTMAX
"""A loss whose S is left as the letter S: what is shown with it holds for all."""


def jacobian(i: str, c: str, variable: Atom) -> list[Term]:
    """∂f_ic/∂θ, for one entry of a parameter."""
    return derivative([one(Atom("f", (i, c)))], variable, chain_rule(SQUARED))


def remainder(loss: Loss, rows: str, columns: str) -> list[Term]:
    """H - G - F."""
    parts = [*gauss_newton(loss, rows, columns), *residual_hessian(loss, rows, columns)]
    return minus(hessian(loss, rows, columns), parts)


def rows_of_factor(i: str, q: str, variable: Atom, scale: Expr) -> list[Term]:
    """B_{(i,q),θ}."""
    c = fresh("c")
    R = Term(scale, (Atom("R", (i, c, q)),))
    return summed(product([R], jacobian(i, c, variable)), c)


def gram(rows: str, columns: str, *, scale: Expr | None = None) -> list[Term]:
    """(BᵀB) in the block (rows, columns)."""
    scale = 1 / sqrt(symbols.n) if scale is None else scale
    left = rows_of_factor("i", "c", row(rows).renamed({"c": "c0"}), scale)
    right = rows_of_factor("i", "c", column(columns), scale)
    return substituted(summed(product(left, right), "i", "c"), {"c0": "c"})


def factored(terms: list[Term]) -> list[Term]:
    """S_ice as Σ_q R_icq R_ieq."""
    total: list[Term] = []
    for term in terms:
        curvatures = [atom for atom in term.atoms if atom.name == "S"]
        rest = [Term(term.coefficient, _without(term, curvatures))]
        for S in curvatures:
            i, c, e = S.indices
            q = fresh("c")
            rest = product(
                rest, [one(Atom("R", (i, c, q)), Atom("R", (i, e, q)), bound=(q,))]
            )
        total += summed(rest, *term.bound)
    return collected(total)


def _without(term: Term, gone: list[Atom]) -> tuple[Atom, ...]:
    return tuple(atom for atom in term.atoms if atom not in gone)


def factored_ggn(rows: str, columns: str) -> list[Term]:
    """G with S = RRᵀ, less BᵀB."""
    return minus(factored(gauss_newton(ANY, rows, columns)), gram(rows, columns))


def weighted_gram() -> list[Term]:
    """(K_S)_{(i,q),(i',q')} = Σ_ce R_icq K_{(i,c),(i',e)} R_i'eq'."""
    K = substituted(ntk_gram(SQUARED), {"c": "c0", "c'": "c0'"})
    left, right = one(Atom("R", ("i", "c0", "c"))), one(Atom("R", ("i'", "c0'", "c'")))
    return summed(product(product([left], [right]), K), "c0", "c0'")


def outer() -> list[Term]:
    """(BBᵀ)_{(i,q),(i',q')}."""
    total: list[Term] = []
    scale = 1 / sqrt(symbols.n)
    for block in BLOCKS:
        variable = Atom(block, tuple(fresh(index) for index in INDICES[block]))
        left = rows_of_factor("i", "c", variable, scale)
        right = rows_of_factor("i'", "c'", variable, scale)
        total += summed(product(left, right), *variable.indices)
    return collected(total)


def mean(terms: list[Term]) -> list[Term]:
    """1/n times terms."""
    return product([Term(1 / symbols.n, ())], terms)


def gram_trace() -> list[Term]:
    """tr K_S / n."""
    diagonal = substituted(weighted_gram(), {"i'": "i", "c'": "c"})
    return mean(summed(diagonal, "i", "c"))


def ones() -> list[Term]:
    """(S 1)_c of softmax = p_c - p_c Σ_e p_e."""
    p = one(Atom("p", ("i", "c")))
    total = summed([one(Atom("p", ("i", "c'")))], "c'")
    return minus([p], product([p], total))


def inner_product() -> list[Term]:
    """x̃_i·x̃_i'."""
    both = one(Atom("x", ("i", "j")), Atom("x", ("i'", "j")))
    return [*summed([both], "j"), one()]


def closed_gram() -> list[Term]:
    """(x̃_i·x̃_i') Σ_k A_ck A_c'k σ'_ik σ'_i'k + δ_cc' (Σ_k σ_ik σ_i'k + 1)."""
    slopes = one(
        Atom("A", ("c", "k")),
        Atom("A", ("c'", "k")),
        Atom("s1", ("i", "k")),
        Atom("s1", ("i'", "k")),
    )
    hidden = one(Atom("s0", ("i", "k")), Atom("s0", ("i'", "k")))
    same = [one(Atom("delta", ("c", "c'")))]
    return [
        *product(inner_product(), summed([slopes], "k")),
        *product(same, [*summed([hidden], "k"), one()]),
    ]


def closed_trace(constant: Expr = symbols.C) -> list[Term]:
    """(1/n) Σ_i ‖x̃_i‖² Σ_k ‖a_k‖² σ'_ik² + C (1/n) Σ_i ‖σ(z_i)‖² + C."""
    A, s1, s0 = Atom("A", ("c", "k")), Atom("s1", ("i", "k")), Atom("s0", ("i", "k"))
    norms = substituted(inner_product(), {"i'": "i"})
    slopes = summed(product([one(A, A, s1, s1)], norms), "i", "k", "c")
    hidden = summed([Term(symbols.C, (s0, s0))], "i", "k")
    return [*mean([*slopes, *hidden]), Term(constant, ())]


def on_output_bias() -> Direction:
    """(0, …, 0, 1_C/√C)."""
    return {
        "W": lambda _: [],
        "b": lambda _: [],
        "A": lambda _: [],
        "c": lambda _: [Term(1 / sqrt(symbols.C), ())],
    }


def rayleigh() -> list[Term]:
    """vᵀGv."""
    v = on_output_bias()
    return paired(lambda rows: applied(partial(gauss_newton, SQUARED), rows, v), v)


def unit() -> list[Term]:
    """vᵀv."""
    v = on_output_bias()
    return paired(lambda block: v[block](row(block)), v)


def semidefinite(claim: str) -> tuple[Step, ...]:
    """S_i has a square root, for each loss."""
    return (
        *softmax_formula(claim),
        lemma(
            claim, "softmax: S_i has a square root", SQUARE_ROOT, softmax_form(claim)
        ),
        lemma(
            claim, "logistic: S_i has a square root", SQUARE_ROOT, logistic_sign(claim)
        ),
        identity(
            claim,
            "squared loss: S_i = I, so that nG = JᵀJ",
            *(partial(squared_ggn, *pair) for pair in PAIRS),
        ),
    )


def squared_ggn(rows: str, columns: str) -> list[Term]:
    """n G - JᵀJ for the squared loss."""
    left = jacobian("i", "c1", row(rows))
    right = jacobian("i", "c1", column(columns))
    whole = product([Term(symbols.n, ())], gauss_newton(SQUARED, rows, columns))
    return minus(whole, summed(product(left, right), "i", "c1"))


def as_gram(claim: str) -> Step:
    """G = BᵀB."""
    return identity(
        claim,
        "G = BᵀB with B_{(i,q)} = Σ_c R_icq J_ic / √n, S_i = R_i R_iᵀ",
        *(partial(factored_ggn, *pair) for pair in PAIRS),
    )


def spectra(claim: str) -> Step:
    """What BᵀB and BBᵀ share."""
    return lemma(
        claim,
        "G and K_S / n have the same eigenvalues other than 0, and none is negative",
        GRAM_SPECTRA,
        as_gram(claim),
        identity(claim, "K_S / n = BBᵀ", lambda: minus(mean(weighted_gram()), outer())),
    )


def steps() -> Derivation:
    """The derivation."""
    return Derivation(
        theorem="T04",
        proves=("a.1", "a.2", "b.1", "b.2", "c", "d.1", "d.2", "e", "f"),
        steps=(
            identity(
                "a", "H = G + F", *(partial(remainder, ANY, *pair) for pair in PAIRS)
            ),
            factor(
                "a",
                "F vanishes with r",
                "r",
                *(partial(residual_hessian, ANY, *pair) for pair in PAIRS),
            ),
            identity(
                "a",
                "squared loss: nG = JᵀJ",
                *(partial(squared_ggn, *pair) for pair in PAIRS),
            ),
            *semidefinite("b"),
            spectra("b"),
            identity(
                "b",
                "tr G = tr K_S / n",
                lambda: minus(
                    factored(trace(partial(gauss_newton, ANY))), gram_trace()
                ),
            ),
            lemma(
                "c",
                "rank G <= min(p, nC), since B has nC rows (logistic: n)",
                RANK_OF_PRODUCT,
                as_gram("c"),
            ),
            lemma(
                "c",
                "softmax: S_i 1 = 0, so R_i may have C - 1 columns",
                FACTORED,
                softmax_form("c"),
                identity("c", "p_c - p_c Σ_e p_e = 0", ones, simplex=True),
            ),
            lemma(
                "c",
                "softmax: rank G <= min(p, n(C - 1)), with that R",
                RANK_OF_PRODUCT,
                as_gram("c"),
            ),
            identity(
                "d",
                "K_{(i,c),(j,e)} by differentiating f",
                lambda: minus(ntk_gram(ANY), closed_gram()),
            ),
            identity(
                "d",
                "squared loss: tr G by differentiating f",
                lambda: minus(trace(partial(gauss_newton, SQUARED)), closed_trace()),
            ),
            lemma("e", "λ_j(G) <= tr G / j", SORTED, spectra("e")),
            lemma(
                "f",
                "λ_1(G) >= 1",
                COURANT_FISCHER,
                identity(
                    "f",
                    "squared loss: vᵀGv = 1 for v = (0, …, 0, 1_C/√C)",
                    lambda: minus(rayleigh(), [one()]),
                ),
                identity("f", "vᵀv = 1", lambda: minus(unit(), [one()])),
            ),
        ),
    )


DERIVATION = steps()
