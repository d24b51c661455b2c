"""A whole small reproduction: what is measured, against torch itself and other runs."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from support.planted import planted
from support.tiny import tiny_preset

from landtheory.deep.landscape.radius import filter_norms
from landtheory.deep.minima.attack import parity_data
from landtheory.deep.reproduce.bench import POOL, SAMPLES, Bench
from landtheory.deep.reproduce.claims import judge
from landtheory.deep.reproduce.evidence import Evidence
from landtheory.deep.reproduce.measures import (
    RADIUS_HEIGHT,
    _radius,
    complexity_bound,
    point_of,
    training_row,
)
from landtheory.deep.reproduce.run import STAGES, Reproduction, reproduce
from landtheory.deep.reproduce.settings import ORDER, ReproduceSettings
from landtheory.deep.reproduce.stages_training import _curved, main_minima
from landtheory.deep.reproduce.store import ReproduceFolder, Store

CPU = torch.device("cpu")
CLAIMS = ("C4b", "C5", "C8")


class Killed(Exception):  # noqa: N818 - no error of the program
    """A process that went away."""


class Mortal(ReproduceFolder):
    """A folder whose process goes away as it is about to keep its k-th result."""

    def __init__(self, path: Path, at: int) -> None:
        super().__init__(path, identity(), resume=False)
        self.left = at

    def _keep(self, *result: Any) -> None:
        self.left -= 1
        if not self.left:
            raise Killed
        super()._keep(*result)


def told(what: str, done: int, of: int) -> None:
    """Progress that makes sense."""
    assert what
    assert 0 <= done <= of


@pytest.fixture(autouse=True, scope="module")
def tiny() -> Iterator[None]:
    with tiny_preset():
        yield


def settings(seed: int = 0) -> ReproduceSettings:
    return ReproduceSettings(claims=CLAIMS, preset="tiny", seed=seed)


def identity(seed: int = 0) -> dict[str, Any]:
    return {"version": "1", "device": "cpu", "settings": settings(seed).record()}


def values(found: Reproduction) -> list[str]:
    """Every row and every finding."""
    rows = [
        json.dumps([s, dict(row)]) for s, rows in found.table.items() for row in rows
    ]
    return rows + [json.dumps(one.record()) for one in found.findings]


@pytest.fixture(scope="module")
def whole() -> Reproduction:
    return reproduce(settings(), Store(identity()), device=CPU, progress=told)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench(settings(), Store(identity()), device=CPU, progress=told)


def test_every_stage_has_its_function() -> None:
    assert tuple(STAGES) == ORDER


def test_what_the_claims_need_is_measured(whole: Reproduction) -> None:
    found = whole
    assert tuple(found.table) == (
        "minima", "near", "lines", "volumes",
    )  # fmt: skip
    assert [one.claim for one in found.findings] == list(CLAIMS)
    sizes = {stage: len(rows) for stage, rows in found.table.items()}
    # 2 seeds x 2 fractions; 2 sigmas x 2 seeds; 2 heights x 2 starts x 2 seeds; 1 seed
    assert sizes == {"minima": 4, "near": 4, "lines": 8, "volumes": 2}
    assert found.methods["test_samples"] == 1797 - SAMPLES - POOL


def jacobian(
    X: torch.Tensor, W: torch.Tensor, b: torch.Tensor, a: torch.Tensor
) -> torch.Tensor:
    """J by hand, whose singular values are those of the Gauss-Newton matrix."""
    active = ((X @ W.T + b) > 0).double()
    return torch.cat(
        [
            (active * a)[:, :, None].mul(X[:, None, :]).flatten(1),
            active * a,
            (X @ W.T + b).relu(),
            torch.ones(len(X), 1, dtype=torch.float64),
        ],
        dim=1,
    )


def test_a_minimum_is_measured_as_torch_itself_would(
    whole: Reproduction, bench: Bench
) -> None:
    one = main_minima(bench)[0, 2.0]
    row = next(r for r in whole.table["minima"] if (r["seed"], r["fraction"]) == (0, 2))
    data = parity_data(0, samples=SAMPLES, pool=POOL)
    X, y = data.clean.X.double().flatten(1), data.clean.y.double()
    W, b, a, c = (one.state[name].double() for name in one.state)
    assert (W.shape, b.shape, a.shape, c.shape) == ((32, 64), (32,), (1, 32), (1,))

    def f(x: torch.Tensor) -> torch.Tensor:
        return (a @ (W @ x + b).relu() + c)[0]

    outputs = torch.stack([f(x) for x in X])
    assert row["clean_loss"] == pytest.approx(0.5 * (outputs - y[:, 0]).square().mean())
    right = torch.stack([f(x) for x in data.test.X.double().flatten(1)])
    right = ((right * data.test.y[:, 0]) > 0).double()
    assert row["accuracy"] == pytest.approx(float(right.mean()))
    J = jacobian(X, W, b, a)
    eigenvalues = torch.linalg.svdvals(J).square() / len(X)
    assert row["trace"] == pytest.approx(float(eigenvalues.sum()), rel=1e-9)
    assert row["lambda_max"] == pytest.approx(float(eigenvalues[0]), rel=1e-9)
    assert [row[n] for n in ("count", "count_0.1", "count_1", "count_10")] == [
        int((eigenvalues > size).sum()) for size in (0.01, 0.1, 1, 10)
    ]
    logs = [float(-0.5 * part.log().sum()) for part in eigenvalues.split([50, 150])]
    assert row["log_volume_50"] == pytest.approx(logs[0], rel=1e-9)
    assert row["left_out_50"] == pytest.approx(logs[1], rel=1e-6)
    # β = n, τ² = 1
    soft = -0.5 * (len(X) * eigenvalues).log1p()
    assert row["regularised"] == pytest.approx(float(soft.sum()), rel=1e-9)
    gradient = J.T @ (outputs - y[:, 0]) / len(X)
    assert row["gradient_norm"] == pytest.approx(float(gradient.norm()), rel=1e-9)
    Cx = float(torch.func.vmap(torch.func.grad(f))(X).square().sum(1).mean())
    assert row["complexity"] == pytest.approx(Cx, rel=1e-9)
    bias = ((X @ W.T + b) > 0).double() * a
    bound = float((W @ W.T).norm() * (bias.T @ bias / len(X)).norm())
    assert row["complexity_ratio"] == pytest.approx(Cx / bound, rel=1e-9)
    # the identity behind the bound: E‖∇ₓf‖² = ⟨WWᵀ, G_bb⟩
    assert float((W @ W.T * (bias.T @ bias / len(X))).sum()) == pytest.approx(Cx)


def test_the_balanced_network_is_measured_as_torch_itself_would(
    whole: Reproduction, bench: Bench
) -> None:
    """Its neurons have one norm going in and out."""
    one = main_minima(bench)[0, 2.0]
    row = next(r for r in whole.table["minima"] if (r["seed"], r["fraction"]) == (0, 2))
    X = parity_data(0, samples=SAMPLES, pool=POOL).clean.X.double().flatten(1)
    W, b, a, _ = (one.state[name].double() for name in one.state)
    J = jacobian(X, W, b, a)
    inner = torch.cat([W, b[:, None]], 1).norm(dim=1)
    t = (a[0].abs() / inner).sqrt()
    even = torch.cat(
        [J[:, :2048] / t.repeat_interleave(64), J[:, 2048:2080] / t,
         J[:, 2080:2112] * t, J[:, 2112:]], dim=1
    )  # fmt: skip
    level = torch.linalg.svdvals(even).square() / len(X)
    for name, value in (
        ("trace", level.sum()),
        ("lambda_max", level[0]),
        ("frobenius", level.norm()),
        ("count", (level > 0.01).sum()),
        ("log_volume_50", -0.5 * level[:50].log().sum()),
        ("regularised", -0.5 * (len(X) * level).log1p().sum()),
    ):
        assert row[f"balanced_{name}"] == pytest.approx(float(value), rel=1e-6)


def test_the_radius_is_where_the_loss_has_risen(bench: Bench) -> None:
    """At a third of it and at three times it, the loss is below and above."""
    one = main_minima(bench)[0, 0.0]
    point = point_of(one.into(bench.network("relu:32", 0)), bench.data(0).clean)
    row = _radius(point, torch.Generator().manual_seed(0))
    norms = filter_norms(point.parameters, point.theta)
    v = torch.randn(point.p, generator=torch.Generator().manual_seed(1)).double()
    v = v * norms / filter_norms(point.parameters, v).clamp(min=1e-300)
    r = row["radius"]
    with point.ready():
        low, high = (point.value(point.theta + t * v) for t in (r / 3, 3 * r))
    assert low < point.loss + RADIUS_HEIGHT < high
    assert row["radius_unbounded"] == 0


def test_the_bound_of_the_complexity_takes_the_biases_and_no_other_columns(
    bench: Bench,
) -> None:
    from landtheory.deep.landscape.gram import gauss_newton

    one = main_minima(bench)[0, 0.0]
    point = point_of(one.into(bench.network("relu:32", 0)), bench.data(0).clean)
    G = gauss_newton(point)
    B = G.factor[:, 2048:2080]
    W = point.theta[:2048].view(32, 64)
    wanted = float((W @ W.T).norm() * (B.T @ B).norm())
    assert complexity_bound(point, G) == pytest.approx(wanted)
    shifted = G.factor[:, 2049:2081]
    assert float((shifted.T @ shifted).norm()) != pytest.approx(float((B.T @ B).norm()))


def test_fractions_of_a_seed_share_data_and_start_and_seeds_do_not(
    bench: Bench,
) -> None:
    starts = [bench.network("relu:32", seed).state_dict() for seed in (0, 0, 1)]
    assert torch.equal(starts[0]["hidden1.weight"], starts[1]["hidden1.weight"])
    assert not torch.equal(starts[0]["hidden1.weight"], starts[2]["hidden1.weight"])
    other = bench.network("relu:32", 0, draw="other initialisation").state_dict()
    assert not torch.equal(starts[0]["hidden1.weight"], other["hidden1.weight"])
    assert bench.data(0).fingerprint() != bench.data(1).fingerprint()


def test_starts_near_a_bad_minimum_begin_there(
    whole: Reproduction,
) -> None:
    near = [row for row in whole.table["near"] if row["sigma"] == 0.05]
    bad = {r["seed"]: r for r in whole.table["minima"] if r["fraction"] == 2}
    for row in near:
        assert abs(row["accuracy"] - bad[row["seed"]]["accuracy"]) < 0.1


@pytest.mark.parametrize("at", [2, 12])
def test_a_killed_run_goes_on_to_the_same_result(
    tmp_path: Path, whole: Reproduction, at: int
) -> None:
    store = Mortal(tmp_path, at)
    store.begin()
    with pytest.raises(Killed):
        reproduce(settings(), store, device=CPU, progress=told)
    kept = sorted((tmp_path / "results").rglob("*.safetensors"))
    assert len(kept) == at - 1
    before = {path: path.read_bytes() for path in kept}
    again = ReproduceFolder(tmp_path, identity(), resume=True)
    again.begin()
    found = reproduce(settings(), again, device=CPU, progress=told)
    assert values(found) == values(whole)
    assert all(path.read_bytes() == content for path, content in before.items())


def test_another_seed_finds_other_networks(whole: Reproduction) -> None:
    one = ReproduceSettings(claims=("C1",), preset="tiny", seed=1)
    bench = Bench(one, Store({}), device=CPU, progress=told)
    accuracies = {m.test_accuracy for m in main_minima(bench).values()}
    assert accuracies.isdisjoint(row["accuracy"] for row in whole.table["minima"])


def test_a_network_that_diverged_is_a_row_without_a_spectrum(bench: Bench) -> None:
    one = main_minima(bench)[0, 0.0]
    inf = float("inf")
    lost = replace(one, clean_loss=inf, test_loss=inf, weight_norm=inf, converged=False)
    row = _curved(bench, lost)
    assert row == training_row(lost)
    assert row["clean_loss"] is row["weight_norm"] is None
    json.dumps(row, allow_nan=False)
    assert "trace" in _curved(bench, one)


def test_a_line_without_an_end_counts_for_neither_side() -> None:
    rows = [row | {"good_width": None} for row in planted()["lines"][:4]]
    table = planted()["lines"] + rows
    finding = judge(["C5"], Evidence({"lines": table}, seed=0, draws=20))[0]
    assert finding.word == "held"
    assert "15 of 15 pairs" in finding.sentence
