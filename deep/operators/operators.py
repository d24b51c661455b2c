"""Hessian and Gauss-Newton matrices of a network, known by their products."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from ..objective.batches import Batch
from ..objective.derivatives import (
    Cotangent,
    Maybe,
    OutputMap,
    directional_derivative,
    pullback_derivative,
    reverse_directional_derivative,
    reverse_second_derivative,
    square,
)
from ..objective.objective import Objective
from ..objective.parameters import Tensors
from ..products.products import Curvature
from .curvature import CurvatureOperator

__all__ = [
    "CurvatureOperator",
    "GaussNewtonOperator",
    "HessianOperator",
    "MapOfOutputs",
    "ResidualOperator",
    "SquareOperator",
]

MapOfOutputs = Callable[[int, Batch, Tensor], OutputMap]


class HessianOperator(CurvatureOperator):
    """H = ∇²L(θ), symmetric (p, p); unit: loss / θ².

    A product costs as much arithmetic as two gradients once the first one is recorded;
    see `CurvatureOperator` for the parameters.

    References
    ----------
    Pearlmutter (1994), Fast exact multiplication by the Hessian.
    """

    def _curvature(self, objective: Objective) -> Curvature:
        loss = objective.loss

        def cotangent(batch: Batch) -> Cotangent:
            y = batch.targets
            return lambda f, u: (
                loss.residual(f, y),
                loss.hessian_product(f, y, u),
            )

        return _second_derivatives("Hessian", objective, cotangent, objective.value)


class ResidualOperator(CurvatureOperator):
    """F = H − G = Σ_i Σ_c r_ic ∇²f_c(x_i; θ), symmetric (p, p), with r = ∂L/∂f.

    It is the Hessian of ⟨r, f(θ)⟩ with r held fixed, so nothing cancels where F is
    small beside H. See `CurvatureOperator` for the parameters.
    """

    def _curvature(self, objective: Objective) -> Curvature:
        loss = objective.loss

        def cotangent(batch: Batch) -> Cotangent:
            return lambda f, _: (loss.residual(f, batch.targets), None)

        def held(theta: Tensors, batch: Batch) -> Tensor:
            f = objective.output(theta, batch)
            return (loss.residual(f.detach(), batch.targets) * f).sum()

        return _second_derivatives(
            "residual part of the Hessian", objective, cotangent, held
        )


class SquareOperator(CurvatureOperator):
    """Σ_i J_iᵀ M_i J_i, with J the derivative of the outputs, for maps M of outputs.

    Symmetric and positive semi-definite if every M_i is.
    """

    name = "square"

    def _map_of_outputs(self, objective: Objective) -> MapOfOutputs:
        """(number of the micro-batch, batch, outputs) → u ↦ M u."""
        raise NotImplementedError

    def _curvature(self, objective: Objective) -> Curvature:
        made = self._map_of_outputs(objective)

        def product(along: Any) -> Callable[[int, Batch, Tensors], Maybe]:
            return lambda index, batch, v: square(
                lambda theta: objective.output(theta, batch),
                objective.theta,
                v,
                lambda output: made(index, batch, output),
                along,
            )

        return Curvature(
            self.name,
            product(directional_derivative),
            product(reverse_directional_derivative),
            is_square=True,
        )


class GaussNewtonOperator(SquareOperator):
    """G = Σ_i J_iᵀ S_i J_i, S = ∂²L/∂f², symmetric (p, p); unit: loss / θ².

    Positive semi-definite where the loss is convex in the outputs. See
    `CurvatureOperator` for the parameters.

    References
    ----------
    Schraudolph (2002), Fast curvature matrix-vector products.
    """

    name = "Gauss-Newton matrix"

    def _map_of_outputs(self, objective: Objective) -> MapOfOutputs:
        loss = objective.loss
        return lambda _, batch, output: (
            lambda u: loss.hessian_product(output, batch.targets, u)
        )


def _second_derivatives(
    name: str,
    objective: Objective,
    cotangent: Callable[[Batch], Cotangent],
    function: Callable[[Tensors, Batch], Tensor],
) -> Curvature:
    def forward(_: int, batch: Batch, v: Tensors) -> Maybe:
        return pullback_derivative(
            lambda theta: objective.output(theta, batch),
            objective.theta,
            v,
            cotangent(batch),
        )

    def reverse(_: int, batch: Batch, v: Tensors) -> Maybe:
        return reverse_second_derivative(
            lambda theta: function(theta, batch), objective.theta, v
        )

    return Curvature(name, forward, reverse, is_square=False)
