"""A curvature matrix of the loss of a network: what all of them have in common."""

import copy
from typing import Any, Self

import torch
from torch import Tensor, nn

from ..budget import SHARE, spare_bytes
from ..objective.losses import LossFunction, Reduction
from ..objective.objective import Objective
from ..objective.parameters import Parameters, Selection
from ..objective.preserve import BatchNormMode
from ..objective.risk import Risk
from ..products.products import Curvature, Plan, Products
from .blocks import BlockDiagonalOperator, MatrixFreeOperator

__all__ = ["CurvatureOperator"]


class CurvatureOperator(MatrixFreeOperator):
    """A curvature matrix (p, p) of the loss L(θ) of all data, by its products.

        L(θ) = (1/n) Σ_i ℓ(f(x_i; θ), y_i),  or the sum, as the loss itself reduces.

    In several processes of one torch.distributed group each multiplies its own
    micro-batches, and all have the same product of all of the data: model, data and
    vectors must be the same in each, and each must come to every product.

    θ is the model's as it is now; the model is not changed, and training it later does
    not change the operator. All samples are used unless the data is a loader that
    leaves some out. Every module is in evaluation mode meanwhile.

    Parameters
    ----------
    model : torch.nn.Module
        f(·; θ), on one device. Halves are computed in float32.
    loss : torch.nn loss, function of torch.nn.functional, or callable
        (outputs, targets) → a scalar.
    data : (inputs, targets), or re-iterable of batches
        Inputs are a tensor, or a dict of tensors for the model's keyword arguments.
    params : str, sequence of str, or sequence of torch.nn.Parameter, optional
        Which parameters θ is made of: names or globs; all trainable ones by default.
    reduction : {"mean", "sum"}, optional
        Where the loss does not say it; a mean is then one over samples.
    batch_size : int, optional
        Samples in a micro-batch, where data is one tuple; by default as many as fit.
    batch_norm : {"eval", "train"}
        With "train", batch normalisation takes the statistics of the batch, and all
        data must be one batch.
    memory : int, optional
        Bytes that recordings of micro-batches may hold; half of what is free by
        default.

    Attributes
    ----------
    parameters : Parameters
        Names, shapes and layers of θ.
    products : int
        Vectors multiplied so far.
    risk : Risk
        The loss of all data.
    memory : int
        As given.

    Raises
    ------
    InputError
        If an argument is wrong, the model fails on a batch, or the loss is not finite.
    """

    def __init__(
        self,
        model: nn.Module,
        loss: LossFunction,
        data: Any,
        params: Selection = None,
        reduction: Reduction | None = None,
        *,
        batch_size: int | None = None,
        batch_norm: BatchNormMode = "eval",
        memory: int | None = None,
    ) -> None:
        with torch.inference_mode(mode=False):
            objective = Objective(model, loss, params, reduction, batch_norm=batch_norm)
            self._check(objective)
            risk = Risk(objective, data, batch_size)
            if memory is None:
                spare = spare_bytes(objective.device)
                memory = int(SHARE * spare) // risk.processes.sharing(objective.device)
            self._begin(risk, memory)

    @classmethod
    def from_risk(cls, risk: Risk, memory: int) -> Self:
        """The same for a loss that was run over its data already."""
        made = cls.__new__(cls)
        made._begin(risk, memory)
        return made

    def _begin(self, risk: Risk, memory: int) -> None:
        self.risk, self.memory = risk, memory
        self.parameters: Parameters = risk.objective.parameters
        self._engine = Products(risk, self._curvature(risk.objective), memory)
        super().__init__(
            self.parameters.p,
            dtype=risk.objective.dtype,
            device=risk.objective.device,
        )

    def _check(self, objective: Objective) -> None:
        """Refuse what this matrix is not defined for."""

    def _curvature(self, objective: Objective) -> Curvature:
        """How one micro-batch multiplies."""
        raise NotImplementedError

    @property
    def n_used(self) -> int:
        """Number of samples the matrix is of."""
        return self.risk.batches.n_used

    @property
    def n_total(self) -> int:
        """Number of samples of the data set behind a loader, else `n_used`."""
        return self.risk.batches.n_total

    @property
    def weight(self) -> float:
        """What a mean loss divides by: samples, counted labels' weights or entries.

        Operators of parts of the data are averaged with these weights.
        """
        return self.risk.weight

    @property
    def plan(self) -> Plan:
        """What is kept between products; measured on one micro-batch before the first."""
        return self._engine.plan()

    def loss(self) -> float:
        """L(θ)."""
        return self.risk.loss

    def gradient(self) -> Tensor:
        """∇L(θ) (p,), in float64 where the device has it.

        Raises
        ------
        InputError
            If an entry is not finite.
        """
        with torch.inference_mode(mode=False):
            return self.risk.gradient()

    def nondeterministic_calls(self) -> tuple[str, ...]:
        """Names of calls that may differ from one product to the next, by rounding."""
        processes = self.risk.processes
        with processes.together():
            own = self._engine.nondeterministic_calls()
        return tuple(
            sorted({name for part in processes.gathered(own) for name in part})
        )

    def block(self, layer: str) -> Self:
        """The diagonal block of one layer, an operator of its own at the same θ.

        Parameters
        ----------
        layer : str
            A key of `parameters.layers`.

        Raises
        ------
        InputError
            If there is no such layer.
        """
        return self._restricted(layer, self.memory)

    def block_diagonal(self) -> BlockDiagonalOperator:
        """The matrix with everything between different layers set to 0."""
        layers = self.parameters.layers
        return BlockDiagonalOperator(
            {
                name: self._restricted(name, self.memory // len(layers))
                for name in layers
            }
        )

    def _restricted(self, layer: str, memory: int) -> Self:
        part = copy.copy(self)
        part._begin(self.risk.restricted(self.parameters.of_layer(layer)), memory)
        return part

    def _multiply(self, V: Tensor) -> Tensor:
        return self._engine(V)
