"""Laws from functions that return both sides, and the same with something changed."""

from dataclasses import replace
from typing import Any

from ..expressions import Relation
from ..theorems import Claim, Draw, Law
from ..worlds import NETWORKS

__all__ = ["changed", "law", "law_of"]


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


def law_of(world: str, sides: Any, relation: Relation, **keywords: Any) -> Law:
    """The law left relation right in another world, from `sides(q, **keywords)`.

    Parameters
    ----------
    world : str
        A name from `WORLDS`.
    sides : callable
        Returns (left, right), or (left, right, whether the claim applies): numbers, or
        tuples of them, of one instance.
    relation : {"<=", "=="}
        Between the two.
    **keywords
        Handed on to `sides`: the constants and powers that a mutant changes.
    """
    return Law(
        sides=lambda q, drawn: sides(q, **keywords), relation=relation, world=world
    )


def changed(claim: Claim, sides: Any, **keywords: Any) -> Claim:
    """The claim with other sides: for mutants, and what fails without a hypothesis."""
    draws = claim.law.draws if isinstance(claim.law, Law) else ()
    relation: Relation = "==" if claim.law.relation == "==" else "<="
    if claim.world != NETWORKS:
        return replace(claim, law=law_of(claim.world, sides, relation, **keywords))
    return replace(claim, law=law(sides, relation, *draws, **keywords))
