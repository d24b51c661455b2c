"""All that the next epoch of a training run depends on, as plain tensors."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from ...errors import InputError

__all__ = ["capture", "restore", "stored_tensors"]


def capture(
    model: nn.Module, optimiser: torch.optim.Optimizer, generator: torch.Generator
) -> dict[str, Tensor]:
    """Copies on the CPU of the weights, the optimiser's moments and the randomness.

    Parameters
    ----------
    model : torch.nn.Module
        Its parameters and persistent buffers become `model.NAME`.
    optimiser : torch.optim.Optimizer
        The tensors it keeps for the i-th parameter become `optimiser.i.NAME`.
    generator : torch.Generator
        Its state becomes `generator`.

    Returns
    -------
    dict of str to tensor
        That nothing else changes.
    """
    tensors = {"generator": generator.get_state()}
    for name, tensor in stored_tensors(model).items():
        tensors[f"model.{name}"] = tensor.detach().to("cpu", copy=True)
    for i, moments in optimiser.state_dict()["state"].items():
        for name, value in moments.items():
            if isinstance(value, Tensor):
                copied = value.detach().to("cpu", copy=True)
                tensors[f"optimiser.{i}.{name}"] = copied
    return tensors


def restore(
    tensors: Mapping[str, Tensor],
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    generator: torch.Generator,
) -> None:
    """Put a model, its optimiser and a generator where `capture` found them.

    Parameters
    ----------
    tensors : mapping of str to tensor
        What it returned; unchanged.
    model, optimiser, generator
        Of the same kind; changed in place.

    Raises
    ------
    InputError
        If the tensors are another model's; nothing is changed then.
    """
    stored = {f"model.{name}": t for name, t in stored_tensors(model).items()}
    given = {name: t for name, t in tensors.items() if name.startswith("model.")}
    if _shapes(given) != _shapes(stored) or "generator" not in tensors:
        raise InputError(
            f"state has {len(given)} tensors of a model; expected the names and shapes "
            f"of this one's {len(stored)}: resume with the same model"
        )
    with torch.no_grad():
        for name, tensor in stored.items():
            tensor.copy_(given[name])
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": _moments(tensors), "param_groups": groups})
    generator.set_state(tensors["generator"].clone())


def stored_tensors(model: nn.Module) -> dict[str, Tensor]:
    """Parameters and persistent buffers, sharing memory with the model."""
    return {
        name: tensor
        for name, tensor in model.state_dict().items()
        if isinstance(tensor, Tensor)
    }


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}


def _moments(tensors: Mapping[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    """The optimiser's tensors by parameter, copied: it goes on to change them."""
    moments: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        kind, _, rest = key.partition(".")
        if kind == "optimiser":
            i, _, name = rest.partition(".")
            moments.setdefault(int(i), {})[name] = tensor.clone()
    return moments
