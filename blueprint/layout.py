"""A layered drawing of an acyclic graph: what is rested on stands above what rests on it.

Nodes stand in layers by the longest path down to them; an edge across several layers is
led through each of them; the order in a layer follows the mean place of the neighbours,
and so does the place, as far as the distance between neighbours allows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Layout", "layered", "needed"]

SWEEPS = 24


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where everything stands, in units of one node's width and one layer.

    Attributes
    ----------
    places : mapping of str to (float, int)
        Column and layer of each node.
    edges : mapping of (str, str) to tuple of (float, int)
        The points that each edge runs through, both ends with them.
    width : float
        Columns in all.
    layers : int
        Layers in all.
    """

    places: Mapping[str, tuple[float, int]]
    edges: Mapping[tuple[str, str], tuple[tuple[float, int], ...]]
    width: float
    layers: int


def needed(uses: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The edges that do not follow from others: if A rests on B and B on C, not A on C."""
    reach: dict[str, frozenset[str]] = {}

    def below(node: str) -> frozenset[str]:
        if node not in reach:
            found = frozenset(uses.get(node, ()))
            reach[node] = found.union(*(below(one) for one in found))
        return reach[node]

    return {
        node: tuple(
            one for one in used if not any(one in below(other) for other in used)
        )
        for node, used in uses.items()
    }


def layered(uses: Mapping[str, Sequence[str]]) -> Layout:
    """Lay a graph out.

    Parameters
    ----------
    uses : mapping of str to sequence of str
        What each node rests on; acyclic, every name a key.
    """
    depth = _depths(uses)
    chains = {
        (below, node): _chain(below, node, depth)
        for node, used in uses.items()
        for below in used
    }
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in uses:
        layers[depth[node]].append(node)
    for chain in chains.values():
        for level, name in enumerate(chain[1:-1], start=depth[chain[0]] + 1):
            layers[level].append(name)
    up, down = _neighbours(chains.values())
    for sweep in range(SWEEPS):
        _reorder(layers, up if sweep % 2 == 0 else down, upwards=sweep % 2 == 1)
    columns = _columns(layers, up, down)
    level_of = {name: level for level, layer in enumerate(layers) for name in layer}
    return Layout(
        places={node: (columns[node], depth[node]) for node in uses},
        edges={
            edge: tuple((columns[name], level_of[name]) for name in chain)
            for edge, chain in chains.items()
        },
        width=max(columns.values(), default=0.0) + 1,
        layers=len(layers),
    )


def _depths(uses: Mapping[str, Sequence[str]]) -> dict[str, int]:
    depth: dict[str, int] = {}

    def of(node: str) -> int:
        if node not in depth:
            depth[node] = 1 + max((of(one) for one in uses[node]), default=-1)
        return depth[node]

    for node in uses:
        of(node)
    return depth


def _chain(below: str, node: str, depth: Mapping[str, int]) -> tuple[str, ...]:
    """The edge's two ends, and a name for its point in each layer between them."""
    levels = range(depth[below] + 1, depth[node])
    return (below, *(f"{below}>{node}@{level}" for level in levels), node)


def _neighbours(
    chains: Iterable[tuple[str, ...]],
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    up: dict[str, list[str]] = {}
    down: dict[str, list[str]] = {}
    for chain in chains:
        for one, other in pairwise(chain):
            up.setdefault(other, []).append(one)
            down.setdefault(one, []).append(other)
    return up, down


def _reorder(
    layers: list[list[str]], beside: Mapping[str, list[str]], *, upwards: bool
) -> None:
    """Sort each layer by the mean place of its neighbours in the one before."""
    order = range(len(layers) - 2, -1, -1) if upwards else range(1, len(layers))
    for level in order:
        other = layers[level + 1 if upwards else level - 1]
        place = {name: k / max(1, len(other) - 1) for k, name in enumerate(other)}
        own = layers[level]
        mean = {
            name: _mean([place[one] for one in beside.get(name, ())], k / len(own))
            for k, name in enumerate(own)
        }
        own.sort(key=mean.__getitem__)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _columns(
    layers: list[list[str]], up: Mapping[str, list[str]], down: Mapping[str, list[str]]
) -> dict[str, float]:
    """Columns near those of the neighbours, in the order of each layer."""
    columns = {name: float(k) for layer in layers for k, name in enumerate(layer)}
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = [
                _mean(
                    [columns[one] for one in (*up.get(name, ()), *down.get(name, ()))],
                    columns[name],
                )
                for name in layer
            ]
            gaps = [_gap(one, other) for one, other in pairwise(layer)]
            columns |= dict(zip(layer, _apart(wanted, gaps), strict=True))
    left = min(columns.values(), default=0.0)
    return {name: column - left for name, column in columns.items()}


def _gap(one: str, other: str) -> float:
    """A point that an edge runs through needs less room than a node."""
    return 1.0 - 0.3 * ("@" in one) - 0.3 * ("@" in other)


def _apart(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Places in this order, at least the gaps apart, nearest to those wanted.

    Isotonic regression: neighbours that are too near are pooled, and share a mean.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=False):
        total, count = place - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            more, others = pools.pop()
            total, count = total + more, count + others
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=False)]
