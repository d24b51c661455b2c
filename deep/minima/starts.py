"""Where a search starts: published schemes, other scales, near a given minimum."""

from math import isfinite

import torch
from torch import Tensor, nn

from ...errors import InputError
from ..models.initialisation import INITIALISATIONS, LINEAR, initialise
from ..objective.parameters import Parameters
from ..randomness import check_generator

__all__ = ["STARTS", "start", "start_near"]

SMALL = 0.05
"""Standard deviation of small weights."""

STARTS = (*INITIALISATIONS, "small")
"""Schemes of `start`, by the names that users give; He's is kaiming."""


def start(
    model: nn.Module, scheme: str, *, scale: float = 1.0, generator: torch.Generator
) -> None:
    """Start the weights of linear layers and convolutions anew.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place.
    scheme : str
        As `initialise` has them; or small, where weights are N(0, 0.05²) and biases 0.
    scale : float
        Every weight and bias of these layers is multiplied by it afterwards.
    generator : torch.Generator
        Of the draws; on the CPU.

    Raises
    ------
    InputError
        If there is no such scheme, or the scale is no positive number.
    """
    if scheme not in STARTS:
        raise InputError(
            f"initialisation is {scheme!r}; expected one of {', '.join(STARTS)}"
        )
    if not (scale > 0 and isfinite(scale)):
        raise InputError(f"scale is {scale!r}; expected a finite number > 0")
    # small ones are kaiming's but for the weights: biases and normalisations are set
    initialise(model, "kaiming" if scheme == "small" else scheme, generator=generator)
    with torch.no_grad():
        for layer in model.modules():
            if not isinstance(layer, LINEAR):
                continue
            weight = layer.get_parameter("weight")
            if scheme == "small":
                drawn = torch.randn(weight.shape, generator=generator)
                weight.copy_(SMALL * drawn)
            for parameter in layer.parameters(recurse=False):
                parameter.mul_(scale)


def start_near(model: nn.Module, *, sigma: float, generator: torch.Generator) -> None:
    """Move θ to θ + σ ‖θ‖ u, with u uniform on the unit sphere.

    Parameters
    ----------
    model : torch.nn.Module
        At a minimum; its trainable parameters are changed in place.
    sigma : float
        σ, at least 0.
    generator : torch.Generator
        Of u; on the CPU.

    Raises
    ------
    InputError
        If σ is negative or not finite.
    """
    check_generator(generator)
    if not (sigma >= 0 and isfinite(sigma)):
        raise InputError(f"sigma is {sigma!r}; expected a finite number >= 0")
    parameters = Parameters.select(model)
    named = dict(model.named_parameters())
    theta = [named[name] for name in parameters.names]
    u = torch.randn(parameters.p, generator=generator, dtype=torch.float64)
    step = u * (sigma * _norm(theta) / float(u.norm()))
    with torch.no_grad():
        for tensor, move in zip(theta, parameters.split(step), strict=True):
            tensor.copy_(tensor.to(torch.float64) + move.to(tensor.device))


def _norm(tensors: list[nn.Parameter]) -> float:
    squares: Tensor = torch.stack(
        [tensor.detach().to("cpu", torch.float64).square().sum() for tensor in tensors]
    )
    return float(squares.sum().sqrt())
