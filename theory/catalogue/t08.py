"""T08: the paper's bound, with a residual."""

from dataclasses import replace
from typing import Any

from ..expressions import name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import BOUNDED
from .laws import law

__all__ = ["T08"]

C, Cx, W, H_bb = name("C"), name("Cx"), name("W"), name("H_bb")


def _tail(q: Any) -> Any:
    weights = (q.A.abs()[:, 0] * (q.W * q.W).sum(-1)).sum(-1)
    return (q.L * 2.0).sqrt() * weights * q.second_bound


def _paper_sides(q: Any, drawn: Any, *, tail: float = 1.0) -> tuple[Any, Any]:
    gram, block = q.W @ q.W.T, q.block("H", "bb")
    return q.Cx, gram.frobenius() * block.frobenius() + _tail(q) * tail


def _young_sides(q: Any, drawn: Any, *, half: float = 0.5) -> tuple[Any, Any]:
    weights, block = q.W.frobenius(), q.block("H", "bb").frobenius()
    return q.Cx, (weights**4 + block * block) * half + _tail(q)


def _distance_sides(q: Any, drawn: Any, *, tail: float = 1.0) -> tuple[Any, Any]:
    gram = ((q.W @ q.W.T) * q.block("H", "bb")).sum(-1, -2)
    return (q.Cx - gram).abs(), _tail(q) * tail


def _below_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    least = (q.W @ q.W.T).eigenvalues()[..., -1]
    return least * q.block("H", "bb").trace() - _tail(q), q.Cx


_ONE: dict[str, Any] = {
    "activations": BOUNDED,
    "losses": ("squared",),
    "outputs": "one",
}

_T08 = (
    Claim(
        label="a",
        statement=r"Cx \le \|WW^T\|_F\|H_{bb}\|_F + C_\sigma\sqrt{2L}\,D_w",
        law=law(_paper_sides, "<="),
        **_ONE,
    ),
    Claim(
        label="b",
        statement=r"Cx \le \frac{1}{2}(\|W\|_F^4 + \|H_{bb}\|_F^2)"
        r" + C_\sigma\sqrt{2L}\,D_w",
        law=law(_young_sides, "<="),
        **_ONE,
    ),
    Claim(
        label="c.1",
        statement=r"|Cx - <WW^T, H_{bb}>| \le C_\sigma\sqrt{2L}\,D_w",
        law=law(_distance_sides, "<="),
        **_ONE,
    ),
    Claim(
        label="c.2",
        statement=r"Cx \ge \mu_m tr H_{bb} - C_\sigma\sqrt{2L}\,D_w",
        law=law(_below_sides, "<="),
        **_ONE,
    ),
)

T08 = Theorem(
    id="T08",
    title="The paper's bound, with a residual",
    topic="complexity",
    statement=r"One output, squared loss, |\sigma''| \le C_\sigma, D_w = \sum_k|a_k|"
    r"\|w_k\|^2: Cx \le \|WW^T\|_F\|H_{bb}\|_F + C_\sigma\sqrt{2L}\,D_w.",
    hypotheses=(
        r"C = 1, squared loss",
        r"|\sigma''| \le C_\sigma at the pre-activations",
    ),
    claims=_T08,
    mutants=(
        Mutant(
            name="no term in √L",
            claim=replace(_T08[0], law=law(_paper_sides, "<=", tail=0.0)),
        ),
        Mutant(
            name="¼ in place of ½ in (b)",
            claim=replace(_T08[1], law=law(_young_sides, "<=", half=0.25)),
        ),
        Mutant(
            name="half the term in √L in (c)",
            claim=replace(_T08[2], law=law(_distance_sides, "<=", tail=0.5)),
        ),
    ),
    proof=r"T06(b) and Cauchy-Schwarz: |<WW^T, H_{bb}>| \le \|WW^T\|_F\|H_{bb}\|_F, and the"
    r" residual term is at most C_\sigma D_w\frac{1}{n}\sum|r_i| \le C_\sigma D_w\sqrt{2L}."
    r" (b) is Young's inequality with \|WW^T\|_F \le \|W\|_F^2. (c) \mu_m tr G_{bb} \le Cx"
    r" (T07b), tr G_{bb} = tr H_{bb} - tr F_{bb}, |tr F_{bb}| \le C_\sigma\sqrt{2L}"
    r"\sum|a_k|, and \mu_m \le \|w_k\|^2 for every k. \blacksquare",
    source="derived here; of the shape of bound (11) of Wu, Zhu and E (2017)",
    uses=("T06", "T07"),
    witnesses=(
        Witness(
            labels=("a", "b", "c.2"),
            note="one neuron, L = 0, (a σ')² = w²",
            example=Example(
                activation="identity",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((0,),),
            ),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the term in √L: σ = z², w = a = x = 1, y = 3 has H_bb = 0, Cx = 4",
            claim=replace(_T08[0], law=law(_paper_sides, "<=", tail=0.0)),
            example=Example(
                activation="quadratic",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((-2,),),
            ),
        ),
    ),
)
