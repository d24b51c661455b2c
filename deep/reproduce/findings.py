"""What became of a claim: its tests, its word, and where it breaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, isnan
from typing import Any, Literal, get_args

from ...errors import InputError
from ..estimators.intervals import Interval
from .measure_table import Association
from .thresholds import THRESHOLDS, Threshold

__all__ = ["WORDS", "Finding", "Statistic", "Word", "decide", "not_run", "statistic"]

Word = Literal[
    "held",
    "held with conditions",
    "not found",
    "not measurable here",
    "not run in this preset",
]
WORDS: tuple[Word, ...] = get_args(Word)


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """A number of a claim with the threshold fixed for it.

    Attributes
    ----------
    name : str
        Of the threshold.
    value : float
        The number; NaN where the run has none.
    threshold : Threshold
        Which it has to meet.
    interval : Interval or None
        Around it, where there is one. It is shown, and decides nothing: with a handful
        of data seeds a bootstrap interval is too narrow.
    role : {"core", "condition"}
        Without a core test the claim is not found; a condition that is not met limits
        it.
    otherwise : str
        What it means that it is not met.
    note : str
        What else has to be known of it.
    """

    name: str
    value: float
    threshold: Threshold
    interval: Interval | None
    role: Literal["core", "condition"]
    otherwise: str
    note: str

    @property
    def measured(self) -> bool:
        """Whether there is a number."""
        return not isnan(self.value)

    @property
    def met(self) -> bool:
        """Whether the threshold is met; never without a number."""
        return self.threshold.met(self.value)

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        ends = self.interval
        known = ends is not None and isfinite(ends.lower) and isfinite(ends.upper)
        return {
            "name": self.name,
            "value": self.value if isfinite(self.value) else None,
            "interval": [ends.lower, ends.upper] if ends and known else None,
            "level": ends.level if ends and known else None,
            "threshold": self.threshold.words,
            "reason": self.threshold.reason,
            "role": self.role,
            "met": self.met if self.measured else None,
            "note": self.note,
        }


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A claim of the paper and what this run says of it.

    Attributes
    ----------
    claim : str
        C1 to C8.
    title, statement : str
        In a few words, and in a sentence.
    word : str
        One of `WORDS`.
    sentence : str
        What was found, with its numbers.
    statistics : tuple of Statistic
        The tests.
    breaks : tuple of str
        Where the claim does not hold, negative findings with it.
    notes : tuple of str
        What one has to know to read the numbers.
    measures : tuple of Association
        Every measure beside the one that is tested; none of them decides anything.
    """

    claim: str
    title: str
    statement: str
    word: Word
    sentence: str
    statistics: tuple[Statistic, ...]
    breaks: tuple[str, ...]
    notes: tuple[str, ...]
    measures: tuple[Association, ...] = ()

    @property
    def conditions(self) -> tuple[str, ...]:
        """Under which a claim held: of each condition that is not met, what it means."""
        if self.word != "held with conditions":
            return ()
        unmet = [test.otherwise for test in self.statistics if not test.met]
        return tuple(dict.fromkeys(unmet))

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "claim": self.claim,
            "title": self.title,
            "statement": self.statement,
            "finding": self.word,
            "conditions": list(self.conditions),
            "sentence": self.sentence,
            "tests": [test.record() for test in self.statistics],
            "breaks": list(self.breaks),
            "notes": list(self.notes),
            "measures": [one.record() for one in self.measures],
        }


def statistic(
    name: str,
    value: float | Interval,
    *,
    core: bool = True,
    otherwise: str = "",
    note: str = "",
) -> Statistic:
    """A number with the threshold of its name.

    Parameters
    ----------
    name : str
        A key of `THRESHOLDS`.
    value : float or Interval
        The number, with its interval where it has one.
    core : bool
        Whether the claim stands or falls with it; else it is a condition.
    otherwise : str
        What it means that a condition is not met.
    note : str
        Shown beside it.

    Raises
    ------
    InputError
        If there is no such threshold: none is made up after a run; or if a condition
        does not say what it means that it is not met.
    """
    if name not in THRESHOLDS:
        raise InputError(
            f"threshold is {name!r}; expected one of those written down before the run"
        )
    if not core and not otherwise:
        raise InputError(
            f"condition {name!r} says nothing; expected what it means not to meet it"
        )
    around = value if isinstance(value, Interval) else None
    return Statistic(
        name=name,
        value=around.value if around is not None else float(value),  # type: ignore[arg-type]
        threshold=THRESHOLDS[name],
        interval=around,
        role="core" if core else "condition",
        otherwise=otherwise,
        note=note,
    )


def decide(statistics: Sequence[Statistic]) -> Word:
    """The word of a claim.

    A core test without a number: not measurable here. A core test that is not met: not
    found. All of them met, and a condition not, or without a number: held with
    conditions. All met: held.

    Parameters
    ----------
    statistics : sequence of Statistic
        At least one core test among them, or nothing was measured.
    """
    core = [test for test in statistics if test.role == "core"]
    if not core or not all(test.measured for test in core):
        return "not measurable here"
    if not all(test.met for test in core):
        return "not found"
    return "held" if all(test.met for test in statistics) else "held with conditions"


def not_run(claim: str, title: str, statement: str, why: str) -> Finding:
    """The finding where nothing was run for a claim."""
    return Finding(
        claim=claim,
        title=title,
        statement=statement,
        word="not run in this preset",
        sentence=why,
        statistics=(),
        breaks=(),
        notes=(),
    )
