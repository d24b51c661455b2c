"""The Gauss-Newton matrix through its Gram matrix: n C rows in place of p."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ...errors import InputError
from ...numerics.memory import refuse_if_too_large
from ..objective.batches import Batch
from ..objective.losses import Loss
from .point import Point

__all__ = ["GaussNewton", "gauss_newton"]

EPSILON = torch.finfo(torch.float64).eps

COUPLED = 1e-9
"""Share by which a loss may look as if it coupled samples, by rounding."""

CONCAVE = 1e-12
"""The same for a negative eigenvalue of S."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GaussNewton:
    """G = AᵀA (p, p), with the eigenvalues of the smaller of AᵀA and A Aᵀ.

    A = S^{1/2} J has a row for each sample and output, with J the derivative of the
    outputs and S = ∂²L/∂f², so that A Aᵀ = J Jᵀ/n for the halved squared loss of one
    output. All other eigenvalues of G are 0.

    Attributes
    ----------
    factor : (r, p) tensor
        A; r <= n C, rows of zeros left out.
    eigenvalues : (min(r, p),) float64
        λ_i >= 0, descending, on the CPU.
    error : float
        By how much rounding of the product and of its decomposition may move one.
    trace, frobenius_norm : float
        ‖A‖_F² = Σ λ_i, and ‖A Aᵀ‖_F.
    """

    factor: Tensor = field(repr=False)
    eigenvalues: Tensor
    error: float
    trace: float
    frobenius_norm: float


def gauss_newton(point: Point) -> GaussNewton:
    """The spectrum of G = Σ_i J_iᵀ S_i J_i from its factor.

    Parameters
    ----------
    point : Point
        Whose loss is convex in the outputs, and a sum over samples.

    Returns
    -------
    GaussNewton
        Every eigenvalue of G; unit: loss / θ².

    Raises
    ------
    InputError
        If the loss is not such a one, a derivative is not finite, or A does not fit in
        memory.

    Notes
    -----
    n C gradients, one sample at a time, and O((n C)² p) for the product. The error is
    (p + r) ε ‖A‖_F², which bounds that of a sum of p products and of LAPACK.
    """
    with point.ready():
        factor = torch.cat(list(_rows(point)))
    if not bool(factor.isfinite().all()):
        raise InputError(
            "the derivative of the outputs is not finite; expected a network that is "
            "differentiable at its weights"
        )
    r, p = factor.shape
    small = factor @ factor.T if r <= p else factor.T @ factor
    values = torch.linalg.eigvalsh(small).flip(0).clamp(min=0.0).to("cpu")
    trace = float(factor.square().sum())
    return GaussNewton(
        factor=factor,
        eigenvalues=values,
        error=(p + r) * EPSILON * trace,
        trace=trace,
        frobenius_norm=float(small.norm()),
    )


def _rows(point: Point) -> Iterator[Tensor]:
    """Rows of A, sample by sample."""
    objective = point.risk.objective
    for c, batch in point.weighted_batches():
        with torch.no_grad():
            output = objective.output(objective.theta, batch)
        roots = _roots(c, objective.loss, output, batch)
        shape = (point.n * roots.shape[1], point.p)
        refuse_if_too_large("factor", shape, "use method lanczos")
        for i, root in enumerate(roots):
            yield _pulled(point, batch.rows(slice(i, i + 1)), root)


def _pulled(point: Point, sample: Batch, root: Tensor) -> Tensor:
    """S_i^{1/2} J_i without its rows of zeros."""
    objective = point.risk.objective
    leaves = [tensor.detach().requires_grad_() for tensor in objective.theta]
    with torch.enable_grad():
        output = objective.output(leaves, sample)
    kept = root[root.abs().sum(1) > 0]
    found = torch.zeros(len(kept), point.p, dtype=root.dtype, device=root.device)
    for row, pull in zip(found, kept, strict=True):
        slopes = torch.autograd.grad(
            output, leaves, pull.reshape(output.shape), retain_graph=True,
            allow_unused=True,
        )  # fmt: skip
        point.risk.add(row, slopes, 1.0)
    return found


def _roots(c: float, loss: Loss, output: Tensor, batch: Batch) -> Tensor:
    """(n, C, C): for each sample R with RᵀR = c S_i."""
    flat = output.flatten(1)
    n, C = flat.shape
    blocks = torch.zeros(n, C, C, dtype=flat.dtype, device=flat.device)
    for k in range(C):
        u = torch.zeros_like(flat)
        u[:, k] = 1
        product = loss.hessian_product(output, batch.targets, u.view_as(output))
        blocks[:, :, k] = product.flatten(1)
    if not bool(blocks.isfinite().all()):
        raise InputError(
            f"loss is {loss.name}, whose second derivative is not finite; expected one "
            "that is twice differentiable at the outputs"
        )
    _refuse_coupled(loss, output, batch, blocks)
    values, vectors = torch.linalg.eigh((blocks + blocks.mT) / 2)
    least, most = float(values.min()), float(values.abs().max())
    if least < -CONCAVE * most:
        raise InputError(
            f"loss is {loss.name}, whose second derivative has the eigenvalue "
            f"{least:.3g}; expected one that is convex in the outputs: use method lanczos"
        )
    roots = (c * values).clamp(min=0).sqrt()
    # what is 0 but for rounding makes no row
    roots = torch.where(values > CONCAVE * most, roots, 0)
    return roots[:, :, None] * vectors.mT


def _refuse_coupled(loss: Loss, output: Tensor, batch: Batch, blocks: Tensor) -> None:
    """Refuse a loss whose second derivative joins two samples."""
    # every entry counts, and no two alike
    u = torch.linspace(1, 2, output.numel(), dtype=output.dtype, device=output.device)
    whole = loss.hessian_product(output, batch.targets, u.view_as(output)).flatten(1)
    apart = torch.einsum("nck,nk->nc", blocks, u.view(len(output), -1))
    if float((whole - apart).abs().max()) > COUPLED * float(blocks.abs().max()):
        raise InputError(
            f"loss is {loss.name}, which joins samples; expected a mean or a sum over "
            "samples: use method lanczos"
        )
