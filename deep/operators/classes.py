"""The Gauss-Newton matrix of a classifier, split by classes and pairs of classes."""

from dataclasses import dataclass

import torch
from torch import Tensor

from ...errors import InputError
from ...numerics.memory import refuse_if_too_large
from ..devices import widest_dtype
from ..objective.batches import Batch
from ..objective.derivatives import OutputMap
from ..objective.likelihoods import SOFTMAX
from ..objective.objective import Objective
from ..objective.risk import Risk
from .blocks import FactorOperator, MatrixFreeOperator
from .operators import GaussNewtonOperator, MapOfOutputs, SquareOperator

__all__ = ["ClassDecomposition", "decompose_classes"]


@dataclass(frozen=True, kw_only=True, eq=False)
class ClassDecomposition:
    """G = G_class + G_cross + G_within + G_own, each positive semi-definite (p, p).

    With p_ic the probability of class c for sample i, y_i its label, and

        g_ic = J_iᵀ (p_i − e_c),      ω_ic = ω_i p_ic,

    the Gauss-Newton matrix of softmax cross-entropy is G = Σ_ic ω_ic g_ic g_icᵀ. Terms
    with c = y_i make up G_own. The others are grouped by (y_i, c), with weights W_yc =
    Σ ω_ic and means g_yc; and these by y, with weights W_y = Σ_c W_yc and means g_y:

        G_class  = Σ_y W_y g_y g_yᵀ
        G_cross  = Σ_y Σ_{c≠y} W_yc (g_yc − g_y)(g_yc − g_y)ᵀ
        G_within = Σ_i Σ_{c≠y_i} ω_ic (g_ic − g_{y_i c})(g_ic − g_{y_i c})ᵀ.

    Attributes
    ----------
    classes, cross_classes : FactorOperator
        G_class, of rank at most C, and G_cross, of rank at most C (C - 2).
    within, own : operator
        G_within and G_own.
    weights : (C, C) float64 tensor
        W_yc, 0 for c = y.
    class_means : (C, p) tensor
        g_y.
    cross_means : (C, C, p) tensor
        g_yc, 0 where W_yc is.

    References
    ----------
    Papyan (2019), Measurements of three-level hierarchical structure in the outliers in
    the spectrum of deepnet Hessians, ICML, arXiv 1901.08244; Papyan (2020), Traces of
    class/cross-class structure pervade deep learning spectra, JMLR 21, arXiv 2008.11865.
    There classes have equally many samples; the weights
    here make the sum exact for any numbers.
    """

    classes: FactorOperator
    cross_classes: FactorOperator
    within: MatrixFreeOperator
    own: MatrixFreeOperator
    weights: Tensor
    class_means: Tensor
    cross_means: Tensor


def decompose_classes(gauss_newton: GaussNewtonOperator) -> ClassDecomposition:
    """Split G of a softmax classifier by its classes.

    Parameters
    ----------
    gauss_newton : GaussNewtonOperator
        Of a CrossEntropyLoss, with outputs (n, C) and labels (n,).

    Returns
    -------
    ClassDecomposition
        Four operators whose sum is `gauss_newton`.

    Raises
    ------
    InputError
        If the loss is another, smooths labels, or batch normalisation is in training
        mode; or if the C² means do not fit in memory.

    Notes
    -----
    The means cost about C gradients of all data.
    """
    risk, memory = gauss_newton.risk, gauss_newton.memory // 2
    _refuse_others(risk)
    weights, cross_means = _means(risk)
    totals = weights.sum(1)
    shares = weights / torch.where(totals > 0, totals, 1)[:, None]
    class_means = torch.einsum("yc,ycp->yp", shares, cross_means)
    # a pair without samples has weight 0, whatever its mean is called
    deviations = cross_means - class_means[:, None]
    classes = totals.sqrt()[:, None] * class_means
    cross = (weights.sqrt()[..., None] * deviations)[weights > 0]
    others = _OtherOperator.from_risk(risk, memory)
    means = (weights.sqrt()[..., None] * cross_means)[weights > 0]
    return ClassDecomposition(
        classes=FactorOperator(classes),
        cross_classes=FactorOperator(cross),
        within=_WithinOperator(others, FactorOperator(means)),
        own=_OwnOperator.from_risk(risk, memory),
        weights=weights,
        class_means=class_means,
        cross_means=cross_means,
    )


class _OwnOperator(SquareOperator):
    """Σ_i ω_iy g_iy g_iyᵀ, y the label of i."""

    name = "Gauss-Newton matrix of labels"

    def _map_of_outputs(self, objective: Objective) -> MapOfOutputs:
        def made(_: int, batch: Batch, output: Tensor) -> OutputMap:
            p, hot, weights = _probabilities(objective, batch, output)
            r = p - hot
            own = weights * (p * hot).sum(1, keepdim=True)
            return lambda u: own * r * (r * u).sum(1, keepdim=True)

        return made


class _OtherOperator(SquareOperator):
    """Σ_i Σ_{c≠y} ω_ic g_ic g_icᵀ, y the label of i."""

    name = "Gauss-Newton matrix of other classes"

    def _map_of_outputs(self, objective: Objective) -> MapOfOutputs:
        def made(_: int, batch: Batch, output: Tensor) -> OutputMap:
            p, hot, weights = _probabilities(objective, batch, output)
            others = weights * p * (1 - hot)

            def multiply(u: Tensor) -> Tensor:
                # along g_ic for each c, times its weight
                along = others * ((p * u).sum(1, keepdim=True) - u)
                return p * along.sum(1, keepdim=True) - along

            return multiply

        return made


class _WithinOperator(MatrixFreeOperator):
    """What is left of the other classes' part without its means."""

    def __init__(self, others: SquareOperator, means: FactorOperator) -> None:
        self._others, self._means = others, means
        super().__init__(others.shape[0], dtype=others.dtype, device=others.device)

    def _multiply(self, V: Tensor) -> Tensor:
        wide = V.to(self.device, widest_dtype(self.device))
        return self._others @ wide - self._means @ wide


def _refuse_others(risk: Risk) -> None:
    loss = risk.objective.loss
    if not loss.is_made_of(*SOFTMAX) or loss.option("label_smoothing", 0.0):
        raise InputError(
            f"loss is {loss.name}; expected CrossEntropyLoss without label smoothing, "
            "whose Gauss-Newton matrix has parts for classes"
        )
    if risk.objective.couples_samples:
        raise InputError(
            "batch_norm is 'train'; expected 'eval', since a part of one class needs "
            "samples that do not depend on others"
        )


def _refuse_other_than_labels(y: Tensor) -> None:
    if y.is_floating_point() or y.ndim != 1:
        raise InputError(
            f"targets have shape {tuple(y.shape)} and dtype {y.dtype}; expected labels "
            "(n,) of outputs (n, C)"
        )


def _probabilities(
    objective: Objective, batch: Batch, output: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """p_i, e_{y_i} and ω_i, each to be multiplied with outputs (n, C)."""
    loss, y = objective.loss, batch.targets
    weights = loss.label_weights(y).to(output)
    whole = loss.weight(output, y) or 1.0
    hot = torch.zeros_like(output)
    hot.scatter_(1, torch.where(weights > 0, y, 0)[:, None], 1)
    return output.softmax(1), hot, (weights / whole)[:, None]


def _means(risk: Risk) -> tuple[Tensor, Tensor]:
    """W (C, C) and g (C, C, p): sums over the samples of each class, and weighted."""
    with risk.processes.together():
        weights, sums = _own_sums(risk)
    # a process for which there was no sample does not know C
    C = max(risk.processes.gathered(len(weights)))
    parts = (weights, sums) if len(weights) else _zeros(risk, C)
    weights, sums = (
        risk.processes.summed(lambda part=part: part, "classes")  # type: ignore[misc]
        for part in parts
    )
    return weights, sums / torch.where(weights > 0, weights, 1)[..., None]


def _own_sums(risk: Risk) -> tuple[Tensor, Tensor]:
    """W and Σ ω_ic g_ic over the samples of this process; empty if it has none."""
    weights, sums = torch.zeros(0), torch.zeros(0)
    for _, batch in risk.passes():
        _refuse_other_than_labels(batch.targets)
        counted = risk.objective.loss.label_weights(batch.targets) > 0
        for y in torch.unique(batch.targets[counted]).tolist():
            rows = batch.rows(batch.targets == y)
            leaves = tuple(
                tensor.detach().requires_grad_() for tensor in risk.objective.theta
            )
            output = risk.objective.output(leaves, rows)
            p, hot, _ = _probabilities(risk.objective, rows, output.detach())
            if not weights.numel():
                weights, sums = _zeros(risk, output.shape[1])
            # ω_i of all data, not of this micro-batch
            share = risk.scale * risk.objective.loss.label_weights(rows.targets)
            omega = share.to(p)[:, None] * p * (1 - hot)
            weights[y] += omega.sum(0, dtype=weights.dtype)
            for c in range(output.shape[1]):
                if c != y and output.requires_grad:
                    u = omega[:, c : c + 1] * p
                    u[:, c] -= omega[:, c]
                    slopes = torch.autograd.grad(
                        output, leaves, u, retain_graph=True, allow_unused=True
                    )
                    risk.add(sums[y, c], slopes, 1.0)
    return weights, sums


def _zeros(risk: Risk, C: int) -> tuple[Tensor, Tensor]:
    shape = (C, C, risk.objective.parameters.p)
    refuse_if_too_large("cross_means", shape, "take fewer parameters by params")
    device = risk.objective.device
    dtype = widest_dtype(device)
    return (
        torch.zeros(C, C, dtype=dtype, device=device),
        torch.zeros(shape, dtype=dtype, device=device),
    )
