"""The referee: every quantity at an exact instance, in ball arithmetic.

Formulas here are written from the definitions, apart from the kernels in floats: what the
two say about one instance is compared, and must agree to the error bound of the floats.
"""

from typing import TYPE_CHECKING

from ..._lazy import attach

if TYPE_CHECKING:
    from .critical import made_critical
    from .points import exact_instance
    from .referee import judge_claim_exactly, judge_exactly
    from .verdicts import Judgement

__all__ = [
    "Judgement",
    "exact_instance",
    "judge_claim_exactly",
    "judge_exactly",
    "made_critical",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "Judgement": ".verdicts",
            "exact_instance": ".points",
            "judge_claim_exactly": ".referee",
            "judge_exactly": ".referee",
            "made_critical": ".critical",
        },
    )
