"""The claims of a theorem with the evidence for each, as HTML."""

from collections.abc import Mapping
from html import escape
from typing import Any

from ..evidence.status import ClaimState, NodeState
from ..theory.activations import ACTIVATIONS
from ..theory.losses import LOSSES
from ..theory.theorems import ASSUMPTIONS, Claim, Theorem
from ..theory.worlds import NETWORKS, WORLDS
from .chips import chip
from .drawing import histogram_svg
from .instances import instance_html, sides_html
from .markup import anchor_of, element, folded, plural
from .numbers import short
from .prose import Prose

__all__ = ["claims_html", "where"]

_WAYS = {
    "sweeps": "random sweeps",
    "balls": "exact instances, judged in ball arithmetic",
    "local search": "local search for the largest ratio",
    "hypothesis": "Hypothesis",
    "trained networks": "trained networks",
}


def claims_html(theorem: Theorem, node: NodeState, prose: Prose) -> str:
    """The list of claims, each with its id, status and evidence.

    Parameters
    ----------
    theorem : Theorem
        Whose.
    node : NodeState
        What is said of it.
    prose : Prose
        Makes HTML of the catalogue's texts.
    """
    found = {one["label"]: one for one in node.verify.content.get("claims", ())}
    lines = [
        _claim(theorem, claim, node.claims[claim.label], found.get(claim.label), prose)
        for claim in theorem.claims
    ]
    return element("ol", "\n".join(lines), class_="claims")


def where(claim: Claim) -> str:
    """What the claim is restricted to, in words; empty where it is not."""
    if claim.world != NETWORKS:
        return f"judged on {WORLDS[claim.world]}"
    parts = []
    if len(claim.activations) < len(ACTIVATIONS):
        parts.append("σ: " + ", ".join(claim.activations))
    if len(claim.losses) < len(LOSSES):
        parts.append(" or ".join(claim.losses) + " loss")
    if claim.outputs == "one":
        parts.append("C = 1")
    parts += [ASSUMPTIONS[name] for name in claim.assumes]
    return "; ".join(parts)


def _claim(
    theorem: Theorem,
    claim: Claim,
    state: ClaimState,
    found: Mapping[str, Any] | None,
    prose: Prose,
) -> str:
    anchor = anchor_of(theorem.id, claim.label)
    label = element("a", f"({claim.label})", href=f"#{anchor}", class_="label")
    says = element("span", prose.html(claim.statement, here=theorem.id), class_="says")
    restricted = where(claim)
    limits = element("span", escape(restricted), class_="where") if restricted else ""
    formal = "".join(
        f' <a class="by" href="#F-{name}">{escape(name)}</a>' for name in state.formal
    )
    head = (
        f'{label}<div class="body">{says} {limits}</div>{chip(state.state, state.by)}'
    )
    evidence = _evidence(found) if found is not None else ""
    proofs = (
        element("p", f"formal statement:{formal}", class_="where") if formal else ""
    )
    return element("li", f'<div class="row">{head}</div>{proofs}{evidence}', id=anchor)


def _evidence(found: Mapping[str, Any]) -> str:
    """One line that opens to the histogram and the nearest instance."""
    parts = [_ratio(found), _histogram(found), _tried(found), _nearest(found)]
    return folded(_line(found), "".join(parts), class_="tried")


def _line(found: Mapping[str, Any]) -> str:
    parts = [plural(found["instances"], "instance")]
    ratio = found["worst_ratio"]
    if found["relation"] != "==" and ratio is not None:
        parts.append(f"largest ratio {short(round(ratio, 6))}")
    rulings = found["referee"]
    held = sum(one["outcome"] in ("holds", "equal") for one in rulings)
    if rulings:
        parts.append(f"{held} of {plural(len(rulings), 'closest call')} held in balls")
    elif found["tried"].get("balls"):
        parts.append("all in balls")
    if found["counterexample"] is not None:
        parts.append("broken")
    return escape(" · ".join(parts))


def _ratio(found: Mapping[str, Any]) -> str:
    if found["relation"] == "==":
        return element(
            "p",
            "The distance of the two sides, as a share of the error bound: at 1 the "
            "equality would be broken.",
        )
    return element(
        "p", "Left side over right side: beyond 1 the claim would be broken."
    )


def _histogram(found: Mapping[str, Any]) -> str:
    counts = found["ratios"]["counts"]
    if not any(counts):
        return ""
    what = "gap over error bound" if found["relation"] == "==" else "left over right"
    total = sum(counts)
    words = f"Histogram of {what} over {plural(total, 'instance')}; "
    words += f"{counts[-1]:,} lie in the last of {len(counts)} bins"
    without = found["ratios"]["without_ratio"]
    note = f"{what}, {plural(total, 'random instance')}; height: logarithm of the count"
    if without:
        note += f"; {without:,} more have no ratio, as the right side is not positive"
    return element("figure", histogram_svg(counts, words) + element("figcaption", note))


def _tried(found: Mapping[str, Any]) -> str:
    ways = [
        f"{_WAYS.get(way, way)}: {count:,}"
        for way, count in found["tried"].items()
        if count
    ]
    return element("p", escape("; ".join(ways)), class_="where") if ways else ""


def _nearest(found: Mapping[str, Any]) -> str:
    tightest = found["tightest"]
    if tightest is None:
        return ""
    equal = found["relation"] == "=="
    word = "The instance nearest to breaking it" if equal else "The tightest instance"
    way = _WAYS.get(tightest["found_by"], tightest["found_by"])
    sides = sides_html(tightest["left"], tightest["right"], found["relation"])
    head = f"{word} met, by {escape(way)}: {sides}"
    return element("p", head) + instance_html(tightest["instance"])
