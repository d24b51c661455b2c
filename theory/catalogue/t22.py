"""T22: how sharp the certified spurious minima are, beside the global ones."""

from typing import Any

from ..theorems import Claim, Mutant, Theorem, Witness
from ..worlds import WorldExample
from . import t21_sides as sides
from .laws import changed, law_of

__all__ = ["T22"]


def _claim(label: str, statement: str, form: Any, **keywords: Any) -> Claim:
    law = law_of(sides.SPURIOUS, form, "<=", **keywords)
    return Claim(label=label, statement=statement, law=law)


_CLAIMS = (
    _claim(
        "a.1",
        r"$\nabla^2L(W) \preceq \lambda_+I$ for $W \in B$:"
        r" $D^2L(W)[T,T] \le \lambda_+\|T\|_F^2$",
        sides.sharpest_sides,
    ),
    _claim(
        "a.2",
        r"$\lambda_{\max}(\nabla^2L(W^*)) \le"
        r" \lambda_{\max}(\nabla^2L(I_k))-\frac{1}{40}$",
        sides.flatter_sides,
    ),
    _claim(
        "a.3",
        r"$\lambda_{\min}(\nabla^2L(W^*)) \le"
        r" \lambda_{\min}(\nabla^2L(I_k))-\frac{1}{20}$",
        sides.least_below_sides,
    ),
    _claim(
        "b.1",
        r"$|L(W^*)-L_k| \le 5\cdot10^{-7}$ with $L_k$ of the table",
        sides.table_sides,
        column=0,
    ),
    _claim(
        "b.2",
        r"$|\lambda_{\min}-\lambda_{\min,k}| \le 5\cdot10^{-7}$",
        sides.table_sides,
        column=1,
    ),
    _claim(
        "b.3",
        r"$|\lambda_{\max}-\lambda_{\max,k}| \le 5\cdot10^{-7}$",
        sides.table_sides,
        column=2,
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}


def _mutant(name: str, label: str, form: Any, **keywords: Any) -> Mutant:
    return Mutant(name=name, claim=changed(_CLAIM[label], form, **keywords))


_MUTANTS = (
    _mutant("0.99 λ_+ in (a.1)", "a.1", sides.sharpest_sides, hundredths=99),
    _mutant("the spurious minimum is the sharper", "a.2", sides.sharper_sides),
    _mutant("1/20 in place of 1/40 in (a.2)", "a.2", sides.flatter_sides, gap=20),
    _mutant("1/10 in place of 1/20 in (a.3)", "a.3", sides.least_below_sides, gap=10),
    _mutant("L of another k in (b.1)", "b.1", sides.table_sides, column=0, other=1),
    _mutant("λ_min of another k in (b.2)", "b.2", sides.table_sides, column=1, other=1),
    _mutant("λ_max of another k in (b.3)", "b.3", sides.table_sides, column=2, other=1),
)

_SIX = WorldExample(world=sides.SPURIOUS, values={"k": 6, "along": "highest"})
"""k = 6, along the eigenvector of the largest eigenvalue."""

_ROWS = "; ".join(
    f"{k}: " + ", ".join(f"${entry}$" for entry in row)
    for k, row in sides.TABLE.items()
)

T22 = Theorem(
    id="T22",
    title="Spurious minima are less sharp than global ones here",
    topic="population",
    statement=r"At the spurious minimum $W^*$ of T21, $k$ from 6 to 12, the largest"
    r" eigenvalue of $\nabla^2L$ is smaller than at the global minimum $I_k$, where it is"
    r" known from T19, and so is the least. Sharpness, by either, does not tell the bad"
    r" minimum from the good one. $k$: $L_k$, $\lambda_{\min,k}$, $\lambda_{\max,k}$ are, to"
    rf" six decimals, {_ROWS}. There may be other spurious minima: these are those"
    r" that `landtheory certify` finds from seed 0.",
    hypotheses=(
        r"$x \sim N(0, I_k)$, ReLU, second layers of ones, no biases",
        r"$d = k$, $V = I_k$, $6 \le k \le 12$; $W^*$ and $B$ are those of T21",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a.1) Elimination in balls of $\lambda_+I-H(B)$, with $H(B)$ the enclosure of"
    r" $\nabla^2L$ on $B$, has positive pivots only, as in T21(c). (a.2) So"
    r" $\lambda_{\max}(\nabla^2L(W^*)) \le \lambda_+$; T19(c.2) is the other side. (a.3)"
    r" $\lambda_{\min}$ is at most the Rayleigh quotient of any vector: the certificate"
    r" encloses it on $B$ for one, and T19(c.1) says $\lambda_{\min}(\nabla^2L(I_k)) ="
    r" \frac{1}{4}-\frac{1}{2\pi}$. (b) The bounds of the certificate, from pivots on one"
    r" side and Rayleigh quotients on the other, lie within $5\cdot10^{-7}$ of the"
    r" table's numbers.",
    source="derived here; minima of Safran and Shamir (2018)",
    uses=("T19", "T21"),
    witnesses=(
        Witness(
            labels=("a.1",),
            note="k = 6, along the eigenvector: the bound holds 20 digits",
            example=_SIX,
            ratio=0.9999999,
        ),
        Witness(
            labels=("a.2", "a.3"),
            note="k = 12",
            example=_SIX.but(k=12),
            ratio=0.98,
        ),
    ),
)
