"""deep/reproduce/stages_closer.py, against the whole Hessian of a small network."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from support.tiny import TINY

from landtheory.deep.landscape.curvature import dense_hessian
from landtheory.deep.landscape.gram import gauss_newton
from landtheory.deep.minima.minimum import Minimum
from landtheory.deep.reproduce import stages_closer
from landtheory.deep.reproduce.bench import Bench
from landtheory.deep.reproduce.measures import point_of
from landtheory.deep.reproduce.settings import PRESETS, ReproduceSettings
from landtheory.deep.reproduce.stages_closer import TOP, closer_rows
from landtheory.deep.reproduce.stages_training import main_minima
from landtheory.deep.reproduce.store import Store

NETWORK = "relu:32"


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    PRESETS["tiny"] = replace(TINY, close=(NETWORK,), convolutional=(NETWORK,))
    settings = ReproduceSettings(claims=("C6",), preset="tiny", seed=0)
    try:
        yield Bench(
            settings, Store({}), device=torch.device("cpu"), progress=lambda *_: None
        )
    finally:
        del PRESETS["tiny"]


def test_a_good_and_a_bad_minimum_of_the_first_seed_are_looked_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a network small enough for every entry of its Hessian."""

    def minima(bench: Bench, name: str) -> list[Minimum]:
        assert name == NETWORK
        found = main_minima(bench)
        middle = replace(found[0, 2.0], fraction=1.0)
        lost = replace(found[0, 2.0], fraction=9.0, converged=False)
        return [found[0, 0.0], middle, found[0, 2.0], found[1, 0.0], lost]

    monkeypatch.setattr(stages_closer, "convolutional_minima", minima)
    monkeypatch.setattr(stages_closer, "WARMUP", 100)
    monkeypatch.setattr(stages_closer, "STEPS", 100)
    rows = closer_rows(bench)
    assert [(row["seed"], row["fraction"]) for row in rows] == [(0, 0.0), (0, 2.0)]
    row = rows[-1]
    one = main_minima(bench)[0, 2.0]
    point = point_of(one.into(bench.network(NETWORK, 0)), bench.data(0).clean)
    H, _ = dense_hessian(point)
    values = torch.linalg.eigvalsh(H).flip(0)
    top = float(-0.5 * values[:TOP].log().sum())
    assert row["accuracy"] == one.test_accuracy
    assert row["lambda_max"] == pytest.approx(float(values[0]), rel=1e-3)
    assert row["log_volume_20"] == pytest.approx(top, abs=0.01)
    by_g = float(-0.5 * gauss_newton(point).eigenvalues[:TOP].log().sum())
    assert row["log_volume_20_gauss_newton"] == pytest.approx(by_g)
    whole = float(-0.5 * (200 * values.clamp(min=0)).log1p().sum())
    assert row["regularised_lower"] <= whole <= row["regularised_upper"]
    assert row["coefficient"] == pytest.approx(row["quadratic"], rel=0.4)
    assert row["p"] == point.p
