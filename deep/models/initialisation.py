"""How the weights of a network start."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ...errors import InputError
from ..randomness import check_generator

__all__ = ["INITIALISATIONS", "initialise"]

Fill = Callable[[Tensor, torch.Generator], object]

_FILLS: dict[str, Fill] = {
    "xavier": lambda w, rng: nn.init.xavier_normal_(w, generator=rng),
    "kaiming": lambda w, rng: nn.init.kaiming_normal_(w, generator=rng),
    "lecun": lambda w, rng: nn.init.kaiming_normal_(
        w, nonlinearity="linear", generator=rng
    ),
    "orthogonal": lambda w, rng: nn.init.orthogonal_(w, generator=rng),
}

INITIALISATIONS = ("default", *_FILLS, "zero-last")
"""Schemes of `initialise`, by the names that users give."""

LINEAR = (nn.Linear, nn.modules.conv._ConvNd)
NORMALISING = (
    nn.modules.batchnorm._NormBase,
    nn.LayerNorm,
    nn.GroupNorm,
    nn.RMSNorm,
)


def initialise(model: nn.Module, scheme: str, *, generator: torch.Generator) -> None:
    """Start the weights anew, by one of the published schemes.

    With fan_in and fan_out the numbers of inputs and outputs of one unit (times the
    kernel's size in a convolution), the entries of a weight W are

        xavier      N(0, 2 / (fan_in + fan_out))
        kaiming     N(0, 2 / fan_in)
        lecun       N(0, 1 / fan_in)
        orthogonal  uniform among the matrices with W Wᵀ = I or Wᵀ W = I
        zero-last   as they are, but 0 in the last linear layer: f = 0 at the start
        default     as they are

    Biases of linear layers and convolutions become 0, normalisations the identity with
    their running mean 0 and variance 1; all other parameters stay as they are.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place, in the order of its modules.
    scheme : str
        One of `INITIALISATIONS`.
    generator : torch.Generator
        Of the draws; on the CPU.

    Raises
    ------
    InputError
        If there is no such scheme, or it needs a linear layer and there is none.

    References
    ----------
    Glorot and Bengio (2010), eq. (12); He, Zhang, Ren and Sun (2015), eq. (10); LeCun,
    Bottou, Orr and Müller (1998), section 4.6; Saxe, McClelland and Ganguli (2014).
    """
    check_generator(generator)
    if scheme not in INITIALISATIONS:
        raise InputError(
            f"initialisation is {scheme!r}; expected one of "
            f"{', '.join(INITIALISATIONS)}"
        )
    if scheme == "default":
        return
    linear = [module for module in model.modules() if isinstance(module, LINEAR)]
    if not linear:
        raise InputError(
            f"initialisation is {scheme!r} for a model without linear layers or "
            "convolutions; expected default"
        )
    with torch.no_grad():
        if scheme == "zero-last":
            _fill(linear[-1], nn.init.zeros_)
            return
        for layer in linear:
            _fill(layer, lambda weight: _drawn(weight, _FILLS[scheme], generator))
        for module in model.modules():
            if isinstance(module, NORMALISING):
                _make_identity(module)


def _fill(layer: nn.Module, fill: Callable[[Tensor], object]) -> None:
    fill(layer.get_parameter("weight"))
    if layer.bias is not None:
        nn.init.zeros_(layer.get_parameter("bias"))


def _drawn(weight: Tensor, fill: Fill, generator: torch.Generator) -> None:
    """Draw on the CPU in float32, then round and move: the same on every device."""
    start = torch.empty(weight.shape, dtype=torch.float32)
    fill(start, generator)
    weight.copy_(start)


def _make_identity(module: nn.Module) -> None:
    for name, parameter in module.named_parameters(recurse=False):
        nn.init.constant_(parameter, 1.0 if name == "weight" else 0.0)
    if isinstance(module, nn.modules.batchnorm._NormBase):
        module.reset_running_stats()
