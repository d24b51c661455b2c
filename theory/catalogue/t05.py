"""T05: G is the Fisher information, and the empirical Fisher is not."""

from dataclasses import replace
from typing import Any

from ..expressions import call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness
from .laws import changed

__all__ = ["T05"]

C, EF, G, n = name("C"), name("EF"), name("G"), name("n")


def _fisher_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.G, q.fisher


def _empirical_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.G, q.EF


def _half_fisher_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.G, q.fisher * 0.5


_T05 = (
    Claim(
        label="a",
        statement=r"G = \frac{1}{n}\sum_iE_{y\sim p_\theta(\cdot|x_i)}[gg^T],"
        r" g = \nabla_\theta(-\log p_\theta(y|x_i))",
        law=Law(sides=_fisher_sides, relation="=="),
    ),
    Claim(
        label="b.1",
        statement=r"at interpolation the empirical Fisher is 0",
        law=call("fro", EF).equals(0),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        label="b.2",
        statement=r"tr G \ge C",
        law=call("tr", G) >= C,
        losses=("squared",),
    ),
)

T05 = Theorem(
    id="T05",
    title="G is the Fisher information; the empirical Fisher is not",
    topic="interpolation",
    statement=r"For the squared (Gaussian, unit variance), logistic and softmax losses G is"
    r" the Fisher information of the model at every \theta. The empirical Fisher,"
    r" \frac{1}{n}\sum_iJ_i^Tr_ir_i^TJ_i, is 0 at interpolation, where tr G \ge C.",
    hypotheses=(
        r"\ell = -\log p_\theta(y|x) up to a constant, as for the three losses",
    ),
    claims=_T05,
    mutants=(
        Mutant(name="G = empirical Fisher", claim=changed(_T05[0], _empirical_sides)),
        Mutant(name="G = half the Fisher", claim=changed(_T05[0], _half_fisher_sides)),
        Mutant(name="empirical Fisher 0 anywhere", claim=replace(_T05[1], assumes=())),
        Mutant(name="tr G ≥ C + 1", claim=replace(_T05[2], law=call("tr", G) >= C + 1)),
    ),
    proof=r"g = J_i^T(\mu - t) with \mu = E t, so E[gg^T] = J_i^T Cov(t) J_i; the"
    r" covariance is I for the unit Gaussian, p(1-p) for a Bernoulli label, diag(p) - pp^T"
    r" for a categorical one: S_i each time. At interpolation every r_i = 0, while the"
    r" output bias alone gives tr G \ge C. \blacksquare",
    source="Martens (2014); Kunstner, Hennig and Balles (2019)",
    uses=("T02",),
    witnesses=(
        Witness(
            labels=("b.2",),
            note="A = 0 and σ(z) = 0: tr G = C",
            example=Example(
                activation="relu",
                x=((1,), (2,)),
                W=((-1,),),
                b=(0,),
                A=((0,),),
                c=(0,),
                residual=((0,), (0,)),
            ),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="f(X) = Y in (b)",
            claim=replace(_T05[1], assumes=()),
            example=Example(
                activation="tanh",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((1,),),
            ),
        ),
    ),
)
