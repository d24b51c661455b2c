"""training/training.py: gradient steps written out by hand, and runs killed and resumed."""

import re
from collections.abc import Callable
from dataclasses import replace
from math import cos, pi
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from landtheory.deep.data.sets import DataSet, load_data
from landtheory.deep.models import build_model
from landtheory.deep.training.checkpoints import read_checkpoint, write_checkpoint
from landtheory.deep.training.recipes import Recipe, recipe_for
from landtheory.deep.training.training import Trained, train
from landtheory.errors import InputError

RECIPE = Recipe(epochs=3, learning_rate=0.2, batch_size=16)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def digits(samples: int = 50) -> DataSet:
    return load_data("digits", seed=0, samples=samples, dtype=torch.float32)


def network(name: str = "mlp") -> nn.Module:
    """The same weights each time; `all` has dropout and normalisation."""
    if name != "all":
        return build_model(name, shape=(1, 8, 8), classes=10, generator=seeded())
    body = build_model("mlp", shape=(1, 8, 8), classes=10, generator=seeded())
    return nn.Sequential(
        nn.Flatten(), body.hidden1, nn.BatchNorm1d(32), nn.Dropout(0.3), body.output
    )


def refused(sentence: str) -> "pytest.RaisesExc[InputError]":
    return pytest.raises(InputError, match=f"^{re.escape(sentence)}$")


def by_hand(
    model: nn.Module, data: DataSet, recipe: Recipe, draw: torch.Generator
) -> None:
    """Stochastic gradients with momentum: v ← μ v + g, θ ← θ - η_t v."""
    parameters = list(model.parameters())
    velocity = [torch.zeros_like(p) for p in parameters]
    steps = -(-data.n // recipe.batch_size)
    t = 0
    for _ in range(recipe.epochs):
        order = torch.randperm(data.n, generator=draw)
        for k in range(steps):
            batch = order[k * recipe.batch_size : (k + 1) * recipe.batch_size]
            loss = cross_entropy(model(data.X[batch]), data.y[batch])
            gradient = torch.autograd.grad(loss, parameters)
            rate = recipe.learning_rate
            if recipe.schedule == "cosine":
                rate *= (1 + cos(pi * t / (recipe.epochs * steps))) / 2
            with torch.no_grad():
                for p, v, g in zip(parameters, velocity, gradient, strict=True):
                    v.mul_(recipe.momentum).add_(g + recipe.weight_decay * p)
                    p.sub_(rate * v)
            t += 1


def distance(one: nn.Module, two: nn.Module) -> float:
    pairs = zip(one.parameters(), two.parameters(), strict=True)
    return max(float((a - b).detach().abs().max()) for a, b in pairs)


@pytest.mark.parametrize(
    "recipe",
    [
        RECIPE,
        replace(RECIPE, schedule="constant", momentum=0.0),
        replace(RECIPE, weight_decay=0.01, batch_size=50),
    ],
)
def test_steps_are_those_written_by_hand(recipe: Recipe) -> None:
    data = digits()
    ours, reference = network(), network()
    train(ours, data, recipe=recipe, generator=seeded(1))
    by_hand(reference, data, recipe, seeded(1))
    # float32 steps of size 1, some tens of them
    assert distance(ours, reference) < 1e-5
    for other in (
        replace(recipe, learning_rate=0.21),
        replace(recipe, momentum=0.5),
        replace(recipe, weight_decay=recipe.weight_decay + 0.001),
    ):
        mutant = network()
        by_hand(mutant, data, other, seeded(1))
        assert distance(ours, mutant) > 1e-4


def test_adam_takes_its_first_step_by_the_sign_of_the_gradient() -> None:
    data, model, start = digits(), network(), network()
    recipe = Recipe(epochs=1, learning_rate=0.01, batch_size=50, optimiser="adam")
    train(model, data, recipe=recipe, generator=seeded())
    loss = cross_entropy(start(data.X), data.y)
    gradient = torch.autograd.grad(loss, list(start.parameters()))
    for p, before, g in zip(
        model.parameters(), start.parameters(), gradient, strict=True
    ):
        clear = g.abs() > 1e-4
        moved = (p - before)[clear]
        torch.testing.assert_close(moved, -0.01 * g[clear].sign(), rtol=1e-3, atol=0)


def test_the_result_is_of_the_whole_data_in_evaluation_mode() -> None:
    data, model = digits(), network("all")
    found = train(model, data, recipe=RECIPE, generator=seeded())
    model.eval().double()
    output = model(data.X.double())
    loss = cross_entropy(output, data.y)
    gradient = torch.autograd.grad(loss, list(model.parameters()))
    norm = float(torch.cat([g.flatten() for g in gradient]).norm())
    assert found.loss == pytest.approx(float(loss.detach()), rel=1e-5)
    assert found.gradient_norm == pytest.approx(norm, rel=1e-4)
    assert found.accuracy == float((output.argmax(1) == data.y).double().mean())
    assert (found.epochs, len(found.history)) == (3, 3)
    # the mutants: a sum for a mean, the last batch for the whole, training mode
    assert found.loss != pytest.approx(found.history[-1], rel=1e-3)


def test_the_history_is_the_mean_over_samples_not_over_batches() -> None:
    data, model = digits(), network()
    still = replace(RECIPE, learning_rate=1e-30, epochs=1)
    found = train(model, data, recipe=still, generator=seeded())
    # 16 + 16 + 16 + 2 samples
    assert found.history[0] == pytest.approx(found.loss, rel=1e-6)


Result = tuple[Trained, dict[str, Tensor], Tensor]


def finished(model: nn.Module, generator: torch.Generator, **options: Any) -> Result:
    found = train(model, digits(), generator=generator, **options)
    return found, dict(model.state_dict()), generator.get_state()


def equal(one: Result, two: Result) -> bool:
    return (
        one[0] == two[0]
        and all(torch.equal(one[1][name], two[1][name]) for name in one[1])
        and torch.equal(one[2], two[2])
    )


@pytest.mark.parametrize("model", ["all", "resnet"])
@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_a_killed_run_goes_on_to_the_same_bits(
    tmp_path: Path, optimiser: str, model: str
) -> None:
    recipe = replace(RECIPE, optimiser=optimiser, learning_rate=0.01)
    files: list[Path] = []

    def keep(tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
        files.append(tmp_path / f"{len(files)}.safetensors")
        write_checkpoint(files[-1], tensors, values)

    whole = finished(network(model), seeded(), recipe=recipe, checkpoint=keep)
    assert len(files) == 3
    for path in files:
        # another start and another seed: the state alone decides
        fresh = (
            build_model(model, shape=(1, 8, 8), classes=10, generator=seeded(9))
            if (model != "all")
            else network(model)
        )
        resumed = finished(fresh, seeded(8), recipe=recipe, state=read_checkpoint(path))
        assert equal(resumed, whole)


def without(prefix: str) -> Callable[[Any, Any], tuple[Any, Any]]:
    return lambda tensors, values: (
        {name: t for name, t in tensors.items() if not name.startswith(prefix)},
        values,
    )


@pytest.mark.parametrize(
    "mutant",
    [
        without("optimiser"),
        lambda t, v: (t | {"generator": seeded(5).get_state()}, v),
        lambda t, v: (t, v | {"history": v["history"][:1] * 2}),
        lambda t, v: (t | {"model.2.running_var": t["model.2.running_var"] * 2}, v),
    ],
    ids=["no momentum", "another order", "another history", "another buffer"],
)
def test_the_comparison_of_results_rejects(mutant: Callable[..., Any]) -> None:
    states: list[Any] = []
    whole = finished(
        network("all"), seeded(), recipe=RECIPE, checkpoint=lambda *s: states.append(s)
    )
    assert equal(
        finished(network("all"), seeded(), recipe=RECIPE, state=states[1]), whole
    )
    changed = mutant(*states[1])
    assert not equal(
        finished(network("all"), seeded(), recipe=RECIPE, state=changed), whole
    )


def test_a_run_killed_within_an_epoch_loses_that_epoch_only() -> None:
    states: list[Any] = []
    model, generator, outside = network("all"), seeded(), torch.get_rng_state()

    def kill(step: int, of: int) -> None:
        if step == 7:
            raise KeyboardInterrupt

    model.eval()
    with pytest.raises(KeyboardInterrupt):
        train(
            model,
            digits(),
            recipe=RECIPE,
            generator=generator,
            progress=kill,
            checkpoint=lambda *state: states.append(state),
        )
    assert len(states) == 1
    assert not any(module.training for module in model.modules())
    assert torch.equal(torch.get_rng_state(), outside)
    whole = finished(network("all"), seeded(), recipe=RECIPE)
    assert equal(finished(model, seeded(3), recipe=RECIPE, state=states[0]), whole)


def test_the_seed_alone_decides() -> None:
    one = finished(network("all"), seeded(), recipe=RECIPE)
    torch.rand(3)
    assert equal(finished(network("all"), seeded(), recipe=RECIPE), one)
    assert not equal(finished(network("all"), seeded(1), recipe=RECIPE), one)


def test_progress_counts_the_steps_of_all_epochs() -> None:
    told: list[tuple[int, int]] = []
    states: list[Any] = []
    options: dict[str, Any] = {"recipe": RECIPE, "progress": lambda *x: told.append(x)}
    finished(
        network(), seeded(), checkpoint=lambda *state: states.append(state), **options
    )
    assert told == [(k + 1, 12) for k in range(12)]
    told.clear()
    finished(network(), seeded(), state=states[1], **options)
    assert told == [(k + 1, 12) for k in range(8, 12)]


def test_only_weights_and_buffers_change() -> None:
    model = network("all")
    model[1].eval()
    for p in model[1].parameters():
        p.requires_grad_(requires_grad=False)
    frozen = [p.clone() for p in model[1].parameters()]
    modes = [module.training for module in model.modules()]
    data, outside = digits(), torch.get_rng_state()
    fingerprint = data.fingerprint()
    train(model, data, recipe=RECIPE, generator=seeded())
    assert all(map(torch.equal, frozen, model[1].parameters()))
    assert [module.training for module in model.modules()] == modes
    assert all(p.grad is None for p in model.parameters())
    assert data.fingerprint() == fingerprint
    assert torch.equal(torch.get_rng_state(), outside)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_models_dtype_stays(dtype: torch.dtype) -> None:
    model = network("all").to(dtype)
    found = train(model, digits(), recipe=RECIPE, generator=seeded())
    assert {p.dtype for p in model.parameters()} == {dtype}
    assert found.loss < 2


@pytest.mark.parametrize("model", ["mlp", "two-layer", "lenet", "vgg", "resnet", "vit"])
def test_the_recipes_learn_the_digits(model: str) -> None:
    found = train(
        network(model), digits(600), recipe=recipe_for(model), generator=seeded()
    )
    assert found.accuracy > 0.9
    assert found.loss < found.history[0]


def test_a_model_without_trainable_parameters_is_refused() -> None:
    model = network().requires_grad_(requires_grad=False)
    with refused(
        "model has no trainable parameter; expected one that requires a gradient"
    ):
        train(model, digits(), recipe=RECIPE, generator=seeded())


def test_what_is_no_generator_is_refused() -> None:
    with refused(
        "generator is 0; expected a torch.Generator: make one by "
        "torch.Generator().manual_seed(seed)"
    ):
        train(network(), digits(), recipe=RECIPE, generator=0)


def test_a_model_with_too_few_outputs_is_refused() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 9))
    with refused(
        "model is 'Sequential'; expected outputs (n, 10) for inputs (n, 1, 8, 8), but "
        "for n = 2 it returned a tensor of shape (2, 9)"
    ):
        train(model, digits(), recipe=RECIPE, generator=seeded())


def test_a_loss_that_does_not_stay_finite_is_refused() -> None:
    wild = replace(RECIPE, learning_rate=1e30)
    with refused(
        "learning_rate is 1e+30; expected one with which the loss stays finite, but it "
        "became nan: lower it"
    ):
        train(network("resnet"), digits(), recipe=wild, generator=seeded())
    # one step from a finite loss: only the evaluation can see it
    once = replace(wild, epochs=1, batch_size=50)
    with refused(
        "learning_rate is 1e+30; expected one with which the loss stays finite, but it "
        "became nan: lower it"
    ):
        train(network("vgg"), digits(), recipe=once, generator=seeded())


def test_a_batch_that_the_model_cannot_take_is_refused() -> None:
    uneven = replace(RECIPE, batch_size=49)
    with refused(
        "batch_size is 49; expected batches that the model can be trained on, but one of "
        "1 raised ValueError: Expected more than 1 value per channel when training, got "
        "input size torch.Size([1, 32])"
    ):
        train(network("all"), digits(), recipe=uneven, generator=seeded())


def test_a_state_of_other_settings_is_refused() -> None:
    states: list[Any] = []
    finished(network(), seeded(), recipe=RECIPE, checkpoint=lambda *s: states.append(s))
    with refused(
        "state is of a run with epochs 3; expected 4: resume with the same settings, or "
        "start afresh"
    ):
        finished(network(), seeded(), recipe=replace(RECIPE, epochs=4), state=states[0])
    with pytest.raises(
        InputError, match=r"^state is of a run with data '[0-9a-f]{64}';"
    ):
        train(
            network(),
            digits(51),
            recipe=RECIPE,
            generator=seeded(),
            state=states[0],
        )
    with refused(
        "state is of a run with epochs None; expected 3: resume with the same settings, "
        "or start afresh"
    ):
        finished(network(), seeded(), recipe=RECIPE, state=({}, {}))
