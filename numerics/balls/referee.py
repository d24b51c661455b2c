"""The referee: what a comparison is worth at one exact instance.

It is evaluated in ball arithmetic at 53, 106, 212, … bits until the balls of the two sides
are apart, or exact numbers decide, or the cap is reached. `fails` is said only where that
is certain, and every assumption is certainly met.
"""

from collections.abc import Callable, Iterator, Sequence

from ...theory.expressions import Comparison
from ...theory.theorems import Claim
from ..drawn import Drawn
from ..exact_instances import ExactInstance
from .arrays import BallArray, watching
from .assumptions import assumption
from .drawing import BallDrawn
from .evaluate import Evaluator
from .network import Network
from .numbers import precision
from .points import point_of
from .quantities import BallQuantities
from .verdicts import Judgement, compared, without_verdict

__all__ = ["CAP", "exact_sides", "judge_claim_exactly", "judge_exactly"]

CAP = 424
"""Bits at which the referee stops: some 127 decimal digits."""

FIRST = 53

Assumed = str | Comparison


def judge_exactly(
    comparison: Comparison,
    instance: ExactInstance,
    *,
    assumes: Sequence[Assumed] = (),
    cap: int = CAP,
) -> Judgement:
    """Judge a comparison of quantities at an exact instance.

    Parameters
    ----------
    comparison : Comparison
        A tree of the conjecture language.
    instance : ExactInstance
        Where.
    assumes : sequence of str or Comparison
        Named assumptions, and comparisons, under which it is claimed; that no
        pre-activation lies on a kink is always one of them.
    cap : int
        Bits at which to stop; with fewer than 340, sides are never found equal.

    Returns
    -------
    Judgement
        "unknown" where an assumption is not certainly met, whatever the sides are.

    Raises
    ------
    InputError
        If an assumption is unknown, or a name has no meaning for this σ.
    """

    def at(bits: int) -> Judgement:
        network = Network(point_of(instance))
        evaluator = Evaluator(network)
        _refuse_unmet(assumes, network, evaluator, bits)
        left = evaluator.value(comparison.left)
        return compared(
            left, evaluator.value(comparison.right), comparison.relation, bits
        )

    return _climbed(at, cap)


def judge_claim_exactly(
    claim: Claim, instance: ExactInstance, drawn: Drawn, *, cap: int = CAP
) -> Judgement:
    """Judge a claim of the catalogue, a tree or a law, at an exact instance.

    Parameters
    ----------
    claim : Claim
        Of the world of two-layer networks.
    instance : ExactInstance
        Where.
    drawn : Drawn
        Extra data, a batch of one; its floats are taken as the rationals they are.
    cap : int
        Bits at which to stop.
    """
    law = claim.law
    if isinstance(law, Comparison):
        return judge_exactly(law, instance, assumes=claim.assumes, cap=cap)
    sides, relation = law.sides, law.relation

    def at(bits: int) -> Judgement:
        q = BallQuantities(point_of(instance))
        _refuse_unmet(claim.assumes, q, Evaluator(q), bits)
        with watching() as liberties:
            left, right, *applies = sides(q, BallDrawn(drawn))
        if applies and not bool(applies[0][0]):
            return without_verdict("the claim does not speak of this instance", bits)
        judgement = compared(left, right, relation, bits)
        rounded = "rounded" in liberties
        if relation == "==" and rounded and judgement.outcome == "fails":
            return without_verdict("the sides of this equation are rounded", bits)
        return judgement

    return _climbed(at, cap)


def exact_sides(
    claim: Claim, instance: ExactInstance, drawn: Drawn, *, bits: int = 2 * FIRST
) -> tuple[BallArray, BallArray] | None:
    """Both sides of a claim as balls, left and right as the claim writes them.

    Parameters
    ----------
    claim, instance, drawn
        As in `judge_claim_exactly`; assumptions are not looked at.
    bits : int
        The precision.

    Returns
    -------
    (BallArray, BallArray) or None
        None where the claim does not speak of the instance, or goes on with numbers
        that it has rounded, or with what is known of them: such sides may be others than
        those of the floats.
    """
    law = claim.law
    with precision(bits):
        if isinstance(law, Comparison):
            evaluator = Evaluator(Network(point_of(instance)))
            return evaluator.value(law.left), evaluator.value(law.right)
        q = BallQuantities(point_of(instance))
        with watching() as liberties:
            left, right, *applies = law.sides(q, BallDrawn(drawn))
        if liberties or (applies and not bool(applies[0][0])):
            return None
        return left, right


class _UnmetError(Exception):
    """An assumption is not certainly met.

    Parameters
    ----------
    judgement : Judgement
        Which says so.
    certain : bool
        Whether it is certainly not met.
    """

    def __init__(self, judgement: Judgement, *, certain: bool) -> None:
        super().__init__(judgement.reason)
        self.judgement = judgement
        self.certain = certain


def _climbed(at: Callable[[int], Judgement], cap: int) -> Judgement:
    """At more and more bits, until it is decided."""
    judgement = without_verdict("no precision was tried", cap)
    for bits in _ladder(cap):
        try:
            with precision(bits):
                judgement = at(bits)
        except _UnmetError as unmet:
            judgement = unmet.judgement
            if unmet.certain:
                break
        if judgement.decided:
            break
    return judgement


def _ladder(cap: int) -> Iterator[int]:
    bits = FIRST
    while bits < cap:
        yield bits
        bits *= 2
    yield cap


def _refuse_unmet(
    assumes: Sequence[Assumed], network: Network, evaluator: Evaluator, bits: int
) -> None:
    """Stop where some assumption is not certainly met."""
    for assumed in ("off_kinks", *assumes):
        if isinstance(assumed, str):
            met = assumption(assumed, network)
        else:
            met = _met(assumed, evaluator, bits)
        if not met:
            how = "not met" if met is False else "not certainly met"
            judgement = without_verdict(f"the assumption {assumed} is {how}", bits)
            raise _UnmetError(judgement, certain=met is False)


def _met(comparison: Comparison, evaluator: Evaluator, bits: int) -> bool | None:
    left = evaluator.value(comparison.left)
    right = evaluator.value(comparison.right)
    outcome = compared(left, right, comparison.relation, bits).outcome
    return {"holds": True, "fails": False}.get(outcome)
