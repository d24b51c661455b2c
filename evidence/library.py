"""What evidence is about: theorems, refutations, derivations and formal statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..theory.derivation import Derivation
from ..theory.theorems import Refutation, Theorem
from .code import Code
from .formal import FormalLibrary

__all__ = ["Library", "whole_library"]


@dataclass(frozen=True, kw_only=True)
class Library:
    """The catalogue with all that is written about it.

    Attributes
    ----------
    theorems, refutations : mappings
        By id.
    derivations : mapping
        By theorem id.
    formal : FormalLibrary
        The formal statements.
    root : pathlib.Path
        The folder of the package, whose sources produce evidence.
    """

    theorems: Mapping[str, Theorem]
    refutations: Mapping[str, Refutation]
    derivations: Mapping[str, Derivation]
    formal: FormalLibrary = field(default_factory=FormalLibrary)
    root: Path = Path(__file__).parents[1]

    @cached_property
    def code(self) -> Code:
        """The package's sources, read once."""
        return Code(self.root)


def whole_library(formal: FormalLibrary) -> Library:
    """The catalogue of this installation."""
    from ..theory.catalogue import REFUTATIONS, THEOREMS
    from ..theory.derivations import DERIVATIONS

    return Library(
        theorems=THEOREMS,
        refutations=REFUTATIONS,
        derivations=DERIVATIONS,
        formal=formal,
    )
