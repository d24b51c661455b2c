"""Laws from functions that return both sides, and the same with something changed."""

from dataclasses import replace
from typing import Any

from ..expressions import Relation
from ..theorems import Claim, Draw, Law

__all__ = ["changed", "law"]


def law(sides: Any, relation: Relation, *draws: Draw, **keywords: Any) -> Law:
    """The law left relation right, with both sides from `sides(q, drawn, **keywords)`.

    Parameters
    ----------
    sides : callable
        Returns (left, right), or (left, right, where it applies).
    relation : {"<=", "=="}
        Between the two.
    *draws : str
        The extra data that `sides` uses.
    **keywords
        Handed on to `sides`: the constants and powers that a mutant changes.
    """
    return Law(
        sides=lambda q, drawn: sides(q, drawn, **keywords),
        relation=relation,
        draws=draws,
    )


def changed(claim: Claim, sides: Any, **keywords: Any) -> Claim:
    """The claim with other sides: for mutants, and what fails without a hypothesis."""
    draws = claim.law.draws if isinstance(claim.law, Law) else ()
    relation: Relation = "==" if claim.law.relation == "==" else "<="
    return replace(claim, law=law(sides, relation, *draws, **keywords))
