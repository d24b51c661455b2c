"""The world of networks with Gaussian inputs: how they are drawn, read and simplified."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from .gaussian_kernels import KERNELS
from .gaussian_quantities import GaussianNetwork, GaussianQuantities, Units
from .rationals import plainer, rational, read, written
from .reading import refuse_other_names, refuse_unless
from .world import World

__all__ = ["GAUSSIAN_NETWORKS"]

KINKED = frozenset(("relu", "leaky_relu", "abs"))


def _draw(rng: np.random.Generator) -> GaussianNetwork:
    name = str(rng.choice(tuple(KERNELS)))
    d = int(rng.integers(1, 4))
    return GaussianNetwork(
        activation=name,
        variance=Fraction(int(rng.choice([1, 1, 1, 2, 4, 9])))
        / int(rng.choice([1, 1, 4])),
        own=_draw_units(name, d, rng),
        target=_draw_units(name, d, rng),
        inputs=_numbers((int(rng.integers(1, 4)), d), rng),
    )


def _draw_units(name: str, d: int, rng: np.random.Generator) -> Units:
    m = int(rng.choice([1, 1, 2, 2, 3]))
    W = _numbers((m, d), rng)
    if m > 1 and rng.random() < 0.3:
        sign = int(rng.choice([-1, 1]))
        W = (*W[:-1], tuple(sign * entry for entry in W[0]))
    if name in KINKED:
        unit = (Fraction(1), *[Fraction(0)] * (d - 1))
        W = tuple(row if any(row) else unit for row in W)
    shifts = KERNELS[name].shifts and rng.random() < 0.7
    b = _numbers((1, m), rng)[0] if shifts else (Fraction(0),) * m
    return Units(W=W, b=b, a=_numbers((1, m), rng)[0])


def _numbers(
    shape: tuple[int, int], rng: np.random.Generator
) -> tuple[tuple[Fraction, ...], ...]:
    below = int(rng.choice([1, 1, 2, 3]))
    whole = rng.integers(-3, 4, shape)
    return tuple(tuple(Fraction(int(entry), below) for entry in row) for row in whole)


def _from_example(values: Mapping[str, Any]) -> GaussianNetwork:
    refuse_other_names(
        "Gaussian network",
        values,
        ("activation", "own"),
        ("variance", "target", "inputs"),
    )
    own = values["own"]
    thing = GaussianNetwork(
        activation=str(values["activation"]),
        variance=rational("variance", values.get("variance", 1)),
        own=_units("own", own),
        target=_units("target", values.get("target", own)),
        inputs=read("inputs", values.get("inputs", ((1,) * len(own["W"][0]),))),
    )
    refuse_unless(
        _fits(thing),
        "Gaussian network",
        _record(thing),
        f"an activation among {', '.join(KERNELS)}, variance > 0, and W (m, d), b (m),"
        " a (m) of own and target for inputs (n, d), where kinked activations and erf"
        " have no b, and kinked ones no row of zeros in W",
    )
    return thing


def _units(name: str, values: Mapping[str, Any]) -> Units:
    return Units(
        W=read(f"{name} W", values["W"]),
        b=read(f"{name} b", values["b"]),
        a=read(f"{name} a", values["a"]),
    )


def _fits(thing: GaussianNetwork) -> bool:
    d = len(thing.inputs[0])
    return (
        thing.activation in KERNELS
        and thing.variance > 0
        and all(len(row) == d for row in thing.inputs)
        and all(
            _unit_fits(thing.activation, one, d) for one in (thing.own, thing.target)
        )
    )


def _unit_fits(activation: str, units: Units, d: int) -> bool:
    m = len(units.a)
    sizes = m > 0 and len(units.W) == m and len(units.b) == m
    shaped = all(len(row) == d for row in units.W)
    shifted = KERNELS[activation].shifts or not any(units.b)
    sloped = activation not in KINKED or all(any(row) for row in units.W)
    return sizes and shaped and shifted and sloped


def _simpler(thing: GaussianNetwork) -> Iterator[GaussianNetwork]:
    for candidate in _candidates(thing):
        if _fits(candidate):
            yield candidate


def _candidates(thing: GaussianNetwork) -> Iterator[GaussianNetwork]:
    d = len(thing.inputs[0])
    for j in range(d if d > 1 else 0):
        yield _without_input(thing, j)
    if len(thing.inputs) > 1:
        yield replace(thing, inputs=thing.inputs[:1])
    yield from (replace(thing, own=units) for units in _simpler_units(thing.own))
    yield from (replace(thing, target=units) for units in _simpler_units(thing.target))
    yield from (replace(thing, variance=v) for v in plainer(thing.variance))
    for i, row in enumerate(thing.inputs):
        for other in _plainer_rows(row):
            changed = (*thing.inputs[:i], other, *thing.inputs[i + 1 :])
            yield replace(thing, inputs=changed)


def _without_input(thing: GaussianNetwork, j: int) -> GaussianNetwork:
    def less(rows: Any) -> Any:
        return tuple(row[:j] + row[j + 1 :] for row in rows)

    return replace(
        thing,
        own=replace(thing.own, W=less(thing.own.W)),
        target=replace(thing.target, W=less(thing.target.W)),
        inputs=less(thing.inputs),
    )


def _simpler_units(units: Units) -> Iterator[Units]:
    m = len(units.a)
    for k in range(m if m > 1 else 0):
        yield Units(
            W=units.W[:k] + units.W[k + 1 :],
            b=units.b[:k] + units.b[k + 1 :],
            a=units.a[:k] + units.a[k + 1 :],
        )
    yield from (replace(units, a=a) for a in _plainer_rows(units.a))
    yield from (replace(units, b=b) for b in _plainer_rows(units.b))
    for k, row in enumerate(units.W):
        for other in _plainer_rows(row):
            yield replace(units, W=(*units.W[:k], other, *units.W[k + 1 :]))


def _plainer_rows(row: tuple[Fraction, ...]) -> Iterator[tuple[Fraction, ...]]:
    for place, entry in enumerate(row):
        for other in plainer(entry):
            yield (*row[:place], other, *row[place + 1 :])


def _record(thing: GaussianNetwork) -> dict[str, Any]:
    def units(one: Units) -> dict[str, Any]:
        return {"W": written(one.W), "b": written(one.b), "a": written(one.a)}

    return {
        "activation": thing.activation,
        "variance": str(thing.variance),
        "own": units(thing.own),
        "target": units(thing.target),
        "inputs": written(thing.inputs),
    }


GAUSSIAN_NETWORKS = World(
    name="gaussian-networks",
    draw=_draw,
    from_example=_from_example,
    quantities=GaussianQuantities,
    simpler=_simpler,
    record=_record,
)
