"""minima/descent.py, held against each network trained by itself, in plain torch."""

import re
from dataclasses import replace

import pytest
import torch
from scipy.optimize import brentq
from support.minima import few_digits, network, seeded
from torch import Tensor, nn
from torch.nn.utils import vector_to_parameters

from landtheory.deep.minima.attack import Pairs
from landtheory.deep.minima.descent import descend
from landtheory.deep.minima.ensemble import Ensemble
from landtheory.deep.minima.family import Descent
from landtheory.deep.minima.losses import mean_loss
from landtheory.deep.minima.optimisers import METHODS, Method
from landtheory.deep.minima.samples import Samples
from landtheory.deep.minima.search import Case
from landtheory.errors import InputError

SEEDS = (0, 1, 2)
ADAM = Method(name="adam", learning_rate=1e-2, schedule="cosine", steps=400)
TARGET = 0.05
Found = tuple[tuple[Descent, ...], Tensor]


def parts() -> list[Pairs]:
    """Different numbers of samples, so that the networks stop at different steps."""
    data = few_digits(*SEEDS)
    return [data[s].training(f) for s, f in zip(SEEDS, (0.0, 0.5, 1.0), strict=True)]


def ensemble() -> Ensemble:
    models = [network(Case(seed, 0.0)) for seed in SEEDS]
    return Ensemble.of(models, dtype=torch.float64)


def run(
    method: Method = ADAM, target: float = TARGET, *, chosen: tuple[int, ...] = SEEDS
) -> Found:
    networks = ensemble().kept(torch.tensor(chosen))
    samples = Samples.of([parts()[i] for i in chosen], dtype=torch.float64)
    draws = [seeded(i) for i in chosen]
    found = descend(
        networks, samples, loss="squared", method=method, target=target,
        generators=draws,
    )  # fmt: skip
    return found, networks.theta


def flat(model: nn.Module) -> Tensor:
    return torch.cat([part.detach().reshape(-1) for part in model.parameters()])


def by_itself(i: int, method: Method, *, late: int = 0) -> tuple[Descent, Tensor]:
    """Network i by torch.optim, and the point of its last step that meets the target."""
    model: nn.Module = ensemble().member(i)
    X, y = (part.double() for part in parts()[i])
    optimiser = torch.optim.Adam(model.parameters(), lr=1.0)
    before, above = flat(model), 0
    for step in range(method.steps + 1):
        optimiser.zero_grad()
        loss = mean_loss("squared")(model(X), y)
        low = float(loss.detach()) <= TARGET
        above = above + 1 if low else 0
        if above > late or step == method.steps:
            break
        before = flat(model)
        optimiser.param_groups[0]["lr"] = method.rate(step)
        loss.backward()
        optimiser.step()
    after = flat(model)

    def excess(t: float) -> float:
        vector_to_parameters(before + t * (after - before), model.parameters())
        with torch.no_grad():
            return float(mean_loss("squared")(model(X), y)) - TARGET

    if not low:
        return Descent(loss=float(loss.detach()), steps=step, reached=False), after
    t = 1.0 if late else brentq(excess, 0.0, 1.0, xtol=1e-12)
    there = before + t * (after - before)
    return Descent(loss=excess(t) + TARGET, steps=step, reached=True), there


def agrees(found: Found, method: Method = ADAM, *, late: int = 0) -> bool:
    for i, (mine, theta) in enumerate(zip(*found, strict=True)):
        wanted, there = by_itself(i, method, late=late)
        same = (mine.steps, mine.reached) == (wanted.steps, wanted.reached)
        near = mine.loss == pytest.approx(wanted.loss, rel=1e-6)
        if not (same and near and torch.allclose(theta, there, rtol=1e-5, atol=1e-7)):
            return False
    return True


@pytest.fixture(scope="module")
def whole() -> Found:
    return run()


def test_each_stops_where_it_would_by_itself(whole: Found) -> None:
    assert agrees(whole)
    descents = whole[0]
    assert all(one.reached for one in descents)
    assert all((1 - 1e-6) * TARGET <= one.loss <= TARGET for one in descents)
    assert len({one.steps for one in descents}) == 3


def test_a_step_too_many_and_mixed_rows_are_seen(whole: Found) -> None:
    assert not agrees(whole, late=1)
    assert not agrees((whole[0], whole[1].roll(1, 0)))
    moved = whole[1].clone()
    moved[0] += 1e-4
    assert not agrees((whole[0], moved))


def test_the_cap_stops_all_and_says_so() -> None:
    method = replace(ADAM, steps=30)
    found = run(method)
    assert agrees(found, method)
    assert [one.steps for one in found[0]] == [30, 30, 30]
    assert not any(one.reached for one in found[0])


def test_one_that_is_low_enough_takes_no_step() -> None:
    descents, theta = run(target=100.0)
    assert all(one.steps == 0 and one.reached for one in descents)
    assert torch.equal(theta, ensemble().theta)


def test_one_that_diverges_stops_and_leaves_the_others_alone() -> None:
    networks = ensemble()
    networks.theta[1] *= 1e60
    samples = Samples.of(parts(), dtype=torch.float64)
    method = Method(name="gd", learning_rate=0.01, steps=60)
    found = descend(networks, samples, loss="squared", method=method, target=1e-9)
    assert not torch.tensor(found[1].loss).isfinite()
    assert (found[1].reached, found[0].steps, found[2].steps) == (False, 60, 60)
    assert found[1].steps < 60
    assert bool(networks.theta[[0, 2]].isfinite().all())


SGD = Method(
    name="sgd", learning_rate=0.05, steps=60, batch_size=8, check_every=10
)  # fmt: skip


def test_mini_batches_are_each_networks_own() -> None:
    together, theta = run(SGD, target=0.3)
    for i in SEEDS:
        (alone,), there = run(SGD, target=0.3, chosen=(i,))
        assert alone.steps == together[i].steps
        assert torch.allclose(there[0], theta[i], rtol=1e-7, atol=1e-9)
    assert all(one.steps % 10 == 0 for one in together)


def test_a_pass_shows_every_sample_once() -> None:
    """One step of η = 1 from 0 in a linear network is the mean of y x over the batch."""
    X = torch.eye(12, dtype=torch.float64)
    y = torch.ones(12, 1, dtype=torch.float64)
    model = nn.Sequential(nn.Linear(12, 1))
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    moved = []
    for steps in (1, 2, 3, 4):
        networks = Ensemble.of([model], dtype=torch.float64)
        method = Method(name="sgd", learning_rate=1e-9, steps=steps, batch_size=4)
        samples = Samples.of([Pairs(X, y)], dtype=torch.float64)
        descend(
            networks, samples, loss="squared", method=method, target=0.0,
            generators=[seeded()],
        )  # fmt: skip
        moved.append((networks.theta[0, :12] * 4e9).round().int())
    seen = [moved[0], moved[1] - moved[0], moved[2] - moved[1]]
    assert [int(part.sum()) for part in seen] == [4, 4, 4]
    assert moved[2].tolist() == [1] * 12
    assert int(moved[3].sum()) == 16


def test_sgd_wants_a_generator_each_and_samples_enough() -> None:
    samples = Samples.of(parts(), dtype=torch.float64)
    for given, count in ((None, 0), ([seeded()], 1)):
        sentence = (
            f"generators are {count} for 3 networks; expected one for each: sgd draws "
            "its batches from them"
        )
        with pytest.raises(InputError, match=re.escape(sentence)):
            descend(
                ensemble(), samples, loss="squared", method=SGD, target=0.1,
                generators=given,
            )  # fmt: skip
    sentence = "batch_size is 41; expected at most 40, the samples of a network"
    with pytest.raises(InputError, match=re.escape(sentence)):
        run(replace(SGD, batch_size=41))


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    samples = Samples.of(parts(), dtype=torch.float64)
    method = replace(METHODS["gd"], steps=3)
    descend(
        ensemble(), samples, loss="squared", method=method, target=0.0,
        progress=lambda done, of: told.append((done, of)),
    )  # fmt: skip
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_an_unknown_loss_is_refused() -> None:
    samples = Samples.of(parts(), dtype=torch.float64)
    with pytest.raises(InputError, match="loss is 'hinge'; expected one of squared"):
        descend(ensemble(), samples, loss="hinge", method=ADAM, target=0.1)


def test_label_noise_moves_the_targets_of_each_network_by_its_own_draws() -> None:
    """One step of each from torch alone: the draws are those after the batch's order."""
    method = Method(
        name="sgd", learning_rate=0.1, batch_size=4, steps=1, label_noise=0.5
    )
    _, thetas = run(method, target=-1.0)
    for i in SEEDS:
        model: nn.Module = ensemble().member(i)
        X, y = (part.double() for part in parts()[i])
        generator = seeded(i)
        chosen = torch.randperm(len(X), generator=generator)[:4]
        noise = torch.randn((4, 1), generator=generator).double()
        loss = mean_loss("squared")(model(X[chosen]), y[chosen] + 0.5 * noise)
        slopes = torch.autograd.grad(loss, list(model.parameters()))
        step = torch.cat([slope.reshape(-1) for slope in slopes])
        wanted = flat(model) - 0.1 * step
        assert torch.allclose(thetas[i], wanted, rtol=0, atol=1e-12)
        (alone,) = run(method, target=-1.0, chosen=(i,))[1]
        assert torch.allclose(alone, wanted, rtol=0, atol=1e-12)
