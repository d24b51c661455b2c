"""Many small fully connected networks as one batched set of parameters."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import torch
from torch import Tensor, nn

from ...errors import InputError
from ..objective.parameters import Parameters
from .losses import residuals, sample_losses
from .samples import Samples

__all__ = ["Ensemble", "is_dense"]

ACTIVATIONS = (nn.ReLU, nn.Tanh)


@dataclass(frozen=True)
class Layer:
    """Where W (out, in) and b (out,) stand in θ, and what follows: relu, tanh, none."""

    start: int
    inputs: int
    outputs: int
    activation: str

    @property
    def middle(self) -> int:
        """Where W ends and b begins."""
        return self.start + self.outputs * self.inputs

    @property
    def end(self) -> int:
        """Where b ends."""
        return self.middle + self.outputs

    def W(self, theta: Tensor) -> Tensor:
        """(E, out, in), a view of θ (E, p)."""
        flat = theta[:, self.start : self.middle]
        return flat.view(len(theta), self.outputs, self.inputs)

    def b(self, theta: Tensor) -> Tensor:
        """(E, 1, out), a view of θ (E, p)."""
        return theta[:, self.middle : self.end].unsqueeze(1)


def is_dense(model: nn.Module) -> bool:
    """Whether an `Ensemble` can hold it: linear layers with relu or tanh between."""
    return _layers(model) is not None


class Ensemble:
    """E networks of one architecture, each with its own parameters and samples.

    Losses and gradients of all of them are batched products of matrices. Those of one
    member depend on nothing of the others: in exact arithmetic. In floats the same
    members give the same bits on the same machine; a member beside others gives the
    same up to rounding.

    Parameters
    ----------
    template : torch.nn.Sequential
        As `is_dense` accepts it; its own weights do not matter.
    theta : (E, p) tensor
        Row i is θ of member i, in the order of `named_parameters`.
    """

    def __init__(self, template: nn.Module, theta: Tensor) -> None:
        layers = _layers(template)
        if layers is None:
            raise InputError(
                f"model is a {type(template).__name__}; expected linear layers with "
                "biases, all trainable, and relu or tanh between them, in one Sequential"
            )
        self.parameters = Parameters.select(template)
        if theta.ndim != 2 or theta.shape[1] != self.parameters.p:
            raise InputError(
                f"theta has shape {tuple(theta.shape)}; expected (E, "
                f"{self.parameters.p})"
            )
        self.template, self.theta, self._layers = template, theta, layers

    @classmethod
    def of(
        cls,
        models: Sequence[nn.Module],
        *,
        dtype: torch.dtype = torch.float32,
        device: torch.device | None = None,
    ) -> Self:
        """The ensemble whose members have the weights of these networks.

        Raises
        ------
        InputError
            If there is none, one is not fully connected, or they differ in shape.
        """
        if not models:
            raise InputError("models is empty; expected at least one network")
        alike = {tuple(map(str, model.children())) for model in models}
        if len(alike) > 1:
            raise InputError(
                f"models have {len(alike)} architectures; expected one: make an "
                "ensemble of each"
            )
        rows = [_theta_of(model) for model in models]
        return cls(models[0], torch.stack(rows).to(device, dtype))

    @property
    def size(self) -> int:
        """E."""
        return len(self.theta)

    @property
    def p(self) -> int:
        """Parameters of one member."""
        return self.parameters.p

    def member(self, i: int, *, dtype: torch.dtype = torch.float64) -> nn.Module:
        """Member i as an ordinary network, on the CPU and in evaluation mode."""
        model = copy.deepcopy(self.template).to("cpu", dtype).eval()
        parts = self.parameters.split(self.theta[i].to("cpu", dtype))
        named = dict(model.named_parameters())
        with torch.no_grad():
            for name, value in zip(self.parameters.names, parts, strict=True):
                named[name].copy_(value)
        return model

    def kept(self, members: Tensor, *, dtype: torch.dtype | None = None) -> Self:
        """A copy with these members alone."""
        theta = self.theta[members]
        return type(self)(self.template, theta.to(dtype or theta.dtype))

    def outputs(self, X: Tensor) -> Tensor:
        """f (E, N, C) of inputs (E, N, …)."""
        return _paired(self._outputs, self.theta, X)[0]

    def losses(self, samples: Samples, loss: str) -> Tensor:
        """(E,): of each member the mean of ℓ over its samples."""
        ell = sample_losses(loss, self.outputs(samples.X), samples.y)
        return (samples.weights * ell).sum(1)

    def losses_and_gradient(self, samples: Samples, loss: str) -> tuple[Tensor, Tensor]:
        """Those, and the gradient (E, p) of each with respect to its own θ."""

        def both(theta: Tensor, X: Tensor, y: Tensor, w: Tensor) -> tuple[Tensor, ...]:
            hidden = self._hidden(theta, X)
            f = hidden[-1]
            losses = (w * sample_losses(loss, f, y)).sum(1)
            pull = w.unsqueeze(2) * residuals(loss, f, y)
            return losses, self._pulled_back(theta, hidden, pull)

        losses, gradient = _paired(
            both, self.theta, samples.X, samples.y, samples.weights
        )
        return losses, gradient

    def confirmed(self, samples: Samples, loss: str, losses: Tensor) -> Tensor:
        """Losses in evaluation mode, which is no other here."""
        del samples, loss
        return losses

    def freeze(self) -> None:
        """Nothing: no statistics are kept."""

    def _outputs(self, theta: Tensor, X: Tensor) -> tuple[Tensor, ...]:
        return (self._hidden(theta, X)[-1],)

    def _hidden(self, theta: Tensor, X: Tensor) -> list[Tensor]:
        """Inputs, what each layer gives, and last the outputs: each (E, N, width)."""
        values = [X.flatten(2)]
        for layer in self._layers:
            z = torch.baddbmm(layer.b(theta), values[-1], layer.W(theta).mT)
            values.append(_activated(z, layer.activation))
        return values

    def _pulled_back(self, theta: Tensor, hidden: list[Tensor], pull: Tensor) -> Tensor:
        """Σ_i (∂f_i/∂θ)ᵀ pull_i, by the chain rule from the last layer to the first."""
        parts: list[Tensor] = []
        steps = list(zip(self._layers, pairwise(hidden), strict=True))
        for layer, (below, above) in reversed(steps):
            pull = _through(pull, above, layer.activation)
            parts = [torch.bmm(pull.mT, below).flatten(1), pull.sum(1), *parts]
            if layer.start > 0:
                pull = torch.bmm(pull, layer.W(theta))
        return torch.cat(parts, dim=1)


def _paired(
    compute: Callable[..., tuple[Tensor, ...]], *arguments: Tensor
) -> tuple[Tensor, ...]:
    """Compute with a lone member doubled.

    For a batch of one torch multiplies by another routine, whose sums are rounded
    otherwise: a member would depend on whether another is beside it.
    """
    if len(arguments[0]) > 1:
        return compute(*arguments)
    doubled = (part.expand(2, *part.shape[1:]).contiguous() for part in arguments)
    return tuple(part[:1] for part in compute(*doubled))


def _activated(z: Tensor, activation: str) -> Tensor:
    match activation:
        case "relu":
            return z.relu_()
        case "tanh":
            return z.tanh_()
        case _:
            return z


def _through(pull: Tensor, above: Tensor, activation: str) -> Tensor:
    """The pull before an activation whose values are `above`; σ′(0) = 0 for relu."""
    match activation:
        case "relu":
            return pull * (above > 0)
        case "tanh":
            return pull * (1 - above.square())
        case _:
            return pull


def _theta_of(model: nn.Module) -> Tensor:
    parameters = dict(model.named_parameters())
    names = Parameters.select(model).names
    return torch.cat([parameters[name].detach().reshape(-1) for name in names])


def _layers(model: nn.Module) -> tuple[Layer, ...] | None:
    """The layers of a fully connected network, or None if it is another."""
    if not isinstance(model, nn.Sequential):
        return None
    parts = [part for part in model if not isinstance(part, nn.Flatten)]
    linear, between = parts[::2], parts[1::2]
    fits = (
        len(parts) % 2 == 1
        and all(type(part) is nn.Linear and part.bias is not None for part in linear)
        and all(type(part) in ACTIVATIONS for part in between)
        and all(parameter.requires_grad for parameter in model.parameters())
        and not any(isinstance(part, nn.Flatten) for part in list(model)[1:])
    )
    if not fits:
        return None
    layers, start = [], 0
    names = [*("relu" if isinstance(a, nn.ReLU) else "tanh" for a in between), "none"]
    for part, name in zip(linear, names, strict=True):
        if not isinstance(part, nn.Linear):
            return None
        layers.append(Layer(start, part.in_features, part.out_features, name))
        start = layers[-1].end
    return tuple(layers)
