"""Rescaling ReLU neurons: other weights, another Hessian, and the same function."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import torch
from torch import Tensor, nn

from ...errors import ConvergenceError, InputError
from .chains import bias_of, in_squares, need_chain
from .point import Point

__all__ = ["Balanced", "balanced", "output_change", "outputs_apart", "rescaled"]

SWEEPS = 10_000
"""Passes over the layers before the search for a balance is given up."""

TOLERANCE = 1e-10
"""Largest |log(in-norm / out-norm)| of a neuron that counts as balanced."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Balanced:
    """The network of a rescaling orbit in which every neuron is balanced.

    Attributes
    ----------
    model : torch.nn.Module
        A copy, in float64.
    imbalance : float
        max |log(in-norm / out-norm)| that is left.
    dead : int
        Neurons with nothing going in or nothing going out, left as they are: no scale
        balances them.
    """

    model: nn.Module
    imbalance: float
    dead: int


def rescaled(model: nn.Module, factors: Sequence[float | Tensor]) -> nn.Module:
    """T_α: (W_l, b_l) -> α_l (W_l, b_l) and W_{l+1} -> W_{l+1} / α_l, neuron by neuron.

    ReLU gives α z for α z with α > 0, so f(x; T_α θ) = f(x; θ) for every x, while
    ∇²L(T_α θ) = T_α⁻¹ ∇²L(θ) T_α⁻¹.

    Parameters
    ----------
    model : torch.nn.Module
        A fully connected ReLU network; not changed.
    factors : sequence of floats or (m_l,) tensors
        α_l > 0 for each hidden layer: one number, or one a neuron.

    Returns
    -------
    torch.nn.Module
        A copy, in float64.

    Raises
    ------
    InputError
        If it is another network, or a factor is not positive.

    References
    ----------
    Dinh, Pascanu, Bengio and Bengio (2017), Sharp minima can generalize; T10.
    """
    need_chain(model)
    other = copy.deepcopy(model).to(torch.float64)
    layers = need_chain(other)
    if len(factors) != len(layers) - 1:
        raise InputError(
            f"factors are {len(factors)}; expected {len(layers) - 1}, one for each "
            "hidden layer"
        )
    for i, factor in enumerate(factors):
        m = layers[i].out_features
        alpha = torch.as_tensor(factor, dtype=torch.float64)
        good = alpha.ndim == 0 or alpha.shape == (m,)
        if not good or not bool(((alpha > 0) & (alpha < inf)).all()):
            raise InputError(
                f"factors hold {factor!r} for layer {i}; expected a positive number, or "
                f"{m} of them"
            )
        _scale(layers[i], layers[i + 1], alpha.expand(m).to(layers[i].weight.device))
    return other


def balanced(model: nn.Module) -> Balanced:
    """The representative with ‖(w_k, b_k)‖ = ‖a_k‖ for every hidden neuron k.

    w_k, b_k are what goes into the neuron, and a_k what goes out of it. It is the one of
    least ‖θ‖ in the orbit: ‖θ‖² is convex in the logarithms of the factors, and each step
    α_k = √(‖a_k‖ / ‖(w_k, b_k)‖) minimises it in one of them. One sweep is enough for one
    hidden layer.

    Parameters
    ----------
    model : torch.nn.Module
        A fully connected ReLU network of any depth; not changed.

    Returns
    -------
    Balanced
        With the same function.

    Raises
    ------
    InputError
        If it is another network, or a weight is not finite.
    ConvergenceError
        If neurons are not balanced after many sweeps.

    References
    ----------
    Derived here; Neyshabur, Salakhutdinov and Srebro (2015), Path-SGD, for the orbit.
    """
    need_chain(model)
    other = copy.deepcopy(model).to(torch.float64)
    layers = need_chain(other)
    if not all(bool(each.isfinite().all()) for each in other.parameters()):
        raise InputError("model holds nan or infinity; expected finite weights")
    imbalance = inf
    for _ in range(SWEEPS):
        for layer, following in pairwise(layers):
            ratio = _ratio(layer, following)
            _scale(layer, following, torch.where(ratio > 0, ratio, 1).rsqrt())
        imbalance, dead = _imbalance(layers)
        if imbalance <= TOLERANCE:
            return Balanced(model=other, imbalance=imbalance, dead=dead)
    raise ConvergenceError(
        f"balance reached {imbalance:.3g} after {SWEEPS} sweeps; expected at most "
        f"{TOLERANCE:g}: the weights differ by too many orders of magnitude"
    )


def output_change(model: nn.Module, other: nn.Module, X: Tensor) -> float:
    """max |f(x; θ') - f(x; θ)| / max |f(x; θ)| over inputs, both in float64.

    Parameters
    ----------
    model, other : torch.nn.Module
        With θ and with θ'.
    X : (n, …) tensor
        Inputs.
    """
    outputs: list[Tensor] = []
    for one in (model, other):
        own = copy.deepcopy(one).to(torch.float64).eval()
        device = next(own.parameters()).device
        with torch.no_grad():
            outputs.append(own(X.to(device, torch.float64)))
    return _apart(*outputs)


def outputs_apart(point: Point, other: Point) -> float:
    """The same over the samples of two points.

    Parameters
    ----------
    point, other : Point
        With θ and with θ'.
    """
    with point.ready(), other.ready():
        return _apart(point.outputs(), other.outputs())


def _apart(f: Tensor, g: Tensor) -> float:
    size, change = float(f.abs().max()), float((g - f).abs().max())
    if change == 0:
        return 0.0
    return change / size if size > 0 else inf


def _scale(layer: nn.Linear, following: nn.Linear, alpha: Tensor) -> None:
    with torch.no_grad():
        layer.weight.mul_(alpha[:, None])
        bias = bias_of(layer)
        if bias is not None:
            bias.mul_(alpha)
        following.weight.div_(alpha)


def _ratio(layer: nn.Linear, following: nn.Linear) -> Tensor:
    """In-norm by out-norm of each neuron; 0 where one of them is 0."""
    with torch.no_grad():
        square = in_squares(layer)
        out = following.weight.square().sum(0)
        return torch.where((square > 0) & (out > 0), (square / out).sqrt(), 0)


def _imbalance(layers: Sequence[nn.Linear]) -> tuple[float, int]:
    worst, dead = 0.0, 0
    for layer, following in pairwise(layers):
        ratio = _ratio(layer, following)
        alive = ratio[ratio > 0]
        dead += len(ratio) - len(alive)
        if len(alive):
            worst = max(worst, float(alive.log().abs().max()))
    return worst, dead
