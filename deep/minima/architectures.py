"""Networks of a search for minima, beside those that `build_model` knows."""

import re
from collections import OrderedDict
from math import prod

import torch
from torch import nn

from ...errors import InputError
from ..models import build_model
from ..models.residual import ResNet
from .starts import start

__all__ = ["build_network", "perceptron", "small_resnet"]

NORMS = ("none", "batch", "group")
GROUPS = 4
"""Of group normalisation: 2 channels or more in each."""

WIDTHS = (8, 16, 32)
"""Channels of the stages of a small residual network."""


def build_network(
    name: str,
    *,
    shape: tuple[int, ...],
    outputs: int,
    initialisation: str,
    generator: torch.Generator,
    scale: float = 1.0,
) -> nn.Module:
    """The network of that name, with one output or more.

    Parameters
    ----------
    name : str
        relu:WIDTHS or tanh:WIDTHS, such as relu:32 or tanh:64,64, a `perceptron`;
        resnet8:NORM, a `small_resnet` with NORM none, batch or group; or what
        `build_model` knows.
    shape : tuple of int
        Of one input.
    outputs : int
        C.
    initialisation : str
        One of `STARTS`.
    generator : torch.Generator
        Of the initial weights; on the CPU.
    scale : float
        Of the initial weights, as `start` takes it.

    Returns
    -------
    torch.nn.Module
        On the CPU, if it is one of ours.

    Raises
    ------
    InputError
        If there is no such network, or it cannot be built.
    """
    kind, colon, rest = name.partition(":")
    if colon and kind in ("relu", "tanh"):
        model = perceptron(shape, outputs, widths=_widths(name, rest), activation=kind)
    elif colon and kind == "resnet8":
        model = small_resnet(shape, outputs, norm=rest)
    else:
        model = build_model(name, shape=shape, classes=outputs, generator=generator)
    start(model, initialisation, scale=scale, generator=generator)
    return model


def perceptron(
    shape: tuple[int, ...],
    outputs: int,
    *,
    widths: tuple[int, ...] = (32,),
    activation: str = "relu",
) -> nn.Module:
    """Linear layers with one activation between them, as an `Ensemble` holds them.

    Parameters
    ----------
    shape : tuple of int
        Of one input; d is the product.
    outputs : int
        C.
    widths : tuple of int
        Units of each hidden layer.
    activation : {"relu", "tanh"}
        After each of them.

    Returns
    -------
    torch.nn.Module
        p = 2113 for 64 inputs, 32 units and one output.

    Raises
    ------
    InputError
        If the activation is neither.
    """
    if activation not in ("relu", "tanh"):
        raise InputError(f"activation is {activation!r}; expected relu or tanh")
    layers: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
    inputs = prod(shape)
    for i, width in enumerate(widths, 1):
        layers[f"hidden{i}"] = nn.Linear(inputs, width)
        layers[f"activation{i}"] = nn.ReLU() if activation == "relu" else nn.Tanh()
        inputs = width
    layers["output"] = nn.Linear(inputs, outputs)
    return nn.Sequential(layers)


def small_resnet(shape: tuple[int, ...], outputs: int, *, norm: str) -> nn.Module:
    """ResNet-8 with 8, 16 and 32 channels, and a normalisation of choice.

    Parameters
    ----------
    shape : (int, int, int)
        Channels, height and width, at least 2 x 2.
    outputs : int
        C.
    norm : {"none", "batch", "group"}
        none: convolutions have biases instead. group: 4 groups of channels.

    Returns
    -------
    torch.nn.Module
        On 1 x 8 x 8 images with one output, p = 19,513 with normalisation and 19,345
        without.

    Raises
    ------
    InputError
        If there is no such normalisation, or the inputs are no images.
    """
    if norm not in NORMS:
        raise InputError(f"norm is {norm!r}; expected one of {', '.join(NORMS)}")
    if len(shape) != 3 or min(shape[1:]) < 2:
        raise InputError(
            f"shape is {shape}; expected images (channels, height, width) of at least "
            "2 x 2 pixels"
        )
    model = ResNet((shape[0], shape[1], shape[2]), outputs, depth=1, widths=WIDTHS)
    if norm != "batch":
        _exchange(model, norm)
    return model


def _exchange(module: nn.Module, norm: str) -> None:
    """Put another normalisation, or biases, in the place of batch normalisation."""
    for name, child in list(module.named_children()):
        if isinstance(child, nn.BatchNorm2d):
            channels = child.num_features
            other = (
                nn.GroupNorm(GROUPS, channels) if norm == "group" else Bias(channels)
            )
            setattr(module, name, other)
        else:
            _exchange(child, norm)


class Bias(nn.Module):
    """x + b, with one b for each channel, 0 at first."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(channels, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Of images (n, channels, height, width)."""
        return x + self.bias


def _widths(name: str, text: str) -> tuple[int, ...]:
    if not re.fullmatch(r"[1-9]\d{0,4}(,[1-9]\d{0,4}){0,9}", text):
        raise InputError(
            f"model is {name!r}; expected widths between commas, as in relu:32 or "
            "tanh:64,64"
        )
    return tuple(map(int, text.split(",")))
