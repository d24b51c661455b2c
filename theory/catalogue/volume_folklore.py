"""Folklore on basin volumes that is false, with the forms that refute it."""

from fractions import Fraction
from typing import Any, Final

from ..theorems import Case, Claim, Refutation
from ..worlds import WorldExample
from .form_sides import FORMS, determinant_root
from .laws import law_of

__all__ = ["VOLUME_FOLKLORE"]

_LINE = WorldExample(world=FORMS, values={"spectrum": (1,)})


def _false(statement: str, sides: Any, relation: Any = "<=") -> Claim:
    return Claim(label="", statement=statement, law=law_of(FORMS, sides, relation))


# Sides and numbers


def _sharper(q: Any) -> bool:
    return bool(q.first.eigenvalues[0] >= q.second.eigenvalues[0])


def _ordered_sides(q: Any) -> tuple[Any, Any, bool]:
    """Vol_1 and Vol_2, where λ_1(H_1) >= λ_1(H_2)."""
    return q.first.volume, q.second.volume, _sharper(q)


def _ordered_in_ball_sides(q: Any) -> tuple[Any, Any, bool]:
    """The same in B_R."""
    return q.first.volume_in_ball, q.second.volume_in_ball, _sharper(q)


def _ordered_evidence_sides(q: Any) -> tuple[Any, Any, bool]:
    """The evidences, where λ_1(H_1) >= λ_1(H_2)."""
    return q.first.evidence, q.second.evidence, _sharper(q)


def _evidence_ratio(q: Any, drawn: Any) -> Any:
    return q.first.evidence / q.second.evidence


def _gap(q: Any, places: slice) -> Any:
    """½ Σ (log λ_i(H_2) - log λ_i(H_1)) over some of the eigenvalues."""
    roots = [determinant_root(q, form.positive[places]) for form in (q.first, q.second)]
    return (roots[1] / roots[0]).log()


def _ratio_in_ball(q: Any, drawn: Any) -> Any:
    return q.first.volume_in_ball / q.second.volume_in_ball


def _barrier(q: Any) -> Any:
    """Where ½ λ (u - c)² is the same for both wells on a line, c_1 < c_2."""
    roots = [q.ball(form.eigenvalues[0]).sqrt() for form in (q.first, q.second)]
    centres = [form.centre[0] for form in (q.first, q.second)]
    weighed = roots[0] * centres[0] + roots[1] * centres[1]
    return weighed / (roots[0] + roots[1])


def _attracted(q: Any, drawn: Any = None) -> Any:
    """Length of the starts in (-R, R) that flow into the first well."""
    return _barrier(q) + q.radius


def _attraction_sides(q: Any) -> tuple[Any, Any, bool]:
    """What each well attracts, where the second has the larger sublevel set."""
    smaller = bool(q.first.volume <= q.second.volume)
    return _attracted(q), q.radius - _barrier(q), smaller


def _laplace(q: Any, drawn: Any = None) -> Any:
    return 1 / determinant_root(q, q.first.strengths[: q.first.k])


def _evidence(q: Any, drawn: Any = None) -> Any:
    return q.first.evidence


def _conservative_sides(q: Any) -> tuple[Any, Any]:
    return _laplace(q), _evidence(q)


# The folklore

R06 = Refutation(
    id="R06",
    statement="the top eigenvalues order basin volumes",
    learnt="a log-volume of k eigenvalues means nothing without the tail that was"
    " cut off (T16 b)",
    cases=(
        Case(
            claim=_false(
                r"$\lambda_1(H_1) \ge \lambda_1(H_2) \Rightarrow"
                r" \operatorname{Vol}_1 \le \operatorname{Vol}_2$",
                _ordered_sides,
            ),
            example=_LINE.but(spectrum=(10, Fraction(1, 10**6)), other=(9, 1)),
            shown=(
                (
                    "log Vol_1 - log Vol_2 by λ_1 alone",
                    lambda q, drawn: _gap(q, slice(0, 1)),
                    -0.05268,
                ),
                ("in full", lambda q, drawn: _gap(q, slice(0, 2)), 6.855),
                (
                    "by slices",
                    lambda q, drawn: (q.first.volume / q.second.volume).log(),
                    6.855,
                ),
            ),
        ),
    ),
    source="derived here; theorem T16(b)",
)

R07 = Refutation(
    id="R07",
    statement="the larger sublevel set has the larger basin of attraction",
    learnt="the volume of a sublevel set is not that of the points which gradient"
    " flow leads there",
    cases=(
        Case(
            claim=_false(
                r"$\operatorname{Vol}_1 \le \operatorname{Vol}_2 \Rightarrow$ the first"
                r" well attracts no more of $(-R, R)$ than the second",
                _attraction_sides,
            ),
            # min(50 (u - 5/2)², ½ (u - 13/2)²): the barrier is where the two are equal
            example=_LINE.but(
                spectrum=(100,),
                other=(1,),
                centre=(Fraction(5, 2),),
                other_centre=(Fraction(13, 2),),
                radius=Fraction(15, 2),
                epsilon=Fraction(1, 2),
            ),
            shown=(
                ("length that the sharp well attracts, of 15", _attracted, 114 / 11),
                (
                    "Vol_1/Vol_2",
                    lambda q, drawn: q.first.volume / q.second.volume,
                    0.1,
                ),
            ),
        ),
    ),
    source="derived here; theorem T16(a)",
)

_STRIP = _LINE.but(spectrum=(10**4, 0), other=(Fraction(1, 100), Fraction(1, 100)))
"""λ = 10⁴ of rank 1 against λ = 10⁻² of rank 2, in the unit disc."""

R11 = Refutation(
    id="R11",
    statement="the basin with the flatter top eigenvalue has the larger volume, and the"
    " larger evidence",
    learnt="as the height falls, the rank decides before any eigenvalue does (T16 c)",
    cases=(
        Case(
            claim=_false(
                r"$\lambda_1(H_1) \ge \lambda_1(H_2) \Rightarrow"
                r" \operatorname{Vol}_1 \le \operatorname{Vol}_2$ in the ball",
                _ordered_in_ball_sides,
            ),
            example=_STRIP.but(epsilon=Fraction(1, 10**10)),
            shown=(("Vol_1/Vol_2 in the disc at ε = 1e-10", _ratio_in_ball, 9.0),),
        ),
        Case(
            claim=_false(
                r"$\lambda_1(H_1) \ge \lambda_1(H_2) \Rightarrow$ the evidence of the"
                r" first is at most that of the second",
                _ordered_evidence_sides,
            ),
            example=_STRIP.but(beta=10**10),
            shown=(("ratio of the evidences at β = 1e10", _evidence_ratio, 10.0),),
        ),
    ),
    source="derived here; theorem T16(c)",
)

R12 = Refutation(
    id="R12",
    statement="Laplace's approximation of the evidence is conservative",
    learnt="Laplace overestimates the mass of every basin: -½ Σ log(1 + βτ²λ_i) is"
    " exact (T15 c)",
    cases=(
        Case(
            claim=_false(
                r"$\prod_i(\beta\tau^2\lambda_i)^{-1/2} \le"
                r" \mathbb{E}\,e^{-\frac{1}{2}\beta\delta^TH\delta}$",
                _conservative_sides,
            ),
            example=_LINE.but(spectrum=(1, Fraction(1, 10**6))),
            shown=(
                ("Laplace's approximation", _laplace, 1000.0),
                ("evidence", _evidence, 0.70711),
            ),
        ),
    ),
    source="derived here; theorem T15(c)",
)

VOLUME_FOLKLORE: Final = (R06, R07, R11, R12)
