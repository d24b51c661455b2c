"""Folklore refuted beyond rounding: every counterexample judged in ball arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..theory.activations import get_activation
from ..theory.losses import get_loss
from ..theory.theorems import Case, Example, Refutation
from ..theory.worlds import WorldExample
from ..verdict import Status
from .balls.referee import judge_claim_exactly
from .confirm import check_refutation
from .exact_instances import ExactInstance, Row, Rows
from .examples import drawn_of, instances_of
from .worlds.examples import subject_of

__all__ = ["RefutedCase", "RefutedFolklore", "exact_example", "refute_folklore"]


@dataclass(frozen=True, kw_only=True)
class RefutedCase:
    """What the referee says of one counterexample.

    Attributes
    ----------
    case : Case
        The false claim, and where it fails.
    fails : bool
        Whether it certainly does.
    left, right : str
        Both sides: rationals, or decimals with radii.
    precision : int
        Bits at which it was decided.
    """

    case: Case
    fails: bool
    left: str
    right: str
    precision: int


@dataclass(frozen=True, kw_only=True)
class RefutedFolklore:
    """What became of a piece of folklore.

    Attributes
    ----------
    refutation : Refutation
        The statement, and what is learnt.
    cases : tuple of RefutedCase
        One for each counterexample.
    shown : tuple of (str, float, float)
        Numbers that show how it fails, each beside the value the catalogue quotes.
    quoted : bool
        Whether they agree to three digits.
    """

    refutation: Refutation
    cases: tuple[RefutedCase, ...]
    shown: tuple[tuple[str, float, float], ...]
    quoted: bool

    @property
    def status(self) -> Status:
        """Refuted where every counterexample is certified and every number agrees."""
        certain = all(one.fails for one in self.cases) and self.quoted
        return Status.REFUTED if certain else Status.UNDECIDED


def refute_folklore(refutations: Iterable[Refutation]) -> tuple[RefutedFolklore, ...]:
    """Judge every counterexample at its exact rational numbers.

    Parameters
    ----------
    refutations : iterable of Refutation
        From the catalogue.
    """
    return tuple(map(_refuted, refutations))


def exact_example(example: Example) -> ExactInstance:
    """The example at the very numbers that the catalogue types out."""
    return ExactInstance(
        activation=get_activation(example.activation),
        loss=get_loss(example.loss),
        x=_rows(example.x),
        W=_rows(example.W),
        b=_row(example.b),
        A=_rows(example.A),
        c=_row(example.c),
        residual=None if example.residual is None else _rows(example.residual),
        labels=example.labels,
        output_hessian=(
            None
            if example.output_hessian is None
            else tuple(map(_rows, example.output_hessian))
        ),
    )


def _refuted(refutation: Refutation) -> RefutedFolklore:
    checked = check_refutation(refutation)
    return RefutedFolklore(
        refutation=refutation,
        cases=tuple(map(_judged, refutation.cases)),
        shown=checked.shown,
        quoted=checked.confirmed,
    )


def _judged(case: Case) -> RefutedCase:
    example = case.example
    if isinstance(example, WorldExample):
        there = subject_of(example).judge(case.claim)
        return RefutedCase(
            case=case,
            fails=there.broken,
            left=there.left,
            right=there.right,
            precision=there.precision,
        )
    drawn = drawn_of(example, instances_of(example))
    here = judge_claim_exactly(case.claim, exact_example(example), drawn)
    return RefutedCase(
        case=case,
        fails=here.outcome == "fails",
        left=here.left,
        right=here.right,
        precision=here.precision,
    )


def _row(values: Iterable[Any]) -> Row:
    return tuple(Fraction(value) for value in values)


def _rows(values: Iterable[Iterable[Any]]) -> Rows:
    return tuple(map(_row, values))
