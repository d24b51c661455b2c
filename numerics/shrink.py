"""From a counterexample to a smaller and simpler one.

Samples, hidden units, inputs and outputs are dropped while the claim stays broken; then
entries become 0, ±1 or whole numbers, all candidates of a round judged together.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ..theory.theorems import Claim
from .bounded import exact
from .counterexample import Counterexample, counterexample
from .drawn import Drawn, Layers
from .forward import Array, parameter_slices
from .instances import Instances
from .judge import judge
from .quantities import Quantities

__all__ = ["off_kinks", "repeated", "shrink"]

ROUNDS = 16
"""Rounds of simplifying entries; each takes one judgement of a batch."""


def shrink(claim: Claim, found: Counterexample) -> Counterexample:
    """Smallest counterexample that greedy steps from `found` reach.

    Parameters
    ----------
    claim : Claim
        Broken at `found`.
    found : Counterexample
        Where to start.
    """
    best = _fewer(claim, found)
    if best.instances.residual_error is not None:
        return best
    for _ in range(ROUNDS):
        simpler = _simpler(claim, best)
        if simpler is None:
            break
        best = simpler
    return best


def _fewer(claim: Claim, found: Counterexample) -> Counterexample:
    best = found
    smaller: Counterexample | None = found
    while smaller is not None:
        best = smaller
        smaller = None
        for instances, drawn in _parts(best.instances, best.drawn):
            if claim.outputs == "one" and instances.outputs != 1:
                continue
            smaller = counterexample(claim, instances, drawn)
            if smaller is not None:
                break
    return best


def _parts(at: Instances, drawn: Drawn) -> Iterator[tuple[Instances, Drawn]]:
    """The instance without one of its samples, units, inputs or outputs."""
    n, d = at.x.shape[1:]
    m, C = at.width, at.outputs
    for i in range(n if n > 1 else 0):
        keep = np.delete(np.arange(n), i)
        arrays: dict[str, Any] = {
            name: None if (a := getattr(at, name)) is None else a[:, keep]
            for name in ("x", "t", "residual", "residual_error", "output_hessian")
        }
        yield replace(at, **arrays), drawn
    place = parameter_slices(inputs=d, width=m, outputs=C)
    index = np.arange(place["c"].stop)
    W = index[place["W"]].reshape(m, d)
    A = index[place["A"]].reshape(m, C)
    b, c = index[place["b"]], index[place["c"]]
    for k in range(m if m > 1 else 0):
        units = np.delete(np.arange(m), k)
        kept = np.concatenate([W[units].ravel(), b[units], A[units].ravel(), c])
        part = replace(at, theta=at.theta[:, kept], width=m - 1)
        yield part, _without_unit(drawn, units, kept)
    for j in range(d if d > 1 else 0):
        inputs = np.delete(np.arange(d), j)
        kept = np.concatenate([W[:, inputs].ravel(), b, A.ravel(), c])
        part = replace(at, x=at.x[..., inputs], theta=at.theta[:, kept])
        yield part, _with_parameters(drawn, kept)
    if at.residual is not None and at.output_hessian is None:
        for e in range(C if C > 1 else 0):
            outputs = np.delete(np.arange(C), e)
            kept = np.concatenate([W.ravel(), b, A[:, outputs].ravel(), c[outputs]])
            error = at.residual_error
            part = replace(
                at,
                theta=at.theta[:, kept],
                outputs=C - 1,
                residual=at.residual[..., outputs],
                residual_error=None if error is None else error[..., outputs],
            )
            layers = replace(drawn.layers, B=drawn.layers.B[:, outputs])
            yield part, replace(_with_parameters(drawn, kept), layers=layers)


def _with_parameters(drawn: Drawn, kept: Array) -> Drawn:
    return replace(
        drawn,
        v=drawn.v[:, kept],
        neighbour=drawn.neighbour[:, kept],
        first=drawn.first[:, kept],
        second=drawn.second[:, kept],
        middle=drawn.middle[:, kept],
    )


def _without_unit(drawn: Drawn, units: Array, kept: Array) -> Drawn:
    order = drawn.permutation[:, units].argsort(axis=-1).argsort(axis=-1)
    layers = Layers(V=drawn.layers.V[..., units], e=drawn.layers.e, B=drawn.layers.B)
    return replace(
        _with_parameters(drawn, kept),
        alpha=drawn.alpha[:, units],
        beta=drawn.beta[:, units],
        flips=drawn.flips[:, units],
        permutation=order,
        layers=layers,
    )


def _simpler(claim: Claim, found: Counterexample) -> Counterexample | None:
    """The best of all one-step simplifications, or None."""
    at = found.instances
    names = [n for n in ("x", "theta", "residual") if getattr(at, n) is not None]
    flat = np.concatenate([getattr(at, name)[0].ravel() for name in names])
    candidates = _candidates(flat)
    candidates = candidates[_cost(candidates) < _cost(flat[None])[0] - 1e-12]
    if not len(candidates):
        return None
    instances = _from_flat(at, names, candidates)
    keep = off_kinks(instances)
    instances, candidates = instances.take(keep), candidates[keep]
    if not len(candidates):
        return None
    broken = _broken(claim, instances, found.drawn)
    if not broken.any():
        return None
    order = np.argsort(np.where(broken, _cost(candidates), np.inf))
    merged = _merged(flat, candidates[order[: int(broken.sum())]])
    rows = np.concatenate([merged, candidates[order[:1]]])
    instances = _from_flat(at, names, rows)
    keep = off_kinks(instances)
    instances, rows = instances.take(keep), rows[keep]
    broken = _broken(claim, instances, found.drawn)
    best = int(np.where(broken, _cost(rows), np.inf).argmin())
    one = slice(best, best + 1)
    return counterexample(claim, instances.take(one), found.drawn)


def _broken(claim: Claim, instances: Instances, drawn: Drawn) -> Array:
    extra = repeated(drawn, len(instances))
    return judge(claim, Quantities(instances), extra).broken


def _merged(flat: Array, simpler: Array) -> Array:
    """Several simplifications at once: the first 2, 4, 8, … of the sorted ones."""
    rows = []
    row = flat.copy()
    for count, candidate in enumerate(simpler, start=1):
        row = np.where((candidate != flat) & (row == flat), candidate, row)
        if count & (count - 1) == 0 or count == len(simpler):
            rows.append(row.copy())
    return np.array(rows).reshape(-1, len(flat))


def _candidates(flat: Array) -> Array:
    """Everything rounded; and each entry alone set to 0, 1, -1, or rounded."""
    whole = [np.round(flat), np.round(2 * flat) / 2, np.sign(flat), np.trunc(flat)]
    rows = [row for row in whole if (row != flat).any()]
    for place, value in enumerate(flat):
        for simple in (0.0, 1.0, -1.0, np.round(value), np.round(value * 2) / 2):
            if simple != value:
                row = flat.copy()
                row[place] = simple
                rows.append(row)
    return np.array(rows).reshape(-1, len(flat))


def _cost(rows: Array) -> Array:
    """How complicated numbers are: fractions, then size, then sign."""
    fractions = 8.0 * (rows != np.round(rows)) - 4.0 * (
        (2 * rows == np.round(2 * rows)) & (rows != np.round(rows))
    )
    size = np.minimum(np.abs(rows), 64.0)
    return (fractions + size + 1.0 * (rows != 0) + 0.1 * (rows < 0)).sum(axis=-1)


def _from_flat(at: Instances, names: list[str], rows: Array) -> Instances:
    arrays: dict[str, Any] = {}
    start = 0
    for name in names:
        shape = getattr(at, name).shape[1:]
        size = int(np.prod(shape))
        arrays[name] = rows[:, start : start + size].reshape(len(rows), *shape)
        start += size
    for name in ("t", "output_hessian"):
        array = getattr(at, name)
        if array is not None:
            arrays[name] = np.repeat(array, len(rows), axis=0)
    return replace(at, **arrays)


def off_kinks(instances: Instances) -> Array:
    """(T,): where no pre-activation is on a kink."""
    kinks = instances.activation.kinks
    z = Quantities(instances).fwd.z
    good = np.ones(len(z), dtype=bool)
    for kink in kinks:
        good &= (z != float(kink)).all(axis=(-1, -2))
    return good


def repeated(drawn: Drawn, count: int) -> Drawn:
    """The extra data of a batch of one, for a batch of `count`."""
    arrays = {
        name: np.repeat(getattr(drawn, name), count, axis=0)
        for name in Drawn.__dataclass_fields__
        if name not in ("v", "layers")
    }
    layers = Layers(
        **{
            name: np.repeat(getattr(drawn.layers, name), count, axis=0)
            for name in Layers.__dataclass_fields__
        }
    )
    return Drawn(
        v=exact(np.repeat(drawn.v.value, count, axis=0)), layers=layers, **arrays
    )
