"""Chains of linear layers with ReLU between them: what rescaling and path norms need."""

from torch import Tensor, nn

from ...errors import InputError

__all__ = ["bias_of", "in_squares", "need_chain", "relu_chain"]


def relu_chain(model: nn.Module) -> tuple[nn.Linear, ...] | None:
    """The linear layers of a fully connected ReLU network, first to last.

    Parameters
    ----------
    model : torch.nn.Module
        Any network.

    Returns
    -------
    tuple of torch.nn.Linear, or None
        At least two layers with nothing but ReLU between them, an nn.Flatten in front at
        most, each weight used once; None for another network.
    """
    if type(model) is not nn.Sequential:
        return None
    parts = [part for part in model if not isinstance(part, nn.Identity)]
    if parts and isinstance(parts[0], nn.Flatten):
        parts = parts[1:]
    linear = [part for part in parts[::2] if type(part) is nn.Linear]
    fits = (
        len(parts) % 2 == 1
        and len(linear) == (len(parts) + 1) // 2 >= 2
        and all(type(part) is nn.ReLU for part in parts[1::2])
        and len({id(layer.weight) for layer in linear}) == len(linear)
        and not any(hasattr(layer, "parametrizations") for layer in linear)
    )
    return tuple(linear) if fits else None


def need_chain(model: nn.Module) -> tuple[nn.Linear, ...]:
    """The same, refusing another network.

    Raises
    ------
    InputError
        If there is no such chain.
    """
    found = relu_chain(model)
    if found is None:
        raise InputError(
            f"model is a {type(model).__name__}; expected a fully connected network with "
            "ReLU between its linear layers: others have no rescaling of single neurons"
        )
    return found


def bias_of(layer: nn.Linear) -> Tensor | None:
    """b, or None for a layer without."""
    return layer._parameters.get("bias")


def in_squares(layer: nn.Linear) -> Tensor:
    """‖(w_k, b_k)‖² of each neuron k of a layer."""
    squares, bias = layer.weight.square().sum(1), bias_of(layer)
    return squares if bias is None else squares + bias.square()
