"""A loss with its reduction: how the losses of micro-batches make that of all data."""

import copy
import functools
from collections.abc import Callable
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from ...errors import InputError
from ..devices import widest_dtype
from .derivatives import gradient, reverse_second_derivative
from .loss_kinds import (
    CLASSES,
    ELEMENTS,
    UNIT_TARGETS,
    Reduction,
    is_one_of,
    loss_name,
    loss_options,
    made_of,
    reduction_of,
)
from .target_checks import (
    check_labels,
    check_outputs,
    check_probabilities,
    check_shapes,
)

__all__ = ["Loss", "LossFunction", "Reduction"]

LossFunction = Callable[[Tensor, Tensor], Tensor]
Kind = Literal["classes", "elements", "samples"]


class Loss:
    """A loss ℓ(f, y) of a batch, as torch has them, with what its mean is a mean of.

    The loss of all data is the sum Σ_k L_k of those of the micro-batches, or

        L = Σ_k w_k L_k / Σ_k w_k,

    where L_k = (1/w_k) Σ_i … is a mean: w_k counts samples, or labels that are not
    ignored by their class weights (CrossEntropyLoss and NLLLoss), or entries (MSELoss
    and the like). So batches of different sizes give the mean of all data.

    Parameters
    ----------
    loss : torch.nn loss, function of torch.nn.functional, or callable
        (f, y) → a scalar.
    reduction : {"mean", "sum"}, optional
        Read off `loss`; needed where it does not say, and then a mean is one over
        samples.

    Raises
    ------
    InputError
        If the reduction is neither, unknown, or not what `loss` says.
    """

    def __init__(self, loss: LossFunction, reduction: Reduction | None = None) -> None:
        if not callable(loss):
            raise InputError(
                f"loss is {loss!r}; expected a callable (outputs, targets) -> scalar"
            )
        self.function = loss
        self.options = loss_options(loss)
        self.made_of = made_of(loss)
        self.reduction: Reduction = reduction_of(loss, self.options, reduction)
        self.kind: Kind = "samples"
        if is_one_of(self.made_of, CLASSES):
            self.kind = "classes"
        elif is_one_of(self.made_of, ELEMENTS):
            self.kind = "elements"

    @property
    def name(self) -> str:
        """What users call it."""
        return loss_name(self.made_of)

    def __call__(self, output: Tensor, targets: Tensor) -> Tensor:
        """ℓ(f, y), a scalar; no checks.

        Parameters
        ----------
        output : (n, …) tensor
            f.
        targets : (n, …) tensor
            y.
        """
        return self.function(output, targets)

    def is_made_of(self, *kinds: Any) -> bool:
        """Whether this is one of these losses of torch, as a module or a function."""
        return is_one_of(self.made_of, kinds)

    def option(self, name: str, default: Any = None) -> Any:
        """What `loss` was made with."""
        return self.options.get(name, default)

    def weight(self, output: Tensor, targets: Tensor) -> float:
        """w_k, what the mean over this batch divides by; 1 where losses are summed."""
        if self.reduction == "sum":
            return 1.0
        if self.kind == "elements":
            return float(output.numel())
        if self.kind == "classes" and not targets.is_floating_point():
            return float(self.label_weights(targets).sum())
        if self.kind == "classes":
            return float(targets.numel() // targets.shape[1])
        return float(len(targets))

    def label_weights(self, targets: Tensor) -> Tensor:
        """Class weight of each label, 0 where it is ignored, in the shape of `targets`."""
        counted = targets != self.option("ignore_index", -100)
        weights = self.option("weight")
        if weights is None:
            return counted.to(widest_dtype(targets.device))
        chosen = weights[torch.where(counted, targets, 0)]
        return torch.where(counted, chosen, 0).to(widest_dtype(targets.device))

    def moved(self, device: torch.device, dtype: torch.dtype) -> "Loss":
        """The same with its tensors, such as class weights, on a device, in a dtype."""
        return Loss(_moved(self.function, device, dtype), self.reduction)

    def check(self, output: Tensor, targets: Tensor, name: str) -> None:
        """Refuse outputs and targets that do not belong together.

        Parameters
        ----------
        output, targets : tensors
            f and y of a batch.
        name : str
            Which batch, for the message.

        Raises
        ------
        InputError
            In one sentence, where torch would fail deep inside, or broadcast silently.
        """
        check_outputs(output, name)
        if self.kind == "samples":
            return
        if self.kind == "classes" and not targets.is_floating_point():
            check_labels(output, targets, name, self.option("ignore_index", -100))
            return
        check_shapes(output, targets, name)
        if self.is_made_of(*UNIT_TARGETS):
            check_probabilities(targets, name)

    def hessian_product(self, output: Tensor, targets: Tensor, u: Tensor) -> Tensor:
        """S u, with S = ∂²ℓ/∂f² over all outputs of the batch.

        Parameters
        ----------
        output, u : (n, …) tensors
            f, and a direction of the same shape.
        targets : (n, …) tensor
            y.

        Returns
        -------
        (n, …) tensor
            Linear in u; unit: loss / f².
        """
        if self._is_softmax and not self.option("label_smoothing", 0.0):
            return self._softmax_hessian_product(output, targets, u)
        (product,) = reverse_second_derivative(
            lambda f: self(f[0], targets), (output,), (u,)
        )
        return torch.zeros_like(output) if product is None else product

    @property
    def _is_softmax(self) -> bool:
        return self.is_made_of(nn.CrossEntropyLoss, functional.cross_entropy)

    def _softmax_hessian_product(
        self, output: Tensor, targets: Tensor, u: Tensor
    ) -> Tensor:
        """S_i u = ω_i (diag(p_i) − p_i p_iᵀ) u, without torch's slow log-softmax."""
        p = output.softmax(1)
        if targets.is_floating_point():
            weights = self._probability_weights(targets).unsqueeze(1)
        else:
            weights = self.label_weights(targets).unsqueeze(1)
        whole = self.weight(output, targets) or 1.0
        share = p * (weights / whole).to(p)
        return share * (u - (p * u).sum(1, keepdim=True))

    def _probability_weights(self, targets: Tensor) -> Tensor:
        """Σ_c w_c y_c, the class weights of targets that are probabilities."""
        weights = self.option("weight")
        if weights is None:
            return targets.sum(1)
        return torch.tensordot(targets, weights.to(targets), dims=([1], [0]))

    def residual(self, output: Tensor, targets: Tensor) -> Tensor:
        """∂ℓ/∂f over all outputs of the batch, (n, …)."""
        _, (slope,) = gradient(lambda f: self(f[0], targets), (output,))
        return torch.zeros_like(output) if slope is None else slope


def _moved(loss: Any, device: torch.device, dtype: torch.dtype) -> Any:
    if isinstance(loss, functools.partial):
        keywords = {
            name: value.detach().to(device, dtype)
            if isinstance(value, Tensor) and value.is_floating_point()
            else value
            for name, value in loss.keywords.items()
        }
        return functools.partial(loss.func, *loss.args, **keywords)
    if isinstance(loss, nn.Module) and is_one_of(type(loss), (*CLASSES, *ELEMENTS)):
        # a copy: the user's own stays where it is
        return copy.deepcopy(loss).to(device=device, dtype=dtype)
    return loss
