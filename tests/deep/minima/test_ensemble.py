"""minima/ensemble.py, held against autograd through each member as a plain network."""

import re
from collections import OrderedDict
from collections.abc import Callable

import pytest
import torch
from support.minima import seeded
from torch import Tensor, nn

from landtheory.deep.minima.architectures import perceptron
from landtheory.deep.minima.attack import Pairs
from landtheory.deep.minima.ensemble import Ensemble, is_dense
from landtheory.deep.minima.losses import LOSSES, mean_loss
from landtheory.deep.minima.samples import Samples
from landtheory.deep.models import build_model
from landtheory.deep.randomness import drawing_from
from landtheory.errors import InputError

COUNTS = (6, 9, 4)
Found = tuple[Tensor, Tensor]


def models(
    *widths: int, activation: str = "relu", C: int = 1, E: int = 3
) -> list[nn.Module]:
    """Networks of 2 x 3 inputs with different weights."""
    with drawing_from(seeded()):
        return [
            perceptron((2, 3), C, widths=widths, activation=activation).double()
            for _ in range(E)
        ]


def parts(C: int = 1) -> list[Pairs]:
    rng = seeded(7)
    found = []
    for n in COUNTS:
        X = torch.randn(n, 2, 3, generator=rng, dtype=torch.float64)
        y = torch.randn(n, C, generator=rng, dtype=torch.float64)
        y = y.sign() if C == 1 else torch.eye(C, dtype=torch.float64)[y.argmax(1)]
        found.append(Pairs(X, y))
    return found


def by_autograd(members: list[nn.Module], pairs: list[Pairs], loss: str) -> Found:
    losses, gradients = [], []
    for member, (X, y) in zip(members, pairs, strict=True):
        value = mean_loss(loss)(member(X), y)
        parts = torch.autograd.grad(value, list(member.parameters()))
        losses.append(value.detach())
        gradients.append(torch.cat([part.reshape(-1) for part in parts]))
    return torch.stack(losses), torch.stack(gradients)


def agrees(found: Found, wanted: Found) -> bool:
    return all(
        torch.allclose(one, other, rtol=1e-11, atol=1e-12)
        for one, other in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("C", [1, 4])
@pytest.mark.parametrize(
    ("widths", "activation"),
    [((), "relu"), ((5,), "relu"), ((5,), "tanh"), ((5, 3, 7), "relu"),
     ((7, 5), "tanh")],
)  # fmt: skip
def test_losses_and_gradients_are_those_of_the_members(
    loss: str, C: int, widths: tuple[int, ...], activation: str
) -> None:
    members = models(*widths, activation=activation, C=C)
    ensemble = Ensemble.of(members, dtype=torch.float64)
    samples = Samples.of(parts(C), dtype=torch.float64)
    wanted = by_autograd(members, parts(C), loss)
    found = ensemble.losses_and_gradient(samples, loss)
    assert agrees(found, wanted)
    assert torch.allclose(ensemble.losses(samples, loss), wanted[0], rtol=1e-11)
    # and of the networks that it hands out
    again = [ensemble.member(i) for i in range(3)]
    assert agrees(by_autograd(again, parts(C), loss), wanted)


def neighbours(found: Found) -> Found:
    return found[0], found[1].roll(1, 0)


def all_the_same(found: Found) -> Found:
    return found[0], found[1].mean(0, keepdim=True).expand_as(found[1])


def without_padding(found: Found) -> Found:
    n = torch.tensor(COUNTS)[:, None]
    return found[0], found[1] * n / max(COUNTS)


@pytest.mark.parametrize("mix", [neighbours, all_the_same, without_padding])
def test_members_that_mix_are_seen(mix: Callable[[Found], Found]) -> None:
    members = models(5)
    samples = Samples.of(parts(), dtype=torch.float64)
    found = Ensemble.of(members, dtype=torch.float64).losses_and_gradient(
        samples, "squared"
    )
    assert not agrees(mix(found), by_autograd(members, parts(), "squared"))


def test_what_stands_behind_the_samples_of_one_does_not_count() -> None:
    ensemble = Ensemble.of(models(5), dtype=torch.float64)
    samples = Samples.of(parts(), dtype=torch.float64)
    before = ensemble.losses_and_gradient(samples, "squared")
    for i, n in enumerate(COUNTS):
        samples.X[i, n:] = 3.0
        samples.y[i, n:] = -2.0
    assert agrees(ensemble.losses_and_gradient(samples, "squared"), before)


def test_a_member_depends_on_no_other() -> None:
    members = models(5, E=3)
    whole = Ensemble.of(members, dtype=torch.float64)
    samples = Samples.of(parts(), dtype=torch.float64)
    losses, gradient = whole.losses_and_gradient(samples, "cross-entropy")
    for chosen in ([1], [2, 1], [0, 1]):
        rows = torch.tensor(chosen)
        found = whole.kept(rows).losses_and_gradient(
            samples.kept(rows), "cross-entropy"
        )
        assert agrees(found, (losses[rows], gradient[rows]))
    whole.theta[0] += 1
    moved = whole.losses_and_gradient(samples, "cross-entropy")
    assert not torch.equal(moved[1][0], gradient[0])
    assert torch.equal(moved[1][1:], gradient[1:])


def test_a_lone_member_is_computed_as_one_of_several_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A batch of one would be rounded otherwise, by another routine of torch."""
    sizes: set[int] = set()
    for name in ("baddbmm", "bmm"):
        own = getattr(torch, name)

        def counted(*parts: Tensor, own: Callable[..., Tensor] = own) -> Tensor:
            sizes.add(len(parts[0]))
            return own(*parts)

        monkeypatch.setattr(torch, name, counted)
    rows = torch.tensor([1])
    alone = Ensemble.of(models(5, 4)).kept(rows)
    alone.losses_and_gradient(Samples.of(parts()).kept(rows), "squared")
    alone.losses(Samples.of(parts()).kept(rows), "squared")
    assert sizes == {2}


def test_the_same_members_give_the_same_bits() -> None:
    samples = Samples.of(parts())
    first, second = (
        Ensemble.of(models(5)).losses_and_gradient(samples, "squared") for _ in "ab"
    )
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_member_is_a_copy_on_its_own() -> None:
    ensemble = Ensemble.of(models(5))
    member = ensemble.member(1)
    assert not member.training
    assert next(member.parameters()).dtype == torch.float64
    with torch.no_grad():
        for parameter in member.parameters():
            parameter.zero_()
    assert bool(ensemble.theta[1].any())
    names = [name for name, _ in member.named_parameters()]
    assert names == ["hidden1.weight", "hidden1.bias", "output.weight", "output.bias"]


def test_kept_members_are_copies() -> None:
    ensemble = Ensemble.of(models(5))
    kept = ensemble.kept(torch.tensor([2]), dtype=torch.float64)
    assert (kept.size, kept.p, kept.theta.dtype) == (1, ensemble.p, torch.float64)
    kept.theta.zero_()
    assert bool(ensemble.theta[2].any())


@pytest.mark.parametrize("name", ["mlp", "two-layer"])
def test_our_fully_connected_networks_are_dense(name: str) -> None:
    model = build_model(name, shape=(1, 8, 8), classes=3, generator=seeded())
    assert is_dense(model)
    X = torch.randn(2, 5, 1, 8, 8, generator=seeded())
    found = Ensemble.of([model, model]).outputs(X)
    assert torch.allclose(found[1], model(X[1]), rtol=1e-5, atol=1e-6)


def frozen() -> nn.Module:
    model = perceptron((3,), 1)
    next(model.parameters()).requires_grad_(False)
    return model


OTHERS = {
    "no sequence": lambda: nn.Linear(3, 1),
    "no bias": lambda: nn.Sequential(nn.Linear(3, 2, bias=False)),
    "frozen": frozen,
    "another activation": lambda: nn.Sequential(
        nn.Linear(3, 2), nn.GELU(), nn.Linear(2, 1)
    ),
    "two linear layers": lambda: nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 1)),
    "activation last": lambda: nn.Sequential(nn.Linear(3, 2), nn.ReLU()),
    "activation first": lambda: nn.Sequential(nn.ReLU(), nn.Linear(3, 2), nn.ReLU()),
    "flat in the middle": lambda: nn.Sequential(
        nn.Linear(3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(2, 1)
    ),
    "normalisation": lambda: nn.Sequential(
        nn.Linear(3, 2), nn.BatchNorm1d(2), nn.Linear(2, 1)
    ),
    "images": lambda: nn.Sequential(
        OrderedDict(c=nn.Conv2d(1, 1, 2), f=nn.Flatten(), o=nn.Linear(49, 1))
    ),
    "nothing": nn.Sequential,
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_networks_are_not_dense(name: str) -> None:
    model = OTHERS[name]()
    assert not is_dense(model)
    with pytest.raises(InputError, match="expected linear layers with biases, all tra"):
        Ensemble(model, torch.zeros(1, 3))


def test_networks_that_do_not_fit_together_are_refused() -> None:
    several = "models have 2 architectures; expected one: make an ensemble of each"
    for given, sentence in (
        ([], "models is empty; expected at least one network"),
        (models(5) + models(6), several),
        (models(5) + models(5, activation="tanh"), several),
    ):
        with pytest.raises(InputError, match=re.escape(sentence)):
            Ensemble.of(given)
    with pytest.raises(
        InputError, match=re.escape("theta has shape (2, 4); expected (E, 41)")
    ):
        Ensemble(models(5)[0], torch.zeros(2, 4))
