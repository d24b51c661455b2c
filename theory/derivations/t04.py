r"""T04: the spectrum of G through the NTK Gram matrix, for any σ, n, d, m and C.

The identities are those of `gram`; what follows from them for spectra, traces and ranks
is classical.
"""

from functools import partial

from sympy import Integer, Symbol

from ..derivation import Derivation, Step
from ..gauss_newton import gauss_newton, ntk_gram
from ..hessian import residual_hessian
from ..indexed import Atom, one
from ..lemmas import (
    COURANT_FISCHER,
    FACTORED,
    GRAM_SPECTRA,
    INDEPENDENT,
    RANK_OF_PRODUCT,
    SORTED,
    SQUARE_ROOT,
    SYMMETRIC_SPECTRUM,
    TENSOR_SPACES,
)
from ..losses import LOSSES
from ..rules import Square, factor, identity, lemma, minus, polynomial, sign, squares
from .along import PAIRS, direction, trace
from .curvature import SQUARED, logistic_sign, softmax_form, softmax_formula
from .gram import (
    ANY,
    along_gradients,
    closed_gram,
    closed_trace,
    factored,
    factored_ggn,
    form,
    gram_trace,
    grouped_ggn,
    in_target,
    inner_columns,
    mean,
    ones,
    outer,
    outer_columns,
    rayleigh,
    remainder,
    squared_ggn,
    transposed_ggn,
    transposed_gram,
    unit,
    weighted_gram,
)
from .moved import homogeneous
from .t10 import homogeneity, null_direction, overlap

__all__ = ["DERIVATION", "steps"]


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


def spectral(claim: str) -> Step:
    """G is symmetric, with what follows."""
    return lemma(
        claim,
        "the rank of G is the number of its eigenvalues other than 0, ‖G‖_F² the sum"
        " of their squares, ‖G‖ the largest",
        SYMMETRIC_SPECTRUM,
        identity(
            claim, "G is symmetric", *(partial(transposed_ggn, *pair) for pair in PAIRS)
        ),
    )


def label_free(claim: str) -> Step:
    """∂S/∂t = 0."""
    return polynomial(
        claim,
        "S_i depends on f(x_i) alone, not on y_i, for each loss",
        *(slope for loss in LOSSES.values() for slope in in_target(loss)),
    )


def interpolation() -> tuple[Step, ...]:
    """(a)."""
    return (
        identity("a", "H = G + F", *(partial(remainder, ANY, *pair) for pair in PAIRS)),
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
        squares(
            "a",
            "squared loss: n vᵀGv = Σ_ic (J_ic v)² >= 0, and H = G where r = 0",
            form,
            lambda: (
                Square(
                    coefficient=Integer(1),
                    weights=(),
                    form=along_gradients(direction("v")),
                    over=("i", "c"),
                ),
            ),
        ),
    )


def gram_matrix() -> tuple[Step, ...]:
    """(b)."""
    return (
        *semidefinite("b"),
        spectra("b"),
        identity(
            "b",
            "tr G = tr K_S / n",
            lambda: minus(factored(trace(partial(gauss_newton, ANY))), gram_trace()),
        ),
        spectral("b"),
        lemma(
            "b",
            "‖K_S / n‖_F² is the sum of the squares of the same eigenvalues, ‖K_S / n‖"
            " the largest: zeros change neither",
            SYMMETRIC_SPECTRUM,
            identity("b", "K_S is symmetric", transposed_gram),
        ),
    )


def ranks() -> tuple[Step, ...]:
    """(c)."""
    return (
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
        spectral("c"),
        spectra("c"),
        label_free("c"),
        lemma(
            "c",
            "rank G <= NC (softmax: N(C - 1)): equal inputs have equal J_i, S_i and R_i,"
            " so N row blocks are enough",
            RANK_OF_PRODUCT,
            identity(
                "c",
                "G = Σ_g (n_g/n) J_gᵀS_gJ_g = BᵀB with B_{(g,q)} = √(n_g/n) Σ_c R_gcq J_gc,"
                " g one of each group of n_g samples with equal inputs",
                *(partial(grouped_ggn, *pair) for pair in PAIRS),
            ),
        ),
        homogeneity("c"),
        lemma(
            "c",
            "piecewise-linear σ: nullity J >= #{k: v_k ≠ 0} = #{k: (w̃_k, a_k) ≠ 0}",
            INDEPENDENT,
            identity(
                "c",
                "J v_k = 0, v_k = w̃_k and -a_k on unit k",
                lambda: homogeneous(along_gradients(null_direction())),
            ),
            factor("c", "v_k·v_q holds δ_kq", Atom("delta", ("k0", "k1")), overlap),
        ),
        lemma(
            "c",
            "m + 1 <= n: rank J <= C(m + 1) + min(m, C)(n - m - 1)",
            TENSOR_SPACES,
            identity(
                "c",
                "∂f_ic/∂A_c'k = δ_cc' σ_ik and ∂f_ic/∂c_c' = δ_cc': e_c' times one of m + 1"
                " vectors, (σ_ik)_i and (1)_i",
                partial(outer_columns, "A"),
                partial(outer_columns, "c"),
            ),
            identity(
                "c",
                "∂f_ic/∂W_kj = A_ck (σ'_ik x_ij) and ∂f_ic/∂b_k = A_ck σ'_ik: one of m"
                " vectors a_k times another",
                partial(inner_columns, "W"),
                partial(inner_columns, "b"),
            ),
        ),
    )


def closed_forms() -> tuple[Step, ...]:
    """(d)."""
    return (
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
    )


def extremes() -> tuple[Step, ...]:
    """(e) and (f)."""
    j, beyond = Symbol("j", positive=True), Symbol("delta", nonnegative=True)
    t = Symbol("t", positive=True)
    return (
        lemma("e", "λ_j(G) <= tr G / j", SORTED, spectra("e")),
        sign(
            "e",
            "if j eigenvalues reach t > 0, λ_j = t + δ with δ >= 0: jt <= jλ_j <= tr G",
            j * (t + beyond) - j * t,
        ),
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
    )


def steps() -> Derivation:
    """The derivation."""
    return Derivation(
        theorem="T04",
        proves=(
            *("a.1", "a.2", "a.3", "b.1", "b.2", "b.3", "b.4"),
            *("c.1", "c.2", "c.3", "c.4", "c.5", "c.6"),
            *("d.1", "d.2", "e.1", "e.2", "f"),
        ),
        steps=(
            *interpolation(),
            *gram_matrix(),
            *ranks(),
            *closed_forms(),
            *extremes(),
        ),
    )


DERIVATION = steps()
