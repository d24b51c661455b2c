"""deep/reproduce/stages_escape.py: training goes on from the bad minima themselves."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from support.tiny import TINY

from landtheory.deep.minima.optimisers import Method
from landtheory.deep.reproduce import stages_escape
from landtheory.deep.reproduce.bench import Bench
from landtheory.deep.reproduce.settings import PRESETS, ReproduceSettings, stages_of
from landtheory.deep.reproduce.stages_escape import TREATMENTS, escape_rows
from landtheory.deep.reproduce.stages_training import main_minima
from landtheory.deep.reproduce.store import Store


@pytest.fixture
def bench() -> Iterator[Bench]:
    PRESETS["tiny"] = replace(TINY, treatments=("none", "weight decay 0.01"))
    settings = ReproduceSettings(claims=("C4b",), preset="tiny", seed=0)
    try:
        yield Bench(
            settings, Store({}), device=torch.device("cpu"), progress=lambda *_: None
        )
    finally:
        del PRESETS["tiny"]


def test_it_starts_at_the_bad_minima_and_decay_shrinks_the_weights(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    decays = Method(name="adam", learning_rate=3e-3, steps=400, weight_decay=1e-2,
                    check_every=400)  # fmt: skip
    still = Method(name="adam", learning_rate=1e-12, steps=1)
    monkeypatch.setattr(
        stages_escape, "TREATMENTS", {"none": still, "weight decay 0.01": decays}
    )
    rows = escape_rows(bench)
    bad = {one.seed: one for one in main_minima(bench).values() if one.fraction == 2}
    assert [(row["treatment"], row["seed"]) for row in rows] == [
        (name, seed) for name in ("none", "weight decay 0.01") for seed in bad
    ]
    for row in rows:
        one = bad[row["seed"]]
        assert row["before"] == one.test_accuracy
        if row["treatment"] == "none":
            assert row["accuracy"] == one.test_accuracy
            assert row["weight_norm"] == pytest.approx(one.weight_norm, rel=1e-6)
        else:
            assert row["steps"] == 400
            assert row["weight_norm"] < 0.9 * one.weight_norm


def test_a_preset_without_treatments_has_no_such_stage() -> None:
    assert "escape" not in stages_of(("C4b",), TINY)
    assert "escape" in stages_of(("C4b",), PRESETS["quick"])


def test_every_treatment_of_a_preset_is_known() -> None:
    for preset in PRESETS.values():
        assert set(preset.treatments) <= set(TREATMENTS)
        assert set(preset.close) <= set(preset.convolutional)
