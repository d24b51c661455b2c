"""What became of a conjecture, as a value and as a record."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ...errors import InputError
from ...theory.language import parse_claim
from ...verdict import Status
from ..exact_instances import ExactInstance, Row, Rows
from .assumptions import parse_assumptions
from .identity import claim_hash, code_hash, versions
from .replay import replay_source

__all__ = ["CounterexampleFound", "Falsification", "instance_record"]


@dataclass(frozen=True, kw_only=True)
class CounterexampleFound:
    """An exact instance at which a conjecture fails, with both sides.

    Attributes
    ----------
    instance : ExactInstance
        Where.
    left, right : str
        Both sides, as enclosures where they are certified.
    certified : bool
        Whether balls, or exact rationals, separate the sides.
    precision : int
        Bits of the balls; 53 where floats are all there is.
    reason : str
        How that was decided.
    """

    instance: ExactInstance
    left: str
    right: str
    certified: bool
    precision: int
    reason: str

    def record(self) -> dict[str, Any]:
        """As plain data: every number as text, such as 3/2."""
        return {
            **instance_record(self.instance),
            "left": self.left,
            "right": self.right,
            "certified": self.certified,
            "precision": self.precision,
            "decided": self.reason,
        }


@dataclass(frozen=True, kw_only=True)
class Falsification:
    """What became of a conjecture.

    Attributes
    ----------
    claim : str
        The conjecture.
    hypotheses : tuple of str
        What it assumes.
    status : Status
        refuted only where a counterexample is certified; supported where none was found
        and both sides were enclosed; else undecided.
    reason : str
        Why, in words.
    counterexample : CounterexampleFound or None
        The smallest found. Without `certified` it is what floats say.
    kinds, skipped : tuple of str
        Networks tried, and combinations left out with the reason.
    attacks : tuple of dict
        For each way of attack and kind of network: instances drawn, meeting the
        hypotheses, and judged there.
    nearest : dict or None
        Largest ratio of the sides, for == their relative difference, with its instance
        and the referee's word on that.
    equal : dict
        How often the referee found the two sides equal, and to how many digits.
    heard : dict
        How often the referee gave each outcome.
    seed : int
        Where every random choice came from.
    budget : float
        Nominal seconds.
    cut : bool
        Whether the clock cut the search.
    timing : dict
        Seconds; with it alone, the record does not repeat with the seed.
    """

    claim: str
    hypotheses: tuple[str, ...]
    status: Status
    reason: str
    counterexample: CounterexampleFound | None
    kinds: tuple[str, ...]
    skipped: tuple[str, ...]
    attacks: tuple[dict[str, Any], ...]
    nearest: dict[str, Any] | None
    equal: dict[str, Any]
    heard: dict[str, int]
    seed: int
    budget: float
    cut: bool
    timing: dict[str, float] = field(default_factory=dict)

    @property
    def tried(self) -> dict[str, int]:
        """Instances drawn in each way of attack."""
        return self._total("tried")

    @property
    def judged(self) -> dict[str, int]:
        """Instances judged in each way of attack."""
        return self._total("judged")

    def test_source(self) -> str:
        """A pytest file that replays the certified counterexample without landtheory.

        Raises
        ------
        InputError
            If there is none, or σ holds a function that such a file has no word for.
        """
        found = self.counterexample
        if found is None or not found.certified:
            raise InputError(
                f"verdict is {self.status.value!r}; expected a certified counterexample: "
                "a test replays nothing else"
            )
        assumptions = parse_assumptions(self.hypotheses, (found.instance.loss,))
        return replay_source(parse_claim(self.claim), assumptions, found.instance)

    def _total(self, what: str) -> dict[str, int]:
        total: Counter[str] = Counter()
        for line in self.attacks:
            total[line["attack"]] += line[what]
        return dict(total)

    def record(self) -> dict[str, Any]:
        """As plain data for JSON; all but `timing` repeats with the seed."""
        found = self.counterexample
        return {
            "claim": self.claim,
            "hypotheses": list(self.hypotheses),
            "verdict": self.status.value,
            "reason": self.reason,
            "counterexample": None if found is None else found.record(),
            "kinds": list(self.kinds),
            "skipped": list(self.skipped),
            "attacks": list(self.attacks),
            "nearest": self.nearest,
            "equal": self.equal,
            "referee": self.heard,
            "seed": self.seed,
            "budget": self.budget,
            "cut": self.cut,
            "versions": versions(),
            "claim_sha256": claim_hash(self.claim, self.hypotheses),
            "code_sha256": code_hash(),
            "timing": self.timing,
        }


def instance_record(at: ExactInstance) -> dict[str, Any]:
    """An exact instance as plain data: fractions as text."""
    record: dict[str, Any] = {
        "activation": at.activation.name,
        "loss": at.loss.name,
        "n": at.n,
        "d": at.d,
        "m": at.m,
        "C": at.C,
        "X": _rows(at.x),
        "W": _rows(at.W),
        "b": _row(at.b),
        "A": _rows(at.A),
        "c": _row(at.c),
    }
    if at.residual is not None:
        record["r"] = _rows(at.residual)
    if at.targets is not None:
        record["Y"] = _rows(at.targets)
    if at.labels is not None:
        record["labels"] = list(at.labels)
    return record


def _row(row: Row) -> list[str]:
    return [str(value) for value in row]


def _rows(rows: Rows) -> list[list[str]]:
    return [_row(row) for row in rows]
