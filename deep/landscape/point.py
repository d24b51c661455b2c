"""A network's place in the landscape of its loss."""

import copy
import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from ...errors import InputError
from ..budget import SHARE, spare_bytes
from ..devices import widest_dtype
from ..objective.batches import Batch
from ..objective.derivatives import gradient
from ..objective.losses import LossFunction, Reduction
from ..objective.objective import Objective
from ..objective.parameters import Parameters
from ..objective.risk import Risk
from ..operators.operators import HessianOperator, ResidualOperator

__all__ = ["Point"]


class Point:
    """θ of a network with the loss L of all data, in float64.

    A copy of the network is taken, in evaluation mode: neither what is done with the
    point nor what becomes of the network changes the other.

    Parameters
    ----------
    model : torch.nn.Module
        f(·; θ), on one device; θ is made of its trainable parameters.
    loss, data, reduction, batch_size
        As the operators take them. Data in one tuple costs least.

    Attributes
    ----------
    model : torch.nn.Module
        The copy.
    risk : Risk
        L.
    parameters : Parameters
        Names and shapes of θ.
    theta : (p,) tensor
        θ.
    loss : float
        L(θ).

    Raises
    ------
    InputError
        If an argument is wrong, the loss is not finite, or several processes run.
    """

    def __init__(
        self,
        model: nn.Module,
        loss: LossFunction,
        data: Any,
        reduction: Reduction | None = None,
        *,
        batch_size: int | None = None,
    ) -> None:
        if not isinstance(model, nn.Module):
            raise InputError(
                f"model is a {type(model).__name__}; expected a torch.nn.Module"
            )
        device = next((each.device for each in model.parameters()), torch.device("cpu"))
        self.model = copy.deepcopy(model).to(dtype=widest_dtype(device)).eval()
        objective = Objective(self.model, loss, reduction=reduction)
        self.risk = Risk(objective, data, batch_size)
        if self.risk.processes.size > 1:
            raise InputError(
                f"processes are {self.risk.processes.size}; expected one: a landscape is "
                "measured by a process of its own"
            )
        self._asked, self._batch_size = (loss, data, reduction), batch_size
        self.parameters: Parameters = objective.parameters
        self.theta = self.parameters.flatten(objective.theta)
        self.loss = self.risk.loss

    def moved(self, model: nn.Module) -> "Point":
        """The same loss and data at the weights of another network of this shape.

        Parameters
        ----------
        model : torch.nn.Module
            Of the same architecture.
        """
        return type(self)(model, *self._asked, batch_size=self._batch_size)

    @property
    def p(self) -> int:
        """Entries of θ."""
        return self.parameters.p

    @property
    def n(self) -> int:
        """Samples."""
        return self.risk.batches.n_used

    @contextmanager
    def ready(self) -> Iterator[None]:
        """Many evaluations in a row; all global state is as before at the end."""
        with torch.inference_mode(mode=False), self.risk.ready():
            yield

    def value(self, theta: Tensor) -> float:
        """L at any θ (p,), to be called inside `ready`; infinity where it is not finite."""
        objective, total = self.risk.objective, []
        parts = objective.tangents(theta)
        with torch.no_grad():
            for c, batch in self.weighted_batches():
                total.append(c * float(objective.value(parts, batch)))
        value = math.fsum(total) if all(map(math.isfinite, total)) else math.inf
        return value if math.isfinite(value) else math.inf

    def value_and_gradient(self, theta: Tensor) -> tuple[float, Tensor]:
        """L and ∇L (p,) at any θ, to be called inside `ready`."""
        objective = self.risk.objective
        parts, losses = objective.tangents(theta), []
        total = torch.zeros_like(theta)
        for c, batch in self.weighted_batches():
            value, slopes = gradient(
                lambda leaves, batch=batch: objective.value(leaves, batch),  # type: ignore[misc]
                parts,
            )
            self.risk.add(total, slopes, c)
            losses.append(c * float(value))
        return sum(losses), total

    def outputs(self) -> Tensor:
        """f (n, …) of all samples at θ, to be called inside `ready`."""
        objective = self.risk.objective
        with torch.no_grad():
            found = [
                objective.output(objective.theta, batch)
                for _, batch in self.weighted_batches()
            ]
        return torch.cat(found)

    def weighted_batches(self) -> Iterator[tuple[float, Batch]]:
        """c_k and the k-th micro-batch as the objective takes it: L = Σ_k c_k L_k."""
        batches = self.risk.batches.owned(self.risk.processes)
        for index, batch in batches:
            if self.risk.coefficients[index]:
                yield self.risk.coefficients[index], self.risk.objective.prepared(batch)

    def hessian(self) -> HessianOperator:
        """H = ∇²L(θ)."""
        return HessianOperator.from_risk(self.risk, self._memory())

    def residual(self) -> ResidualOperator:
        """F = H - G, what the Gauss-Newton matrix leaves out of H."""
        return ResidualOperator.from_risk(self.risk, self._memory())

    def _memory(self) -> int:
        return int(SHARE * spare_bytes(self.risk.objective.device))
