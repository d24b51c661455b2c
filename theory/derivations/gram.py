r"""Gram matrices of the rows of the Jacobian, in index notation.

S_i is positive semi-definite, so S_i = R_i R_iᵀ. With B_{(i,q),θ} = Σ_c R_icq J_ic,θ / √n,

    G = BᵀB,    (1/n) K_S = BBᵀ,    K_S = blkdiag(R)ᵀ J Jᵀ blkdiag(R),

of which R = S^{1/2} is one case.
"""

from functools import partial

from sympy import Expr, Integer, diff, sqrt

from .. import symbols
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
from ..losses import NORMALISER, Loss
from ..rules import minus
from ..symbols import TARGET
from .along import Direction, applied, direction, paired
from .curvature import SOFTMAX, SQUARED

__all__ = [
    "ANY",
    "ROOT",
    "along_gradients",
    "closed_gram",
    "closed_trace",
    "factored",
    "factored_ggn",
    "form",
    "gram",
    "gram_trace",
    "grouped",
    "grouped_ggn",
    "in_target",
    "inner_columns",
    "inner_product",
    "jacobian",
    "mean",
    "on_output_bias",
    "ones",
    "outer",
    "outer_columns",
    "rayleigh",
    "remainder",
    "rows_of_factor",
    "squared_ggn",
    "transposed_ggn",
    "transposed_gram",
    "unit",
    "weighted_gram",
]

ANY = SOFTMAX
"""A loss whose S is left as the letter S: what is shown with it holds for all."""


def jacobian(i: str, c: str, variable: Atom) -> list[Term]:
    """∂f_ic/∂θ, for one entry of a parameter."""
    return derivative([one(Atom("f", (i, c)))], variable, chain_rule(SQUARED))


def remainder(loss: Loss, rows: str, columns: str) -> list[Term]:
    """H - G - F."""
    parts = [*gauss_newton(loss, rows, columns), *residual_hessian(loss, rows, columns)]
    return minus(hessian(loss, rows, columns), parts)


def squared_ggn(rows: str, columns: str) -> list[Term]:
    """n G - JᵀJ for the squared loss."""
    left = jacobian("i", "c1", row(rows))
    right = jacobian("i", "c1", column(columns))
    whole = product([Term(symbols.n, ())], gauss_newton(SQUARED, rows, columns))
    return minus(whole, summed(product(left, right), "i", "c1"))


def rows_of_factor(
    i: str, q: str, variable: Atom, scale: Expr, *weights: Atom
) -> list[Term]:
    """B_{(i,q),θ}, times weights."""
    c = fresh("c")
    R = Term(scale, (Atom("R", (i, c, q)), *weights))
    return summed(product([R], jacobian(i, c, variable)), c)


def gram(
    rows: str, columns: str, *weights: Atom, scale: Expr | None = None
) -> list[Term]:
    """(BᵀB) in the block (rows, columns)."""
    scale = 1 / sqrt(symbols.n) if scale is None else scale
    left = rows_of_factor("i", "c", row(rows).renamed({"c": "c0"}), scale, *weights)
    right = rows_of_factor("i", "c", column(columns), scale, *weights)
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


ROOT = Atom("v", ("i",))
"""√n_i, where n_i samples have the same input as sample i."""

_OF_THE_INPUT = frozenset(("x", "s0", "s1", "S", "R"))
"""What is the same at equal inputs: σ and σ' at z_i, and the S_i of f_i."""


def grouped(terms: list[Term]) -> list[Term]:
    """Σ_i g(x_i) as Σ_i n_i g(x_i) over different inputs, where g is of the input alone."""
    return [
        Term(term.coefficient, (*term.atoms, *_multiplicity(term)), term.bound)
        for term in terms
    ]


def _multiplicity(term: Term) -> tuple[Atom, ...]:
    """n_i for each sample that is summed over; nothing if other atoms hold one."""
    samples = [index for index in term.bound if index[0] == "i"]
    held = {a.name for a in term.atoms if set(a.indices) & set(samples)}
    if not held <= _OF_THE_INPUT:
        return ()
    return tuple(Atom("v", (i,)) for i in samples for _ in range(2))


def grouped_ggn(rows: str, columns: str) -> list[Term]:
    """G with S = RRᵀ over different inputs, less BᵀB with one row block for each."""
    whole = grouped(factored(gauss_newton(ANY, rows, columns)))
    return minus(whole, gram(rows, columns, ROOT))


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


def transposed_ggn(rows: str, columns: str) -> list[Term]:
    """G, less its transpose."""
    there = {index: f"{index}'" for index in INDICES[columns]}
    back = {f"{index}'": index for index in INDICES[rows]}
    across = substituted(factored(gauss_newton(ANY, columns, rows)), {**there, **back})
    return minus(factored(gauss_newton(ANY, rows, columns)), across)


def transposed_gram() -> list[Term]:
    """K_S, less its transpose."""
    swap = {"i": "i'", "i'": "i", "c": "c'", "c'": "c"}
    return minus(weighted_gram(), substituted(weighted_gram(), swap))


def along_gradients(v: Direction, *, twice: int = 1) -> list[Term]:
    """(J v)_ic."""
    total: list[Term] = []
    for block in BLOCKS:
        at = Atom(block, tuple(fresh(index) for index in INDICES[block]))
        scale = Term(Integer(twice if block == "A" else 1), ())
        along = product([scale], product(jacobian("i", "c", at), v[block](at)))
        total += summed(along, *at.indices)
    return collected(total)


def form() -> list[Term]:
    """n vᵀGv, squared loss."""
    v = direction("v")
    whole = paired(lambda rows: applied(partial(gauss_newton, SQUARED), rows, v), v)
    return product([Term(symbols.n, ())], whole)


def outer_columns(block: str) -> list[Term]:
    """∂f_ic/∂A_c'k - δ_cc' σ_ik, and ∂f_ic/∂c_c' - δ_cc'."""
    variable = column(block).renamed({"k'": "k"})
    same = Atom("delta", ("c", "c'"))
    hidden = (Atom("s0", ("i", "k")),) if block == "A" else ()
    return minus(jacobian("i", "c", variable), [one(same, *hidden)])


def inner_columns(block: str) -> list[Term]:
    """∂f_ic/∂W_kj - A_ck (σ'_ik x_ij), and ∂f_ic/∂b_k - A_ck σ'_ik."""
    inputs = (Atom("x", ("i", "j")),) if block == "W" else ()
    slopes = one(Atom("A", ("c", "k")), Atom("s1", ("i", "k")), *inputs)
    return minus(jacobian("i", "c", row(block)), [slopes])


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


def in_target(loss: Loss) -> list[Expr]:
    """∂/∂t_c of both parts of S, of what N = Σ_c u(f_c, t_c) holds too."""
    curvature, slope = loss.output_hessian_outer
    parts = (curvature * slope**2, loss.output_hessian_diagonal)
    return [diff(part.subs(NORMALISER, loss.inner), TARGET) for part in parts]
