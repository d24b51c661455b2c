"""objective/derivatives.py: both ways of each product, against dense derivatives."""

from typing import Any

import pytest
import torch
from support.networks import (
    NETWORKS,
    Case,
    close,
    dense_gauss_newton,
    dense_gradient,
    dense_hessian,
    dense_jacobian,
)
from torch import Tensor

from landtheory.deep.objective.batches import Batch
from landtheory.deep.objective.derivatives import (
    directional_derivative,
    gradient,
    pullback_derivative,
    reverse_directional_derivative,
    reverse_second_derivative,
    square,
)
from landtheory.deep.objective.objective import Objective

NAMES = ["tanh", "relu", "squared", "conv", "tied", "partial"]


class Setting:
    """A network as the functions here take it."""

    def __init__(self, name: str) -> None:
        self.case: Case = NETWORKS[name]()
        self.objective = Objective(self.case.model, self.case.loss)
        self.batch = self.objective.prepared(Batch(self.case.inputs, self.case.targets))
        generator = torch.Generator().manual_seed(2)
        p = self.objective.parameters.p
        self.v = torch.randn(p, generator=generator, dtype=torch.float64)
        self.tangents = self.objective.tangents(self.v)
        self.theta = self.objective.theta

    def output(self, theta: Any) -> Tensor:
        return self.objective.output(theta, self.batch)

    def value(self, theta: Any) -> Tensor:
        return self.objective.value(theta, self.batch)

    def cotangent(self, f: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        loss, y = self.objective.loss, self.batch.targets
        return loss.residual(f, y), loss.hessian_product(f, y, u)

    def flat(self, parts: Any) -> Tensor:
        return torch.cat(
            [
                (torch.zeros_like(t) if part is None else part).reshape(-1)
                for part, t in zip(parts, self.theta, strict=True)
            ]
        )


@pytest.mark.parametrize("name", NAMES)
def test_gradient(name: str) -> None:
    at = Setting(name)
    value, slopes = gradient(at.value, at.theta)
    assert close(at.flat(slopes), dense_gradient(at.case))
    assert close(value, at.value(at.theta))
    assert not value.requires_grad


@pytest.mark.parametrize("name", NAMES)
def test_second_derivatives_both_ways(name: str) -> None:
    at = Setting(name)
    product = dense_hessian(at.case) @ at.v
    found = pullback_derivative(at.output, at.theta, at.tangents, at.cotangent)
    assert close(at.flat(found), product)
    found = reverse_second_derivative(at.value, at.theta, at.tangents)
    assert close(at.flat(found), product)


@pytest.mark.parametrize("name", NAMES)
def test_a_cotangent_held_fixed_leaves_the_residual_part(name: str) -> None:
    at = Setting(name)
    held = pullback_derivative(
        at.output, at.theta, at.tangents, lambda f, u: (at.cotangent(f, u)[0], None)
    )
    F = dense_hessian(at.case) - dense_gauss_newton(at.case)
    assert close(at.flat(held), F @ at.v, 1e-11)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "along", [directional_derivative, reverse_directional_derivative]
)
def test_directional_derivatives_and_squares(name: str, along: Any) -> None:
    at = Setting(name)
    J = dense_jacobian(at.case)
    found = along(at.output, at.theta, at.tangents)
    assert close(found.reshape(-1), J @ at.v)
    assert not found.requires_grad
    doubled = square(
        at.output, at.theta, at.tangents, lambda f: lambda u: 2 * u * f, along
    )
    weights = at.output(at.theta).detach().reshape(-1)
    assert close(at.flat(doubled), J.T @ (2 * weights * (J @ at.v)))


def test_what_does_not_matter_is_none() -> None:
    at = Setting("partial")
    place = at.objective.parameters.names.index("unused")
    assert gradient(at.value, at.theta)[1][place] is None
    assert reverse_second_derivative(at.value, at.theta, at.tangents)[place] is None
    found = pullback_derivative(at.output, at.theta, at.tangents, at.cotangent)
    assert found[place] is None


def test_a_function_that_is_constant_has_derivatives_that_are_none() -> None:
    theta, v = (torch.ones(2),), (torch.ones(2),)

    def constant(_: Any) -> Tensor:
        return torch.ones(())

    assert gradient(constant, theta)[1] == (None,)
    assert reverse_second_derivative(constant, theta, v) == (None,)
    assert square(constant, theta, v, lambda _: lambda u: u) == (None,)
    assert not directional_derivative(constant, theta, v).any()
    assert not reverse_directional_derivative(constant, theta, v).any()


def test_a_linear_function_has_no_second_derivative() -> None:
    theta, v = (torch.ones(2),), (torch.ones(2),)
    (found,) = reverse_second_derivative(lambda t: t[0].sum(), theta, v)
    assert found is None or not found.any()
