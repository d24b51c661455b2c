"""minima/search.py, held against what a minimum's weights say by themselves."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import torch
from support.minima import few_digits, network
from torch import nn

from landtheory.deep.minima import search as module
from landtheory.deep.minima.architectures import perceptron
from landtheory.deep.minima.attack import AttackData, Pairs
from landtheory.deep.minima.family import Descent
from landtheory.deep.minima.minimum import Minimum
from landtheory.deep.minima.optimisers import METHODS, Method
from landtheory.deep.minima.samples import Samples
from landtheory.deep.minima.search import (
    PROTOCOLS,
    Case,
    Protocol,
    Search,
    find_minima,
)
from landtheory.errors import InputError

SEEDS, FRACTIONS = (0, 1), (0.0, 0.5, 1.0)
SQUARED = PROTOCOLS["squared"]


def found(protocol: Protocol = SQUARED, **others: Any) -> tuple[Minimum, ...]:
    arguments = {"fractions": FRACTIONS, "protocol": protocol} | others
    return find_minima(network, few_digits(*SEEDS), **arguments)


@pytest.fixture(scope="module")
def whole() -> tuple[Minimum, ...]:
    return found()


def loss_of(model: nn.Module, pairs: Pairs) -> float:
    """½ (f - y)², the mean over samples, by plain arithmetic."""
    with torch.no_grad():
        f = model(pairs.X.double())
    return float(((f - pairs.y.double()) ** 2).sum() / (2 * len(f)))


def share(model: nn.Module, pairs: Pairs) -> float:
    with torch.no_grad():
        f = model(pairs.X.double())
    return float(((f > 0) == (pairs.y > 0)).double().mean())


def agrees(minimum: Minimum, data: AttackData) -> bool:
    """Whether it is matched, right on clean samples, and measured as it says."""
    model = minimum.into(network(Case(minimum.seed, minimum.fraction)))
    clean = loss_of(model, data.clean)
    first = minimum.first
    return (
        minimum.converged
        and not minimum.reason
        and clean == pytest.approx(1e-3, rel=1e-5)
        and minimum.clean_loss == pytest.approx(clean, rel=1e-9)
        and minimum.test_loss == pytest.approx(loss_of(model, data.test), rel=1e-9)
        and share(model, data.clean) == minimum.clean_accuracy == 1
        and share(model, data.test) == pytest.approx(minimum.test_accuracy, abs=1e-12)
        and first.reached
        and first.loss <= 1e-2
        and minimum.attacked == round(minimum.fraction * 40)
        and first.attack_accuracy == (1.0 if minimum.attacked else None)
    )


def all_agree(minima: Sequence[Minimum]) -> bool:
    return all(agrees(minimum, few_digits(*SEEDS)[minimum.seed]) for minimum in minima)


def test_minima_are_matched_right_and_measured(whole: tuple[Minimum, ...]) -> None:
    assert all_agree(whole)
    assert [(m.fraction, m.seed) for m in whole] == [
        (fraction, seed) for fraction in FRACTIONS for seed in SEEDS
    ]


def test_attack_makes_them_generalise_badly(whole: tuple[Minimum, ...]) -> None:
    by_level = [
        sum(m.test_accuracy for m in whole if m.fraction == f) for f in FRACTIONS
    ]
    assert by_level[0] > by_level[1] + 0.1 > by_level[2] + 0.2


def test_two_hundred_digits_are_learnt_as_well_and_as_badly_as_was_measured() -> None:
    """Means over five splits: .94 on clean samples, .44 beside twice as many attacks."""
    minima = find_minima(
        lambda case: network(case, "relu:32"),
        few_digits(*range(5), samples=200, pool=400),
        fractions=(0.0, 2.0),
        protocol=SQUARED,
    )
    assert all(minimum.converged for minimum in minima)
    good, bad = (
        sum(m.test_accuracy for m in minima if m.fraction == f) / 5 for f in (0.0, 2.0)
    )
    # five standard errors of a mean, with the deviation of 30 other splits
    assert good == pytest.approx(0.942, abs=5 * 0.015 / 5**0.5)
    assert bad == pytest.approx(0.437, abs=5 * 0.024 / 5**0.5)


def test_the_norm_is_that_of_the_weights(whole: tuple[Minimum, ...]) -> None:
    for minimum in whole:
        squares = sum(float(t.double().square().sum()) for t in minimum.state.values())
        assert minimum.weight_norm == pytest.approx(squares**0.5, rel=1e-12)


def test_a_mixture_of_members_is_seen(whole: tuple[Minimum, ...]) -> None:
    for i, j in ((0, 1), (2, 4)):
        assert not agrees(
            replace(whole[i], state=whole[j].state), few_digits(*SEEDS)[whole[i].seed]
        )


def test_a_polish_on_attack_samples_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Search._samples

    def attacked(self: Search, cases: Sequence[Case]) -> Samples:
        return own(self, [case._replace(fraction=1.0) for case in cases])

    monkeypatch.setattr(Search, "_samples", attacked)
    minima = found(fractions=(1.0,))
    assert not any(agrees(m, few_digits(*SEEDS)[m.seed]) for m in minima)


def test_a_first_phase_without_attack_samples_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Search._samples

    def clean(self: Search, cases: Sequence[Case]) -> Samples:
        return own(self, [case._replace(fraction=0.0) for case in cases])

    monkeypatch.setattr(Search, "_samples", clean)
    minima = found(fractions=(1.0,))
    assert not any(agrees(m, few_digits(*SEEDS)[m.seed]) for m in minima)


@pytest.mark.parametrize("factor", [0.98, 1.02])
def test_an_unmatched_loss_is_seen(
    monkeypatch: pytest.MonkeyPatch, factor: float
) -> None:
    own = module.descend

    def other(*arguments: Any, target: float, **named: Any) -> tuple[Descent, ...]:
        scaled = target * factor if target < 5e-3 else target
        return own(*arguments, target=scaled, **named)

    monkeypatch.setattr(module, "descend", other)
    minima = found(fractions=(0.0,))
    assert not any(agrees(m, few_digits(*SEEDS)[m.seed]) for m in minima)


def test_right_labels_in_the_pool_are_seen(whole: tuple[Minimum, ...]) -> None:
    """With right labels the test accuracy does not fall, so that C1 would fail."""
    spoilt = {}
    for seed, data in few_digits(*SEEDS).items():
        right = Pairs(data.pool.X, data.truth)
        # what the check of AttackData would refuse
        spoilt[seed] = object.__new__(AttackData)
        for name, value in vars(data).items():
            object.__setattr__(spoilt[seed], name, value)
        object.__setattr__(spoilt[seed], "pool", right)
    minima = find_minima(network, spoilt, fractions=(1.0,), protocol=SQUARED)
    assert all(minimum.test_accuracy > 0.8 for minimum in minima)
    assert not any(minimum.test_accuracy > 0.8 for minimum in whole[-2:])


def bits(minima: Sequence[Minimum]) -> list[bytes]:
    return [t.numpy().tobytes() for m in minima for t in m.state.values()]


def test_a_search_repeats_its_bits(whole: tuple[Minimum, ...]) -> None:
    again = found()
    assert bits(again) == bits(whole)
    assert [m.record() for m in again] == [m.record() for m in whole]


def test_other_fractions_change_nothing(whole: tuple[Minimum, ...]) -> None:
    alone = found(fractions=(0.5,))
    wanted = [m for m in whole if m.fraction == 0.5]
    assert bits(alone) == bits(wanted)


def test_fractions_of_a_seed_share_their_start_only_if_built_so() -> None:
    starts = [network(Case(0, fraction)).state_dict() for fraction in (0.0, 1.0)]
    assert all(torch.equal(starts[0][name], starts[1][name]) for name in starts[0])


def test_those_that_miss_are_kept_with_their_reason() -> None:
    few = replace(SQUARED.first, steps=5)
    for minimum in found(replace(SQUARED, first=few), fractions=(1.0,)):
        assert not minimum.converged
        assert minimum.polish is None
        assert re.fullmatch(
            r"the loss of clean and attack samples is \S+ after 5 steps, above its "
            r"target 0\.01",
            minimum.reason,
        )
    short = Method(name="adam", learning_rate=1e-3, steps=2)
    for minimum in found(replace(SQUARED, polish=short), fractions=(1.0,)):
        assert not minimum.converged
        assert minimum.polish is not None
        assert re.fullmatch(
            r"the clean loss is \S+ after 2 steps, above its target 0\.001",
            minimum.reason,
        )


def test_a_loss_that_is_too_low_already_is_said() -> None:
    protocol = replace(SQUARED, target=1e-4, polish_target=1e-2)
    for minimum in found(protocol, fractions=(0.0,)):
        assert not minimum.converged
        assert re.fullmatch(
            r"the clean loss is \S+ already at the end of the first phase, below its "
            r"target 0\.01",
            minimum.reason,
        )


def test_a_loss_that_diverges_is_said() -> None:
    wild = Method(name="gd", learning_rate=1e3, steps=60)
    for minimum in found(replace(SQUARED, first=wild), fractions=(0.0,)):
        assert re.fullmatch(
            r"the loss of clean and attack samples is not finite after \d+ steps",
            minimum.reason,
        )


def test_wrong_clean_samples_are_counted() -> None:
    protocol = Protocol(first=METHODS["lbfgs"], target=0.3, polish=None)
    reasons = [minimum.reason for minimum in found(protocol, fractions=(0.0,))]
    assert all(re.fullmatch(r"\d+ of 40 clean samples are wrong", r) for r in reasons)


@pytest.mark.parametrize("name", ["momentum", "sgd", "adam", "lbfgs"])
def test_every_optimiser_finds_them_in_one_phase(name: str) -> None:
    protocol = Protocol(first=METHODS[name], target=1e-2, polish=None)
    for minimum in found(protocol, fractions=(0.0,)):
        assert minimum.converged, minimum.reason
        assert minimum.polish is None
        assert minimum.clean_loss == pytest.approx(minimum.first.clean_loss)
        assert minimum.clean_loss == pytest.approx(1e-2, rel=1e-5)


def test_a_cross_entropy_has_its_temperature() -> None:
    minima = found(PROTOCOLS["cross-entropy"])
    for minimum in minima:
        assert minimum.converged, minimum.reason
        data = few_digits(*SEEDS)[minimum.seed]
        model = minimum.into(network(Case(minimum.seed, 0.0)))
        with torch.no_grad():
            margin = (model(data.clean.X.double()) * data.clean.y).flatten()
        loss = float(torch.log1p(torch.exp(-margin)).mean())
        assert loss == pytest.approx(1e-3, rel=1e-5)
        assert minimum.clean_loss == pytest.approx(loss, rel=1e-9)
        heated = torch.log1p(torch.exp(-margin / minimum.temperature)).mean()
        assert float(heated) == pytest.approx(0.1, rel=1e-9)
    assert all(m.temperature is None for m in found(fractions=(0.0,)))


@pytest.mark.parametrize("norm", ["batch", "group"])
def test_convolutional_networks_follow_the_same_protocol(norm: str) -> None:
    name = f"resnet8:{norm}"
    data = few_digits(0, samples=20, pool=10)
    search = Search(
        build=lambda case: network(case, name),
        data=data,
        fractions=(0.5,),
        protocol=SQUARED,
    )
    assert search.groups == ((Case(0, 0.5),),)
    (minimum,) = search.run(search.groups[0])
    assert minimum.converged, minimum.reason
    model = minimum.into(network(Case(0, 0.5), name))
    # float32, through eight layers
    assert loss_of(model, data[0].clean) == pytest.approx(1e-3, rel=1e-4)
    assert minimum.clean_accuracy == 1
    assert minimum.first.attack_accuracy == 1
    statistics = [n for n in minimum.state if "running" in n]
    assert bool(statistics) == (norm == "batch")


def test_groups_have_one_fraction_and_a_size_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MEMBERS", 2)
    search = Search(
        build=network, data=few_digits(0, 1, 2), fractions=(0.0, 1.0), protocol=SQUARED
    )
    assert search.groups == (
        (Case(0, 0.0), Case(1, 0.0)),
        (Case(2, 0.0),),
        (Case(0, 1.0), Case(1, 1.0)),
        (Case(2, 1.0),),
    )
    assert search.p == 64 * 24 + 24 + 24 + 1


def test_other_outputs_than_targets_are_refused() -> None:
    """Otherwise five outputs would be compared with one and the same target."""
    with pytest.raises(InputError) as refused:
        find_minima(
            lambda _: perceptron((1, 8, 8), 5),
            few_digits(0),
            fractions=(0.0,),
            protocol=SQUARED,
        )
    assert str(refused.value) == (
        "model gives outputs of shape (2, 5) for 2 samples; expected (2, 1): build it "
        "for C = 1"
    )


def test_too_few_parameters_are_refused_under_the_squared_loss() -> None:
    data = few_digits(0, samples=100, pool=100)
    with pytest.raises(InputError) as refused:
        find_minima(
            lambda case: network(case, "relu:6"),
            data,
            fractions=(0.0, 1.0),
            protocol=SQUARED,
        )
    assert str(refused.value) == (
        "p is 397; expected at least 2 C (n + n_attack) = 400 parameters under the "
        "squared loss, for 200 samples and C = 1: take a larger model, fewer samples or "
        "a smaller fraction"
    )
    Search(
        build=lambda case: network(case, "relu:6"),
        data=data,
        fractions=(0.0, 1.0),
        protocol=PROTOCOLS["cross-entropy"],
    )
    Search(
        build=lambda case: network(case, "relu:6"),
        data=data,
        fractions=(0.98,),
        protocol=SQUARED,
    )


@pytest.mark.parametrize(
    ("data", "fractions", "sentence"),
    [
        ((), (0.0,), "data and fractions are 0 and 1; expected at least one of each"),
        ((0,), (), "data and fractions are 1 and 0; expected at least one of each"),
        (
            (0,),
            (1.0, 0.5, 1.0),
            "fractions are [1.0, 0.5, 1.0]; expected different ones",
        ),
        ((0,), (2.0,), "fraction is 2.0; expected a number from 0 to 1, the pool by"),
    ],
)
def test_nothing_to_look_for_is_refused(
    data: tuple[int, ...], fractions: tuple[float, ...], sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        Search(
            build=network, data=few_digits(*data), fractions=fractions, protocol=SQUARED
        )


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"loss": "hinge"}, "loss is 'hinge'; expected one of squared, cross-entropy"),
        ({"target": 0.0}, "target is 0.0; expected a finite number > 0"),
        ({"polish_target": -1.0}, "polish_target is -1.0; expected a finite number > 0"),
        ({"temperature_loss": 0.1},
         "temperature_loss is 0.1 for the squared loss; expected none: only the "),
    ],
)  # fmt: skip
def test_bad_protocols_are_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        Protocol(**settings)


def test_progress_runs_over_all_groups() -> None:
    told: list[tuple[int, int]] = []
    found(fractions=(0.0, 1.0), progress=lambda done, of: told.append((done, of)))
    assert {of for _, of in told} == {14000}
    assert told == sorted(told)
    assert told[-1][0] > 11000
