"""One network of any kind, trained as an ensemble of one member is."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

import torch
from torch import Tensor, nn

from ..objective.parameters import Parameters
from ..objective.preserve import BATCH_NORMS
from .losses import residuals, sample_losses
from .samples import Samples

__all__ = ["Single"]


class Single:
    """A network beside its θ (1, p), with the methods of an `Ensemble`.

    Dropout is off. Batch normalisation takes its statistics from the whole batch while
    the network is trained. `confirmed` puts the exact statistics of all samples in their
    place, and leaves them there if the loss is then low enough: from there on they are
    constants.

    Parameters
    ----------
    model : torch.nn.Module
        Copied; its parameters that require a gradient make up θ.
    dtype : torch.dtype
        Of everything computed.
    device : torch.device, optional
        Where; the CPU by default.
    """

    def __init__(
        self,
        model: nn.Module,
        *,
        dtype: torch.dtype = torch.float32,
        device: torch.device | None = None,
    ) -> None:
        self.model = copy.deepcopy(model).to(device, dtype)
        self.parameters = Parameters.select(self.model)
        _set_modes(self.model, training=True)
        named = dict(self.model.named_parameters())
        self._parts = [named[name] for name in self.parameters.names]
        self.theta = torch.cat([part.detach().reshape(-1) for part in self._parts])[
            None
        ]

    @property
    def size(self) -> int:
        """One."""
        return 1

    @property
    def p(self) -> int:
        """Parameters."""
        return self.parameters.p

    @property
    def frozen(self) -> bool:
        """Whether the statistics of batch normalisation are constants by now."""
        return not any(module.training for module in _norms(self.model))

    def member(self, i: int, *, dtype: torch.dtype = torch.float64) -> nn.Module:
        """A copy of the network on the CPU and in evaluation mode; i is 0."""
        del i
        self._place()
        return copy.deepcopy(self.model).to("cpu", dtype).eval()

    def kept(self, members: Tensor, *, dtype: torch.dtype | None = None) -> Self:
        """A copy of the lone member."""
        del members
        self._place()
        other = type(self)(
            self.model, dtype=dtype or self.theta.dtype, device=self.theta.device
        )
        if self.frozen:
            _set_modes(other.model, training=False)
        return other

    def outputs(self, X: Tensor) -> Tensor:
        """f (1, N, C) of inputs (1, N, …), in evaluation mode."""
        self._place()
        with _evaluation(self.model), torch.no_grad():
            return self.model(X[0])[None]

    def losses(self, samples: Samples, loss: str) -> Tensor:
        """(1,): the mean of ℓ, in evaluation mode."""
        ell = sample_losses(loss, self.outputs(samples.X), samples.y)
        return (samples.weights * ell).sum(1)

    def losses_and_gradient(self, samples: Samples, loss: str) -> tuple[Tensor, Tensor]:
        """The mean of ℓ as the network is trained (1,), and its gradient (1, p)."""
        self._place()
        with torch.enable_grad():
            f = self.model(samples.X[0])
            pull = samples.weights[0, :, None] * residuals(
                loss, f.detach(), samples.y[0]
            )
            parts = torch.autograd.grad(
                f, self._parts, pull, allow_unused=True, materialize_grads=True
            )
        ell = sample_losses(loss, f.detach()[None], samples.y)
        gradient = torch.cat([part.reshape(-1) for part in parts])[None]
        return (samples.weights * ell).sum(1), gradient

    def confirmed(self, samples: Samples, loss: str, losses: Tensor) -> Tensor:
        """(1,): the loss in evaluation mode, with the exact statistics of all samples.

        These are put in place, and become constants once the caller says `freeze`.
        """
        if self.frozen:
            return losses
        self._place()
        for module in _norms(self.model):
            # the plain average over one pass, which is over all samples at once
            module.momentum = None
            module.reset_running_stats()
        with torch.no_grad():
            self.model(samples.X[0])
        return self.losses(samples, loss)

    def freeze(self) -> None:
        """Make the statistics that `confirmed` put in place constants."""
        _set_modes(self.model, training=False)

    def _place(self) -> None:
        """θ into the network."""
        with torch.no_grad():
            for part, value in zip(
                self._parts, self.parameters.split(self.theta[0]), strict=True
            ):
                part.copy_(value)


def _norms(model: nn.Module) -> Iterator[nn.modules.batchnorm._BatchNorm]:
    for module in model.modules():
        if isinstance(module, BATCH_NORMS):
            yield module


def _set_modes(model: nn.Module, *, training: bool) -> None:
    for module in model.modules():
        module.training = training and isinstance(module, BATCH_NORMS)


@contextmanager
def _evaluation(model: nn.Module) -> Iterator[None]:
    norms = [(module, module.training) for module in _norms(model)]
    _set_modes(model, training=False)
    try:
        yield
    finally:
        for module, before in norms:
            module.training = before
