"""Derivations, replayed step by step: a theorem is proved only if every step is checked.

A step holds what is to be checked, and a rule of `rules` says how. What is trusted: those
rules, SymPy's arithmetic, and the classical lemmas of `lemmas`, which are named by every
step that applies one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .lemmas import Lemma

__all__ = ["Derivation", "Rule", "Step", "StepResult", "replay"]

Rule: TypeAlias = Literal[
    "identity", "polynomial", "squares", "factor", "sign", "lemma"
]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step.

    Attributes
    ----------
    claim : str
        The letter of the claim that it serves.
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
    """The steps that prove a theorem."""

    theorem: str
    steps: tuple[Step, ...]

    @property
    def lemmas(self) -> tuple[Lemma, ...]:
        """The classical lemmas that it rests on, each once."""
        named = (step.lemma for step in self.steps if step.lemma is not None)
        return tuple(dict.fromkeys(named))


def replay(derivation: Derivation) -> tuple[StepResult, ...]:
    """Check every step anew."""
    return tuple(
        StepResult(step=step, checked=step.check()) for step in derivation.steps
    )
