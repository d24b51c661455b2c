"""How complex a network is as a function: its slope in the inputs, and its norms."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ...errors import InputError
from ..objective.batches import Batch
from .chains import bias_of, in_squares, need_chain, relu_chain
from .point import Point

__all__ = ["Complexity", "complexity", "path_norm"]


@dataclass(frozen=True, kw_only=True)
class Complexity:
    """Numbers about f(·; θ) on the samples.

    Attributes
    ----------
    mean_square_slope : float
        (1/n) Σ_i ‖∇ₓf(x_i)‖_F², over all outputs; a finite sample says nothing about
        inputs between its points.
    largest_slope : float
        max_i ‖∇ₓf(x_i)‖_F.
    weight_norm : float
        ‖θ‖.
    path_norm : float or None
        As `path_norm`; None where the network is no ReLU chain.
    """

    mean_square_slope: float
    largest_slope: float
    weight_norm: float
    path_norm: float | None


def complexity(point: Point) -> Complexity:
    """E ‖∇ₓf‖² over the samples, ‖θ‖ and the path norm.

    Parameters
    ----------
    point : Point
        Of a network with inputs in one tensor of floats, each sample by itself.

    Returns
    -------
    Complexity
        Slopes in units of outputs by inputs.

    Raises
    ------
    InputError
        If the inputs are no floats, or a slope is not finite.

    References
    ----------
    Wu, Zhu and E (2017), arXiv 1706.10239, section 5, for the mean square slope.
    """
    with point.ready():
        squares = torch.cat(
            [_square_slopes(point, batch) for _, batch in point.weighted_batches()]
        )
    if not bool(squares.isfinite().all()):
        raise InputError(
            "a slope in the inputs is not finite; expected a network that is "
            "differentiable at the samples"
        )
    chain = relu_chain(point.model)
    return Complexity(
        mean_square_slope=float(squares.mean()),
        largest_slope=float(squares.max()) ** 0.5,
        weight_norm=float(point.theta.norm()),
        path_norm=None if chain is None else path_norm(point.model),
    )


def path_norm(model: nn.Module) -> float:
    """Σ over paths from a hidden neuron k to an output of |weights| ‖w̃_k‖.

    With w̃_k = (w_k, b_k) of the first layer and |·| entry by entry,

        q_1 = (‖w̃_k‖)_k,  q_l = |W_l| q_{l-1} + |b_l|,  path = Σ (|W_L| q_{L-1}),

    the last bias left out. For one hidden layer it is Σ_k ‖a_k‖₁ ‖w̃_k‖. No rescaling of a
    ReLU neuron changes it.

    Parameters
    ----------
    model : torch.nn.Module
        A fully connected ReLU network.

    Raises
    ------
    InputError
        If it is another network.

    References
    ----------
    Neyshabur, Tomioka and Srebro (2015), Norm-based capacity control in neural networks;
    T11(d) and T23 for this one, and derived here for more layers.
    """
    first, *others = need_chain(model)
    with torch.no_grad():
        q = in_squares(first).sqrt()
        for layer in others:
            q = layer.weight.abs() @ q
            bias = bias_of(layer)
            if bias is not None and layer is not others[-1]:
                q = q + bias.abs()
    return float(q.sum())


def _square_slopes(point: Point, batch: Batch) -> Tensor:
    """‖∇ₓf(x_i)‖_F² of each sample (n,)."""
    objective = point.risk.objective
    if not isinstance(batch.inputs, Tensor) or not batch.inputs.is_floating_point():
        raise InputError(
            "inputs are no tensor of floats; expected one, in which the slope is taken"
        )
    X = batch.inputs.detach().requires_grad_()
    with torch.enable_grad():
        output = objective.output(objective.theta, Batch(X, batch.targets)).flatten(1)
        squares = torch.zeros(len(X), dtype=X.dtype, device=X.device)
        for c in range(output.shape[1]):
            (slope,) = torch.autograd.grad(output[:, c].sum(), X, retain_graph=True)
            squares += slope.flatten(1).square().sum(1)
    return squares
