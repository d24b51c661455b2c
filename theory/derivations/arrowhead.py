r"""∇²f_o of one output at one sample, found by differentiating f twice, in index notation.

For any σ, any n, d, m and C: applied to an arbitrary vector v, with
p_k = Σ_j v_{W,kj} x_ij + v_{b,k} = v_{w̃,k}·x̃_i,

    (∇²f_o v)_{w̃,k} = (A_ok σ''_ik p_k + σ'_ik v_{A,ok}) x̃_i,
    (∇²f_o v)_{A,ck} = δ_co σ'_ik p_k,      (∇²f_o v)_c = 0.

Some parameters may be struck out: the biases, or the second layer.
"""

from functools import cache

from sympy import Integer

from ..gradient import BLOCKS, chain_rule, column, row
from ..indexed import (
    Atom,
    Term,
    collected,
    derivative,
    one,
    product,
    substituted,
    summed,
)
from ..losses import get_loss
from ..rules import minus
from .along import Direction, direction

__all__ = [
    "OUT",
    "WITHOUT_BIASES",
    "WITHOUT_OUTPUT_WEIGHTS",
    "V",
    "asymmetry",
    "expected_gradient",
    "expected_rows",
    "frobenius",
    "frozen_rows",
    "gradient",
    "hessian",
    "in_span",
    "kept",
    "norm",
    "off_span",
    "quadratic_form",
    "span_rows",
    "squared_entries",
]

OUT = "c0"
"""The output o."""

_RULE = chain_rule(get_loss("squared"))
_F = [one(Atom("f", ("i", OUT)))]

V = direction("v")

WITHOUT_BIASES = ("W", "A", "c")
WITHOUT_OUTPUT_WEIGHTS = ("W", "b", "c")
"""What is left when some parameters are struck out."""


def kept(v: Direction, blocks: tuple[str, ...]) -> Direction:
    """v with 0 for the parameters that are struck out."""
    return {block: v[block] if block in blocks else lambda _: [] for block in BLOCKS}


def gradient(block: str) -> list[Term]:
    """∂f_o/∂θ."""
    return derivative(_F, row(block), _RULE)


@cache
def hessian(rows: str, columns: str) -> list[Term]:
    """∂²f_o/∂θ∂θ."""
    return derivative(gradient(rows), column(columns), _RULE)


def expected_gradient(block: str) -> list[Term]:
    """A_ok σ'_ik x̃_i, σ_ik e_o and e_o."""
    slope = (Atom("A", (OUT, "k")), Atom("s1", ("i", "k")))
    here = Atom("delta", ("c", OUT))
    return {
        "W": [one(*slope, Atom("x", ("i", "j")))],
        "b": [one(*slope)],
        "A": [one(here, Atom("s0", ("i", "k")))],
        "c": [one(here)],
    }[block]


def along_input(v: Direction = V) -> list[Term]:
    """p_k = v_{w̃,k}·x̃_i."""
    weights = product(v["W"](row("W")), [one(Atom("x", ("i", "j")))])
    return collected([*summed(weights, "j"), *v["b"](row("b"))])


def on_weights() -> list[Term]:
    """A_ok σ''_ik p_k + σ'_ik v_{A,ok}."""
    curved = one(Atom("A", (OUT, "k")), Atom("s2", ("i", "k")))
    straight = one(Atom("s1", ("i", "k")), Atom("vA", (OUT, "k")))
    return [*product([curved], along_input()), straight]


def expected_rows(rows: str) -> list[Term]:
    """∇²f_o v at the rows of one parameter."""
    here = one(Atom("delta", ("c", OUT)), Atom("s1", ("i", "k")))
    return {
        "W": product(on_weights(), [one(Atom("x", ("i", "j")))]),
        "b": on_weights(),
        "A": product([here], along_input()),
        "c": [],
    }[rows]


def quadratic_form(twice: int = 2) -> list[Term]:
    """Σ_k A_ok σ''_ik p_k² + 2 σ'_ik p_k v_{A,ok}."""
    curved = one(Atom("A", (OUT, "k")), Atom("s2", ("i", "k")))
    mixed = Term(Integer(twice), (Atom("s1", ("i", "k")), Atom("vA", (OUT, "k"))))
    square = product([curved], product(along_input(), along_input()))
    return summed([*square, *product([mixed], along_input())], "k")


def norm(*, bias: bool = True) -> list[Term]:
    """N = Σ_j x_ij² + 1, without the 1 if there are no biases."""
    x = Atom("x", ("i", "j"))
    return [*summed([one(x, x)], "j"), *([one()] if bias else [])]


def in_span() -> Direction:
    """(β_k x̃_i, γ_k) on neuron k, for output o."""
    return {
        "W": lambda at: [
            one(Atom("beta", at.indices[:1]), Atom("x", ("i", at.indices[1])))
        ],
        "b": lambda at: [one(Atom("beta", at.indices))],
        "A": lambda at: [
            one(Atom("delta", (at.indices[0], OUT)), Atom("gamma", at.indices[1:]))
        ],
        "c": lambda _: [],
    }


def span_rows(rows: str, *, bias: bool = True) -> list[Term]:
    """((A_ok σ''_ik N β_k + σ'_ik γ_k) x̃_i, σ'_ik N β_k)."""
    beta, slope = Atom("beta", ("k",)), Atom("s1", ("i", "k"))
    N = norm(bias=bias)
    curved = one(Atom("A", (OUT, "k")), Atom("s2", ("i", "k")), beta)
    along = [*product([curved], N), one(slope, Atom("gamma", ("k",)))]
    across = product([one(Atom("delta", ("c", OUT)), slope, beta)], N)
    return {
        "W": product(along, [one(Atom("x", ("i", "j")))]),
        "b": along,
        "A": across,
        "c": [],
    }[rows]


def frozen_rows(rows: str) -> list[Term]:
    """A_ok σ''_ik N β_k x̃_i."""
    bend = (Atom("A", (OUT, "k")), Atom("s2", ("i", "k")), Atom("beta", ("k",)))
    along = product([one(*bend)], norm())
    return {
        "W": product(along, [one(Atom("x", ("i", "j")))]),
        "b": along,
        "c": [],
    }[rows]


def squared_entries() -> list[Term]:
    """Σ of the squares of all entries of ∇²f_o."""
    total: list[Term] = []
    for rows in BLOCKS:
        for columns in BLOCKS:
            indices = (*row(rows).indices, *column(columns).indices)
            entry = hessian(rows, columns)
            total += summed(product(entry, entry), *indices)
    return collected(total)


def frobenius(twice: int = 2) -> list[Term]:
    """Σ_k A_ok² σ''_ik² N² + 2 σ'_ik² N."""
    bend = (Atom("A", (OUT, "k")), Atom("s2", ("i", "k")))
    slope = Atom("s1", ("i", "k"))
    curved = product([one(*bend, *bend)], product(norm(), norm()))
    straight = product([Term(Integer(twice), (slope, slope))], norm())
    return summed([*curved, *straight], "k")


def off_span(blocks: tuple[str, ...] = BLOCKS) -> Direction:
    """Any vector orthogonal to (x̃, 0) and (0, 1) of every neuron, times N > 0."""
    v = kept(V, blocks)
    N = norm(bias="b" in blocks)

    def at(k: str) -> list[Term]:
        return substituted(along_input(v), {"k": k})

    def weights(entry: Atom) -> list[Term]:
        k, j = entry.indices
        along = product([one(Atom("x", ("i", j)))], at(k))
        return minus(product(v["W"](entry), N), along)

    def biases(entry: Atom) -> list[Term]:
        return minus(product(v["b"](entry), N), at(entry.indices[0]))

    def outputs(entry: Atom) -> list[Term]:
        c, k = entry.indices
        own = product([one(Atom("delta", (c, OUT)))], v["A"](Atom("A", (OUT, k))))
        return minus(v["A"](entry), own)

    every = {"W": weights, "b": biases, "A": outputs, "c": V["c"]}
    return kept(every, blocks)


def asymmetry(rows: str, columns: str) -> list[Term]:
    """The block (rows, columns) less the transpose of (columns, rows)."""
    there = {index: f"{index}'" for index in row(columns).indices}
    back = {index: index.removesuffix("'") for index in column(rows).indices}
    across = substituted(hessian(columns, rows), {**there, **back})
    return minus(hessian(rows, columns), across)
