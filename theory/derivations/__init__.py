"""The derivations that are replayed, one theorem a file."""

from ..derivation import Derivation
from . import t01, t04, t06, t10, t11, t18, t19, t20

__all__ = ["DERIVATIONS"]

DERIVATIONS: dict[str, Derivation] = {
    derivation.theorem: derivation
    for derivation in (
        t01.DERIVATION,
        t04.DERIVATION,
        t06.DERIVATION,
        t10.DERIVATION,
        t11.DERIVATION,
        t18.DERIVATION,
        t19.DERIVATION,
        t20.DERIVATION,
    )
}
"""By theorem id; a theorem that is not here has no replayed derivation."""
