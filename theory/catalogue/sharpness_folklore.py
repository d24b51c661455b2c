"""Folklore on the sharpness of bad minima, with certified minima that refute it."""

from typing import Any, Final

from ..theorems import Case, Claim, Refutation
from ..worlds import WorldExample
from . import t21_sides as sides
from .laws import law_of

__all__ = ["SHARPNESS_FOLKLORE"]


def _case(k: int, shown: tuple[tuple[str, Any, float], ...]) -> Case:
    return Case(
        claim=Claim(
            label="",
            statement=r"$L(W^*) > 0 = L(I_k) \Rightarrow \lambda_{\max}(\nabla^2L(I_k))"
            rf" \le \lambda_{{\max}}(\nabla^2L(W^*))$, $k = {k}$",
            law=law_of(sides.SPURIOUS, sides.sharper_sides, "<="),
        ),
        example=WorldExample(world=sides.SPURIOUS, values={"k": k}),
        shown=shown,
    )


def _loss(q: Any, drawn: Any) -> Any:
    return q.loss_bounds[0]


def _largest(q: Any, drawn: Any) -> Any:
    return q.largest_bounds[1]


def _global_largest(q: Any, drawn: Any) -> Any:
    return sides.global_largest(q)


R13 = Refutation(
    id="R13",
    statement="spurious minima are sharper than global minima (student and teacher of k"
    " ReLU neurons, Gaussian inputs)",
    learnt="sharpness does not separate bad minima from good ones: here the spurious one"
    " has the smaller λ_max, and the smaller λ_min too (T22)",
    cases=(
        _case(
            6,
            (
                ("L at the spurious minimum, k = 6", _loss, 0.02508),
                ("λ_max there", _largest, 2.0237),
                ("λ_max at the global minimum", _global_largest, 2.0653),
                ("λ_min there", lambda q, drawn: q.least_bounds[0], 0.004700),
                (
                    "λ_min at the global minimum",
                    lambda q, drawn: sides.global_least(q),
                    0.09085,
                ),
            ),
        ),
        _case(
            10,
            (
                ("L at the spurious minimum, k = 10", _loss, 0.01870),
                ("λ_max there", _largest, 3.0964),
                ("λ_max at the global minimum", _global_largest, 3.1292),
            ),
        ),
    ),
    source="minima of Safran and Shamir (2018), certified here; theorems T19, T21, T22",
)

SHARPNESS_FOLKLORE: Final = (R13,)
