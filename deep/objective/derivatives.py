"""Products of one batch with a direction: second derivatives, and squares of first ones.

Each is linear in its tangents, one tensor for each parameter, and is written twice: with
forward-mode differentiation of the reverse mode, and with reverse mode alone. The first
costs less and needs a rule for each operation that torch may lack; the second needs none.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.autograd import forward_ad

from .parameters import Tensors

__all__ = [
    "Cotangent",
    "Maybe",
    "OutputMap",
    "Product",
    "directional_derivative",
    "gradient",
    "pullback_derivative",
    "reverse_directional_derivative",
    "reverse_second_derivative",
    "square",
]

Maybe = tuple[Tensor | None, ...]
"""One tensor for each parameter, None where it is 0."""

Product = Callable[[Tensors], Maybe]
Function = Callable[[Tensors], Tensor]
OutputMap = Callable[[Tensor], Tensor]
Cotangent = Callable[[Tensor, Tensor], tuple[Tensor, Tensor | None]]


def gradient(function: Function, theta: Tensors) -> tuple[Tensor, Maybe]:
    """The value of a scalar function of θ, and ∇ of it."""
    with torch.enable_grad():
        leaves = _leaves(theta)
        value = function(leaves)
        return value.detach(), _pulled_back(value, leaves, None)


def pullback_derivative(
    function: Function, theta: Tensors, v: Tensors, cotangent: Cotangent
) -> Maybe:
    """d/dε J(θ + ε v)ᵀ r(θ + ε v), with J the derivative of the outputs φ(θ).

    Forward mode over reverse mode. With r = ∂L/∂f it is the Hessian of L(φ(θ)) with v.
    The loss itself is not differentiated here, so that it needs no rules of forward mode.

    Parameters
    ----------
    function : callable
        φ, from one tensor for each parameter to outputs.
    theta, v : tuple of tensors
        Point and direction; v of θ's layout.
    cotangent : callable
        (f, J v) → r at f, and its derivative along J v, or None if r is held fixed.
    """
    with torch.enable_grad(), forward_ad.dual_level():
        duals = tuple(map(_dual, _leaves(theta), v))
        output = function(duals)
        along = _tangent(output)
        along = torch.zeros_like(output) if along is None else along
        r, change = cotangent(_primal(output).detach(), along.detach())
        u = r if change is None else _dual(r, change)
        return tuple(map(_tangent, _pulled_back(output, duals, u)))


def reverse_second_derivative(function: Function, theta: Tensors, v: Tensors) -> Maybe:
    """∇²φ(θ) v = ∇⟨∇φ(θ), v⟩, reverse mode twice."""
    with torch.enable_grad():
        leaves = _leaves(theta)
        slopes = _pulled_back(function(leaves), leaves, None, again=True)
        pairs = [
            (slope, direction)
            for slope, direction in zip(slopes, v, strict=True)
            if slope is not None and slope.requires_grad
        ]
        if not pairs:
            return (None,) * len(theta)
        return torch.autograd.grad(
            [slope for slope, _ in pairs],
            leaves,
            [direction for _, direction in pairs],
            allow_unused=True,
        )


def directional_derivative(function: Function, theta: Tensors, v: Tensors) -> Tensor:
    """J v, with J the derivative of the tensor φ(θ), by forward mode."""
    with torch.no_grad(), forward_ad.dual_level():
        output = function(tuple(map(_dual, theta, v)))
        tangent = _tangent(output)
        return torch.zeros_like(output) if tangent is None else tangent


def reverse_directional_derivative(
    function: Function, theta: Tensors, v: Tensors
) -> Tensor:
    """J v = ∇_u ⟨Jᵀu, v⟩, by reverse mode: Jᵀu is linear in u, whatever u is."""
    with torch.enable_grad():
        leaves = _leaves(theta)
        output = function(leaves)
        u = torch.zeros_like(output, requires_grad=True)
        pulled = _pulled_back(output, leaves, u, again=True)
        pairs = [
            (slope, direction)
            for slope, direction in zip(pulled, v, strict=True)
            if slope is not None and slope.requires_grad
        ]
        if not pairs:
            return torch.zeros_like(output).detach()
        (product,) = torch.autograd.grad(
            [slope for slope, _ in pairs], u, [direction for _, direction in pairs]
        )
        return product


def square(
    function: Function,
    theta: Tensors,
    v: Tensors,
    output_map: Callable[[Tensor], OutputMap],
    along: Callable[[Function, Tensors, Tensors], Tensor] = directional_derivative,
) -> Maybe:
    """Jᵀ M J v, with J the derivative of the outputs φ(θ) and M a map of outputs.

    Parameters
    ----------
    function : callable
        φ, from one tensor for each parameter to outputs.
    theta, v : tuple of tensors
        Point and direction.
    output_map : callable
        From the outputs at θ to u ↦ M u.
    along : callable
        How J v is had: `directional_derivative` or `reverse_directional_derivative`.
    """
    u = along(function, theta, v)
    with torch.enable_grad():
        leaves = _leaves(theta)
        output = function(leaves)
        return _pulled_back(output, leaves, output_map(output.detach())(u))


def _dual(point: Tensor, tangent: Tensor) -> Tensor:
    return forward_ad.make_dual(point, tangent)  # type: ignore[no-untyped-call]


def _tangent(dual: Tensor | None) -> Tensor | None:
    """None where it is 0."""
    if dual is None:
        return None
    return forward_ad.unpack_dual(dual).tangent  # type: ignore[no-untyped-call]


def _primal(dual: Tensor) -> Tensor:
    return forward_ad.unpack_dual(dual).primal  # type: ignore[no-untyped-call]


def _leaves(theta: Tensors) -> Tensors:
    return tuple(tensor.detach().requires_grad_() for tensor in theta)


def _pulled_back(
    output: Tensor, leaves: Tensors, u: Tensor | None, *, again: bool = False
) -> Maybe:
    """Jᵀu; None for parameters that the output does not depend on."""
    if not output.requires_grad:
        return (None,) * len(leaves)
    slopes = torch.autograd.grad(
        output, leaves, u, create_graph=again, allow_unused=True
    )
    if again:
        _refuse_cut_graphs(slopes)
    return slopes


def _refuse_cut_graphs(slopes: Maybe) -> None:
    """Refuse functions marked as once differentiable.

    Their error is a node that leads nowhere: asked for derivatives with respect to
    certain tensors, torch passes it by, and takes the second derivative for 0.

    Raises
    ------
    RuntimeError
        As torch does for all derivatives that there are not.
    """
    ahead = [slope.grad_fn for slope in slopes if slope is not None]
    seen = set()
    while ahead:
        node = ahead.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if node.name() == "torch::autograd::Error":
            raise RuntimeError("a function is marked with once_differentiable")
        ahead.extend(following for following, _ in node.next_functions)
