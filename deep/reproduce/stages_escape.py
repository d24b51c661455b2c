"""The stage in which training goes on from bad minima: what leaves them, and what not."""

from typing import Any

from torch import nn

from ..minima.minimum import Minimum
from ..minima.optimisers import Method
from ..minima.search import Case, Protocol
from .bench import FEW, NETWORK, Bench
from .evidence import Row
from .measures import training_row
from .stages_training import bad_level, main_minima

__all__ = ["TREATMENTS", "escape_rows"]

ALL_STEPS = 1e-12
"""A clean loss that no run reaches: each takes all of its steps."""


def _decay(strength: float, steps: int) -> Method:
    return Method(
        name="adam", learning_rate=3e-3, steps=steps, weight_decay=strength,
        check_every=steps,
    )  # fmt: skip


TREATMENTS = {
    "none": Method(name="adam", learning_rate=1e-3, steps=3000, check_every=3000),
    "small batches": Method(
        name="sgd", learning_rate=0.02, batch_size=8, steps=10_000, check_every=10_000
    ),
    "label noise 0.5": Method(
        name="sgd", learning_rate=0.01, batch_size=16, steps=6000, check_every=6000,
        label_noise=0.5,
    ),
    "weight decay 0.001": _decay(1e-3, 6000),
    "weight decay 0.01": _decay(1e-2, 4000),
}  # fmt: skip
"""How clean training goes on, by the words of the report."""


def escape_rows(bench: Bench) -> list[Row]:
    """Where bad minima come to when clean training goes on, with or without a push."""
    bad = {
        seed: one
        for (seed, fraction), one in main_minima(bench).items()
        if fraction == bad_level(bench) and one.converged
    }
    few = dict(list(bad.items())[:FEW])
    rows: list[Row] = []
    if not few:
        return rows

    def build(case: Case) -> nn.Module:
        return few[case.seed].into(bench.network(NETWORK, case.seed)).float()

    for name in bench.preset.treatments:
        found = bench.minima(
            "escape",
            name,
            build=build,
            seeds=list(few),
            protocol=Protocol(first=TREATMENTS[name], target=ALL_STEPS, polish=None),
        )
        rows += [
            _row(one) | {"treatment": name, "before": few[one.seed].test_accuracy}
            for one in found
        ]
    return rows


def _row(one: Minimum) -> dict[str, Any]:
    """Where it came to: no target was set, so that none was missed."""
    row = training_row(one)
    names = ("seed", "accuracy", "clean_accuracy", "clean_loss", "test_loss", "steps",
             "weight_norm")  # fmt: skip
    return {name: row[name] for name in names}
