"""Derivations, replayed step by step: a theorem is proved only if every step is checked.

A step holds what is to be checked, and a rule of `rules` says how. What is trusted: those
rules, SymPy's arithmetic, and the classical lemmas of `lemmas`, which are named by every
step that applies one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .lemmas import Lemma

__all__ = ["Derivation", "Replay", "Rule", "Step", "StepResult", "replay"]

Rule: TypeAlias = Literal[
    "identity", "polynomial", "squares", "factor", "sign", "lemma"
]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step.

    Attributes
    ----------
    claim : str
        The letter of the claims that it serves: "b" for b, b.1 and b.2.
    statement : str
        What it says, in words and formulas.
    rule : str
        How it is checked.
    check : callable
        Does it; never raises on a false step.
    lemma : Lemma or None
        The classical lemma that it applies.
    premises : tuple of Step
        The lemma's premises, for the objects at hand.
    """

    claim: str
    statement: str
    rule: Rule
    check: Callable[[], bool]
    lemma: Lemma | None = None
    premises: tuple["Step", ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What became of a step."""

    step: Step
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """The steps that prove claims of a theorem.

    Attributes
    ----------
    theorem : str
        Its id.
    proves : tuple of str
        Labels of the claims that follow from the steps; a claim that is added to the
        theorem is not proved until it is named here.
    steps : tuple of Step
        In order.
    """

    theorem: str
    proves: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def lemmas(self) -> tuple[Lemma, ...]:
        """The classical lemmas that it rests on, each once."""
        named = (step.lemma for step in self.steps if step.lemma is not None)
        return tuple(dict.fromkeys(named))


@dataclass(frozen=True, kw_only=True)
class Replay:
    """A derivation, with what became of each of its steps."""

    derivation: Derivation
    results: tuple[StepResult, ...]

    @property
    def checked(self) -> int:
        """How many steps were checked."""
        return sum(result.checked for result in self.results)

    @property
    def proved(self) -> frozenset[str]:
        """Labels of the claims that are proved: none where a step is unchecked.

        A claim without a step for its letter is not proved either.
        """
        if self.checked < len(self.derivation.steps):
            return frozenset()
        served = {result.step.claim for result in self.results}
        return frozenset(
            label
            for label in self.derivation.proves
            if label.partition(".")[0] in served
        )


def replay(derivation: Derivation) -> Replay:
    """Check every step anew."""
    results = tuple(
        StepResult(step=step, checked=step.check()) for step in derivation.steps
    )
    return Replay(derivation=derivation, results=results)
