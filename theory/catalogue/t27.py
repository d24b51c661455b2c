"""T27: with cross-entropy, curvature vanishes with the loss."""

from dataclasses import replace
from typing import Any, Final

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .laws import law

__all__ = ["T27"]


def _norms(q: Any) -> Any:
    """‖J_i‖ (n,)."""
    return q.J.reshape(q.n, q.C, q.p).operator()


def _trace_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    norms = _norms(q)
    return q.G.trace(), (q.ell * norms * norms).mean(-1) * share


def _sharpness_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    norms = _norms(q)
    return q.eigenvalues("G")[..., 0], (q.ell * norms * norms).mean(-1) * two


def _largest_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    norms = _norms(q)
    return q.eigenvalues("G")[..., 0], q.L * (norms * norms).max(-1) * two


def _residual_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    most = q.functional_norms.max(-1).max(-1)
    return q.eigenvalues("F").abs().max(-1), q.L * most * two


def _hessian_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    norms = _norms(q)
    most = q.functional_norms.max(-1).max(-1)
    bound = q.L * ((norms * norms).max(-1) + most) * two
    return q.eigenvalues("H").abs().max(-1), bound


_BOTH: Final = ("logistic", "softmax")

_T27 = (
    Claim(
        label="a",
        statement=r"logistic: tr G \le \frac{1}{n}\sum_i\ell_i\|J_i\|^2",
        law=law(_trace_sides, "<="),
        losses=("logistic",),
    ),
    Claim(
        label="b.1",
        statement=r"softmax: \lambda_1(G) \le \frac{2}{n}\sum_i\ell_i\|J_i\|^2",
        law=law(_sharpness_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        label="b.2",
        statement=r"\lambda_1(G) \le 2L\max_i\|J_i\|^2",
        law=law(_largest_sides, "<="),
        losses=_BOTH,
    ),
    Claim(
        label="c.1",
        statement=r"\|F\| \le 2L\max_{i,c}\|\nabla^2f_c(x_i)\|",
        law=law(_residual_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        label="c.2",
        statement=r"logistic: \|F\| \le L\max_i\|\nabla^2f(x_i)\|",
        law=law(_residual_sides, "<=", two=1.0),
        losses=("logistic",),
    ),
    Claim(
        label="d",
        statement=r"\|H\| \le 2L(\max_i\|J_i\|^2 + \max_{i,c}\|\nabla^2f_c(x_i)\|)",
        law=law(_hessian_sides, "<="),
        losses=_BOTH,
    ),
)

T27 = Theorem(
    id="T27",
    title="Cross-entropy: curvature vanishes with the loss",
    topic="cross-entropy",
    statement=r"\|H\| \le 2L(\max_i\|J_i\|^2 + \max_{i,c}\|\nabla^2f_c(x_i)\|) for the"
    r" logistic and softmax losses. For homogeneous networks, where f can be scaled without"
    r" changing any decision, flatness is therefore a scale of the margin.",
    hypotheses=(
        r"logistic or softmax loss",
        r"\sigma is twice differentiable at the pre-activations",
    ),
    claims=_T27,
    mutants=(
        Mutant(
            name="half of it, logistic",
            claim=replace(_T27[0], law=law(_trace_sides, "<=", share=0.5)),
        ),
        Mutant(
            name="1 in place of 2, softmax",
            claim=replace(_T27[1], law=law(_sharpness_sides, "<=", two=1.0)),
        ),
        Mutant(
            name="½ in place of 2 for F",
            claim=replace(_T27[3], law=law(_residual_sides, "<=", two=0.5)),
        ),
        Mutant(
            name="½ in place of 1 for F, logistic",
            claim=replace(_T27[4], law=law(_residual_sides, "<=", two=0.5)),
        ),
        Mutant(
            name="¼ in place of 2 for H",
            claim=replace(_T27[5], law=law(_hessian_sides, "<=", two=0.25)),
        ),
    ),
    proof=r"By T02(e), \|S_i\| \le 2\ell_i and \|r_i\|_1 \le 2\ell_i for softmax, S_i \le"
    r" \ell_i and |r_i| \le \ell_i for the logistic loss. Insert them in G ="
    r" \frac{1}{n}\sum J_i^TS_iJ_i and F = \frac{1}{n}\sum\sum r_{ic}\nabla^2f_c(x_i), and"
    r" add. \blacksquare",
    source="derived here",
    uses=("T02",),
    witnesses=(
        Witness(
            labels=("a",),
            note="one confident sample: S/ℓ tends to 1; at f = 12 it is within 1e-5 of 1",
            example=Example(
                activation="identity",
                loss="logistic",
                x=((0,),),
                W=((0,),),
                b=(0,),
                A=((0,),),
                c=(12,),
                labels=(1,),
            ),
            ratio=1 - 1e-5,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the factor 2 for softmax: p = (0.9, 0.1) has ‖S‖ = 0.18 > 0.1",
            claim=replace(_T27[1], law=law(_sharpness_sides, "<=", two=1.0)),
            example=Example(
                activation="identity",
                loss="softmax",
                x=((0,),),
                W=((0,),),
                b=(0,),
                A=((0,), (0,)),
                c=(4, 0),
                labels=(0,),
            ),
        ),
    ),
)
