"""T21: certified spurious minima of ReLU networks under Gaussian inputs."""

from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from . import t21_sides as sides
from .laws import changed, law_of

__all__ = ["T21"]


def _claim(label: str, statement: str, form: Any, relation: Any = "<=") -> Claim:
    law = law_of(sides.SPURIOUS, form, relation)
    return Claim(label=label, statement=statement, law=law)


_CLAIMS = (
    _claim(
        "a.1",
        r"$\nabla L$ has exactly one zero in $B$: the certificate is accepted",
        sides.accepted_sides,
        "==",
    ),
    _claim(
        "a.2",
        r"$|\langle\nabla L(W), T\rangle| \le 10^{-30}\|T\|_F$ for $W \in B$",
        sides.criticality_sides,
    ),
    _claim("b.1", r"$L(W) \ge L_-$ for $W \in B$", sides.loss_above_sides),
    _claim("b.2", r"$L(W) \le L_+$ for $W \in B$", sides.loss_below_sides),
    _claim(
        "b.3",
        r"$L_- \ge 1/64$: the critical point is not global",
        sides.loss_floor_sides,
    ),
    _claim(
        "c.1",
        r"$\nabla^2L(W) \succeq \lambda_-I$ for $W \in B$:"
        r" $D^2L(W)[T,T] \ge \lambda_-\|T\|_F^2$",
        sides.definite_sides,
    ),
    _claim(
        "c.2",
        r"$\lambda_- \ge 1/250$: the critical point is a strict local minimum",
        sides.least_above_sides,
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}


def _mutant(name: str, label: str, form: Any, **keywords: Any) -> Mutant:
    return Mutant(name=name, claim=changed(_CLAIM[label], form, **keywords))


_MUTANTS = (
    _mutant(
        "the box of radius 10⁻³ is accepted", "a.1", sides.accepted_sides, radius="1e-3"
    ),
    _mutant("53 bits suffice", "a.1", sides.accepted_sides, precision=53),
    _mutant(
        "L below 1/100 is accepted",
        "a.1",
        sides.accepted_sides,
        loss=("0.001", "0.01"),
    ),
    _mutant(
        "λ_min above 1/20 is accepted",
        "a.1",
        sides.accepted_sides,
        lambda_min=("0.05", "0.06"),
    ),
    _mutant(
        "the centre to 20 digits is as critical",
        "a.2",
        sides.criticality_sides,
        digits=20,
    ),
    _mutant(
        "L ≥ L_- + 10⁻²⁰", "b.1", sides.loss_above_sides, raised=Fraction(1, 10**20)
    ),
    _mutant(
        "L ≤ L_+ - 10⁻²⁰", "b.2", sides.loss_below_sides, lowered=Fraction(1, 10**20)
    ),
    _mutant("L_- ≥ 1/50", "b.3", sides.loss_floor_sides, floor=50),
    _mutant("1.01 λ_- in (c.1)", "c.1", sides.definite_sides, hundredths=101),
    _mutant("λ_- ≥ 1/200", "c.2", sides.least_above_sides, floor=200),
)

_SIX = WorldExample(world=sides.SPURIOUS, values={"k": 6, "along": "lowest"})
"""k = 6, along the eigenvector of the least eigenvalue."""

T21 = Theorem(
    id="T21",
    title="Spurious minima of ReLU networks, certified",
    topic="population",
    statement=r"Let $L$ be the population loss of T18 for ReLU with $d = k$ and the"
    r" teacher $V = I_k$, $k$ from 6 to 12. There is a box $B = \{W: |W_{ij}-C_{ij}|"
    r" \le r\}$, $r \le 10^{-40}$, about a centre $C$ that a search finds, which holds"
    r" exactly one critical point of $L$; it is a strict local minimum, and not global:"
    r" $L > 0 = L(I_k)$ there. The certificate holds $C$, $r$ and bounds $L_\pm$,"
    r" $\lambda_-$, $\lambda_+$ of $L$ and of the eigenvalues of $\nabla^2L$ on $B$;"
    r" `landtheory certify` makes and checks it. Judged are, beside the check of the"
    r" certificate, $L$ and its derivatives in a direction $T$ at drawn points of $B$,"
    r" from series arithmetic that knows neither the gradient nor the Hessian of T18.",
    hypotheses=(
        r"$x \sim N(0, I_k)$, ReLU, second layers of ones, no biases",
        r"$d = k$, $V = I_k$, $6 \le k \le 12$",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"By computation, for each $k$; all enclosures are by ball arithmetic with the"
    r" formulas of T18, so they hold for every $W$ of $B$ at once. Where a row of $W$"
    r" might be 0, or two directions parallel, they are no finite numbers, and the"
    r" check fails. (a) Let $g = \nabla L$, $H(B)$ the enclosure of $\nabla^2L$ on $B$ and"
    r" $Y$ any matrix. The check is $|Yg(C)|+|I-YH(B)|\rho < \rho$, entry by entry, with"
    r" $\rho$ the vector of $k^2$ entries $r$ and $|\cdot|$ the largest absolute values in"
    r" the balls. Then $\varphi(W) = W-Yg(W)$ maps $B$ into its interior, since"
    r" $\varphi(W)-\varphi(C) = (I-YM)(W-C)$ with a mean $M$ of Hessians on $B$, which"
    r" lies in $H(B)$ because a matrix of balls is convex. By Brouwer $\varphi$ has a"
    r" fixed point in $B$. Every $I-YM$ with $M \in H(B)$ has norm below 1 for the"
    r" maximum of the entries, so $YM$ is invertible, $Y$ is, and fixed points are the"
    r" zeros of $g$. Two of them differ by $(I-YM)$ times their difference, hence not at"
    r" all. (a.2) With $W^*$ the zero, $\|W-W^*\|_F \le 2rk$, and the Hessian is at most"
    r" $\lambda_+ < 4$ between them: the slope is below $8rk\|T\|_F$. (b) is the enclosure"
    r" of $L$ on $B$, and $L(I_k) = 0$. (c) Elimination in balls of $H(B)-\lambda_-I$ has"
    r" positive pivots only. The elimination of any symmetric matrix in $H(B)-\lambda_-I$"
    r" has its pivots in these balls, so it is positive definite. With $\lambda_- > 0$"
    r" the critical point is a strict local minimum.",
    source="Safran and Shamir (2018), computer-assisted, for existence; the certificate"
    " derived here; Krawczyk (1969), Moore (1977)",
    uses=("T18",),
    witnesses=(
        Witness(
            labels=("b.1", "b.2", "c.1"),
            note="k = 6: the bounds hold 20 digits",
            example=_SIX,
            ratio=0.9999999,
        ),
        Witness(
            labels=("b.3",),
            note="k = 12: L is 0.0165",
            example=_SIX.but(k=12),
            ratio=0.94,
        ),
        Witness(labels=("c.2",), note="k = 6: λ_- is 0.0047", example=_SIX, ratio=0.85),
    ),
    counterexamples=(
        Counterexample(
            dropped="a centre away from I_k: about the teacher itself, where each student"
            " is parallel to a teacher, nothing is certified",
            claim=changed(_CLAIM["a.1"], sides.accepted_sides, centre="teacher"),
            example=_SIX,
        ),
        Counterexample(
            dropped="a small box: of radius 10⁻⁶ it is too wide for the elimination",
            claim=changed(_CLAIM["a.1"], sides.accepted_sides, radius="1e-6"),
            example=_SIX,
        ),
    ),
)
