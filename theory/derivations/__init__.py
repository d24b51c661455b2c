"""The derivations that are replayed, one theorem a file."""

from ..derivation import Derivation
from . import t06

__all__ = ["DERIVATIONS"]

DERIVATIONS: dict[str, Derivation] = {"T06": t06.DERIVATION}
"""By theorem id; a theorem that is not here has no replayed derivation."""
