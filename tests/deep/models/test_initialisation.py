"""models/initialisation.py: variances and orthogonality of the published schemes."""

import re
from math import sqrt

import pytest
import torch
from torch import nn

from landtheory.deep.models.initialisation import INITIALISATIONS, initialise
from landtheory.errors import InputError

# not square, so that fan_in and fan_out differ; 3 x 3 kernels count nine times
SIZES = {"0.weight": (30, 300), "1.weight": (80 * 9, 20 * 9)}
VARIANCE = {
    "xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "kaiming": lambda fan_in, fan_out: 2 / fan_in,
    "lecun": lambda fan_in, fan_out: 1 / fan_in,
}


def network() -> nn.Module:
    return nn.Sequential(
        nn.Linear(30, 300), nn.Conv2d(80, 20, 3), nn.BatchNorm2d(20), nn.LayerNorm(5)
    )


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def z_scores(scheme: str, law: str) -> list[float]:
    """How far the mean square of each weight is from the law's, in deviations."""
    model = network()
    initialise(model, scheme, generator=seeded())
    scores = []
    for name, (fan_in, fan_out) in SIZES.items():
        w = model.get_parameter(name).detach().double()
        variance = VARIANCE[law](fan_in, fan_out)
        scores.append(float(w.square().mean() / variance - 1) / sqrt(2 / w.numel()))
        scores.append(float(w.mean()) / sqrt(variance / w.numel()))
    return scores


@pytest.mark.parametrize("scheme", VARIANCE)
def test_the_variance_is_the_published_one(scheme: str) -> None:
    assert max(map(abs, z_scores(scheme, scheme))) < 5
    for other in set(VARIANCE) - {scheme}:
        assert max(map(abs, z_scores(scheme, other))) > 5


def test_orthogonal_rows_or_columns() -> None:
    model = network()
    initialise(model, "orthogonal", generator=seeded())
    wide = model.get_parameter("1.weight").detach().double().flatten(1)
    tall = model.get_parameter("0.weight").detach().double()
    for gram in (wide @ wide.T, tall.T @ tall):
        # 9000 products of float32 entries, each rounded by the factorisation
        torch.testing.assert_close(
            gram, torch.eye(len(gram), dtype=torch.float64), rtol=0, atol=1e-5
        )


@pytest.mark.parametrize("scheme", [*VARIANCE, "orthogonal"])
def test_biases_are_zero_and_normalisations_the_identity(scheme: str) -> None:
    model = network()
    with torch.no_grad():
        for tensor in model.state_dict().values():
            tensor.fill_(7)
    initialise(model, scheme, generator=seeded())
    state = model.state_dict()
    zero = ("0.bias", "1.bias", "2.bias", "3.bias", "2.running_mean")
    one = ("2.weight", "3.weight", "2.running_var")
    assert all(not state[name].any() for name in zero)
    assert all((state[name] == 1).all() for name in one)


def test_zero_last_gives_zero_outputs_and_keeps_the_rest() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    first = model[0].weight.detach().clone()
    initialise(model, "zero-last", generator=seeded())
    assert torch.equal(model[0].weight, first)
    assert not model(torch.ones(5, 3)).any()


def test_default_draws_nothing_and_changes_nothing() -> None:
    model, generator = network(), seeded()
    before = {name: t.clone() for name, t in model.state_dict().items()}
    initialise(model, "default", generator=generator)
    assert all(torch.equal(t, before[name]) for name, t in model.state_dict().items())
    assert torch.equal(generator.get_state(), seeded().get_state())


@pytest.mark.parametrize("scheme", INITIALISATIONS)
def test_the_seed_alone_decides_and_the_global_state_stays(scheme: str) -> None:
    outside = torch.get_rng_state()
    with torch.random.fork_rng(devices=[]):
        one, two = network(), network()
        two.load_state_dict(one.state_dict())
    initialise(one, scheme, generator=seeded())
    torch.rand(3, generator=(moved := seeded(1)))
    initialise(two, scheme, generator=seeded())
    assert moved is not None
    assert all(map(torch.equal, one.parameters(), two.parameters()))
    assert torch.equal(torch.get_rng_state(), outside)
    if scheme not in ("default", "zero-last"):
        initialise(two, scheme, generator=moved)
        assert not torch.equal(one[0].weight, two[0].weight)


def test_a_float64_model_gets_the_same_numbers() -> None:
    single, double = network(), network().double()
    initialise(single, "kaiming", generator=seeded())
    initialise(double, "kaiming", generator=seeded())
    assert torch.equal(single[0].weight.double(), double[0].weight)


def test_an_unknown_scheme_is_refused() -> None:
    sentence = (
        "initialisation is 'he'; expected one of default, xavier, kaiming, lecun, "
        "orthogonal, zero-last"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        initialise(network(), "he", generator=seeded())


def test_a_model_without_linear_layers_is_refused() -> None:
    sentence = (
        "initialisation is 'xavier' for a model without linear layers or convolutions; "
        "expected default"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        initialise(nn.BatchNorm1d(3), "xavier", generator=seeded())
