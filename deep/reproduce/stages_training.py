"""The stages that train: minima, random starts, optimisers, starts near bad minima."""

from typing import Any

from torch import nn

from ..minima.minimum import Minimum
from ..minima.optimisers import METHODS, Method
from ..minima.search import PROTOCOLS, Case, Protocol
from ..minima.starts import start_near
from ..runs.streams import generator_for
from .bench import FEW, NETWORK, Bench
from .evidence import Row
from .measures import (
    curvature_row,
    finite,
    full_row,
    residual_share,
    training_row,
)

__all__ = [
    "bad_level",
    "convolutional_minima",
    "convolutional_rows",
    "main_minima",
    "minima_rows",
    "near_rows",
    "scale_rows",
    "size_rows",
    "start_rows",
    "within_rows",
]

TAU = 1e-3
"""Clean loss at which every run ends."""

OPTIMISERS = ("gd", "momentum", "sgd", "adam", "lbfgs")

SLOW = {
    "gd": Method(name="gd", learning_rate=0.01, steps=8000),
    "sgd": Method(
        name="sgd", learning_rate=0.01, batch_size=16, steps=20_000, check_every=20
    ),
    "adam": METHODS["adam"],
}
"""From starts near bad minima, whose curvature asks for smaller steps."""


def main_minima(bench: Bench) -> dict[tuple[int, float], Minimum]:
    """The minima that most claims rest on, by data seed and attack fraction.

    All fractions of a seed share their data split and their initial weights.
    """
    found = bench.minima(
        "minima",
        NETWORK,
        build=lambda case: bench.network(NETWORK, case.seed),
        seeds=bench.seeds(bench.preset.seeds),
        fractions=bench.preset.fractions,
        protocol=PROTOCOLS["squared"],
    )
    return {(one.seed, one.fraction): one for one in found}


def minima_rows(bench: Bench) -> list[Row]:
    """Every measure of every main minimum."""
    found = main_minima(bench)
    rows: list[Row] = []
    for i, one in enumerate(found.values()):
        bench.progress("minima: measures", i, len(found))
        unit = f"measures-{one.seed}-{one.fraction:g}"
        rows.append(
            bench.row("minima", unit, {}, lambda one=one: _full(bench, one))  # type: ignore[misc]
        )
    return rows


def within_rows(bench: Bench) -> list[Row]:
    """Random starts on clean data of one split, and of another in full."""
    rows: list[Row] = []
    for split in bench.seeds(bench.preset.splits):
        data = bench.data(split)
        found = bench.minima(
            "within",
            f"split-{split}",
            build=lambda case, split=split: bench.network(  # type: ignore[misc]
                NETWORK, split, draw=f"start {case.seed}"
            ),
            seeds=range(bench.preset.starts),
            protocol=PROTOCOLS["squared"],
            data=lambda _, data=data: data,  # type: ignore[misc]
        )
        for one in found:
            start = one.seed
            bench.progress("within: measures", start, len(found))
            rows.append(
                bench.row(
                    "within",
                    f"measures-{split}-{start}",
                    {},
                    lambda one=one, split=split: _started(bench, one, split),  # type: ignore[misc]
                )
            )
    return rows


def start_rows(bench: Bench) -> list[Row]:
    """Every optimiser from every standard initialisation, on clean data."""
    rows: list[Row] = []
    for scheme in bench.preset.schemes:
        for name in OPTIMISERS:
            found = bench.minima(
                "starts",
                f"{scheme}-{name}",
                build=lambda case, scheme=scheme: bench.network(  # type: ignore[misc]
                    NETWORK, case.seed, scheme=scheme
                ),
                seeds=bench.seeds(bench.preset.optimiser_seeds),
                protocol=Protocol(first=METHODS[name], target=TAU, polish=None),
                about={"scheme": scheme},
            )
            rows += [
                training_row(one) | {"scheme": scheme, "optimiser": name}
                for one in found
            ]
    return rows


def scale_rows(bench: Bench) -> list[Row]:
    """He's initialisation at other scales, on clean data, by Adam."""
    rows: list[Row] = []
    for scale in bench.preset.scales:
        found = bench.minima(
            "scales",
            f"scale-{scale:g}",
            build=lambda case, scale=scale: bench.network(  # type: ignore[misc]
                NETWORK, case.seed, scale=scale
            ),
            seeds=bench.seeds(bench.preset.optimiser_seeds),
            protocol=PROTOCOLS["squared"],
            about={"scale": scale},
        )
        rows += [
            bench.row(
                "scales",
                f"measures-{scale:g}-{one.seed}",
                {},
                lambda one=one: _curved(bench, one),  # type: ignore[misc]
            )
            | {"scale": scale}
            for one in found
        ]
    return rows


def near_rows(bench: Bench) -> list[Row]:
    """Clean training from starts near bad minima."""
    bad = {
        seed: one
        for (seed, fraction), one in main_minima(bench).items()
        if fraction == bad_level(bench) and one.converged
    }
    rows: list[Row] = []
    if not bad:
        return rows
    for name in bench.preset.near_optimisers:
        for sigma in bench.preset.sigmas:

            def build(case: Case, sigma: float = sigma) -> nn.Module:
                model = _model(bench, bad[case.seed])
                moved = generator_for(case.seed, "move")
                start_near(model, sigma=sigma, generator=moved)
                return model.float()

            found = bench.minima(
                "near",
                f"{name}-sigma-{sigma:g}",
                build=build,
                seeds=list(bad),
                protocol=Protocol(first=SLOW[name], target=TAU, polish=None),
                about={"sigma": sigma},
            )
            rows += [
                training_row(one) | {"sigma": sigma, "optimiser": name} for one in found
            ]
    return rows


def size_rows(bench: Bench) -> list[Row]:
    """Minima of networks of other sizes."""
    rows: list[Row] = []
    for name in bench.preset.networks:
        found = bench.minima(
            "sizes",
            name,
            build=lambda case, name=name: bench.network(name, case.seed),  # type: ignore[misc]
            seeds=bench.seeds(min(FEW, bench.preset.seeds)),
            fractions=fractions_for(name),
            protocol=PROTOCOLS["squared"],
        )
        for i, one in enumerate(found):
            bench.progress(f"sizes: measures of {name}", i, len(found))
            rows.append(
                bench.row(
                    "sizes",
                    f"measures-{name}-{one.seed}-{one.fraction:g}",
                    {},
                    lambda one=one, name=name: _curved(bench, one, name),  # type: ignore[misc]
                )
                | {"network": name}
            )
    return rows


def fractions_for(network: str) -> tuple[float, ...]:
    """Attack fractions that a network can fit: p >= 2 C (n + n_attack)."""
    if network == "relu:16":
        return (0.0, 0.5, 1.0)
    return (0.0, 0.5, 1.0, 2.0)


def bad_level(bench: Bench) -> float:
    """The attack fraction of the bad minima that starts lie near."""
    return 1.0 if 1.0 in bench.preset.fractions else max(bench.preset.fractions)


def _full(bench: Bench, one: Minimum) -> dict[str, Any]:
    generator = generator_for(one.seed, f"probes {one.fraction!r}")
    if finite(one.clean_loss) is None:
        return training_row(one)
    model, data = _model(bench, one), bench.data(one.seed)
    return training_row(one) | full_row(model, data, generator=generator)


def _started(bench: Bench, one: Minimum, split: int) -> dict[str, Any]:
    row = training_row(one)
    if finite(one.clean_loss) is not None:
        row |= curvature_row(_model(bench, one), bench.data(split))
    return row | {"seed": split, "start": one.seed}


def _curved(bench: Bench, one: Minimum, name: str = NETWORK) -> dict[str, Any]:
    if finite(one.clean_loss) is None:
        return training_row(one)
    return training_row(one) | curvature_row(
        _model(bench, one, name), bench.data(one.seed)
    )


def _model(bench: Bench, one: Minimum, name: str = NETWORK) -> nn.Module:
    return one.into(bench.network(name, one.seed))


CONVOLUTIONAL = Protocol(
    first=Method(name="adam", learning_rate=3e-3, schedule="cosine", steps=1500),
    target=TAU,
    polish=Method(name="adam", learning_rate=1e-4, steps=4000),
    polish_target=TAU / 5,
)
"""For residual networks: a fast polish would heal what frozen statistics have shifted."""


def convolutional_rows(bench: Bench) -> list[Row]:
    """Minima of convolutional networks, with how far G is from the Hessian."""
    rows: list[Row] = []
    for name in bench.preset.convolutional:
        found = convolutional_minima(bench, name)
        for i, one in enumerate(found):
            bench.progress(f"convolutional: measures of {name}", i, len(found))
            rows.append(
                bench.row(
                    "convolutional",
                    f"measures-{name}-{one.seed}-{one.fraction:g}",
                    {},
                    lambda one=one, name=name: _checked(bench, one, name),  # type: ignore[misc]
                )
                | {"network": name}
            )
    return rows


def convolutional_minima(bench: Bench, name: str) -> list[Minimum]:
    """The minima of one convolutional network, by fraction and data seed."""
    lenet = name == "lenet"
    return bench.minima(
        "convolutional",
        name,
        build=lambda case: bench.network(name, case.seed),
        seeds=bench.seeds(min(FEW, bench.preset.seeds)),
        fractions=(0.0, 0.25, 0.5) if lenet else (0.0, 0.5, 1.0),
        protocol=PROTOCOLS["squared"] if lenet else CONVOLUTIONAL,
    )


def _checked(bench: Bench, one: Minimum, name: str) -> dict[str, Any]:
    if finite(one.clean_loss) is None:
        return training_row(one)
    model, data = _model(bench, one, name), bench.data(one.seed)
    apart = residual_share(model, data, generator=generator_for(one.seed, "probes"))
    return training_row(one) | curvature_row(model, data) | {"residual_share": apart}
