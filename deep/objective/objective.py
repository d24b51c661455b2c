"""Outputs and loss of a batch as functions of θ, whatever the model does besides."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call

from ...errors import InputError
from .batches import Batch, Inputs
from .losses import Loss, LossFunction, Reduction
from .parameters import Parameters, Selection, Tensors
from .preserve import BATCH_NORMS, BatchNormMode

__all__ = ["Objective"]


class Objective:
    """f(·; θ) and ℓ(f(·; θ), ·) of a batch, at any θ.

    Parameters
    ----------
    model, loss, params, reduction
        As the operators take them.
    batch_norm : {"eval", "train"}
        Mode of batch normalisation.

    Attributes
    ----------
    parameters : Parameters
        What θ is made of.
    theta : tuple of tensors
        θ as it was when this was made, in `dtype` and in the layout that is fastest: a
        copy, so that training on does not change it.
    dtype : torch.dtype
        Precision of everything computed: the parameters' widest, float32 at least.
    device : torch.device
        Where the parameters are.

    Raises
    ------
    InputError
        If an argument is not what it should be, or the model lies on several devices.
    """

    def __init__(
        self,
        model: nn.Module,
        loss: LossFunction | Loss,
        params: Selection = None,
        reduction: Reduction | None = None,
        *,
        batch_norm: BatchNormMode = "eval",
    ) -> None:
        if not isinstance(model, nn.Module):
            raise InputError(
                f"model is a {type(model).__name__}; expected a torch.nn.Module"
            )
        if batch_norm not in ("eval", "train"):
            raise InputError(f"batch_norm is {batch_norm!r}; expected eval or train")
        self.model, self.batch_norm = model, batch_norm
        self.parameters = Parameters.select(model, params)
        values = dict(model.named_parameters())
        self.device = _device(model)
        self.dtype = _precision([values[name] for name in self.parameters.names])
        # convolutions of images are faster with their channels last, on a CPU too
        self._channels_last = any(
            isinstance(module, nn.Conv2d) for module in model.modules()
        )
        chosen = [values.pop(name) for name in self.parameters.names]
        self.theta: Tensors = self.tangents(_flat(chosen))
        self._rest = {name: self._own(tensor) for name, tensor in values.items()}
        self._buffers = {
            name: self._own(tensor) for name, tensor in model.named_buffers()
        }
        made = loss if isinstance(loss, Loss) else Loss(loss, reduction)
        self.loss = made.moved(self.device, self.dtype)

    @property
    def couples_samples(self) -> bool:
        """Whether batch normalisation makes samples depend on those beside them."""
        return self.batch_norm == "train" and any(
            isinstance(module, BATCH_NORMS) for module in self.model.modules()
        )

    @property
    def identity(self) -> list[Tensor | str]:
        """All that f and ℓ depend on, but for the code of the model."""
        options = self.loss.options
        return [
            self.loss.name,
            self.loss.reduction,
            self.batch_norm,
            *(v for v in options.values() if isinstance(v, Tensor)),
            *(
                f"{name} {v}"
                for name, v in options.items()
                if isinstance(v, int | float)
            ),
            *self.parameters.names,
            *self.theta,
            *self._rest.values(),
            *self._buffers.values(),
        ]

    def restricted(self, names: Sequence[str]) -> "Objective":
        """The same with θ made of some of the parameters, at the same values."""
        part = copy.copy(self)
        here = dict(zip(self.parameters.names, self.theta, strict=True))
        shapes = dict(zip(self.parameters.names, self.parameters.shapes, strict=True))
        part.parameters = Parameters(
            names=tuple(names), shapes=tuple(shapes[name] for name in names)
        )
        part.theta = part.tangents(_flat([here.pop(name) for name in names]))
        part._rest = self._rest | here
        return part

    def output(self, theta: Sequence[Tensor], batch: Batch) -> Tensor:
        """f (n, …), the model's outputs.

        Parameters
        ----------
        theta : sequence of tensors
            Parameters, in the order of `parameters`.
        batch : Batch
            As `prepared` returns it.

        Raises
        ------
        InputError
            If the model returns no tensor.
        """
        state = dict(zip(self.parameters.names, theta, strict=True)) | self._rest
        # a model may write into its buffers: into these copies, then
        state |= {name: buffer.clone() for name, buffer in self._buffers.items()}
        inputs = batch.inputs
        positional = (inputs,) if isinstance(inputs, Tensor) else ()
        named = {} if isinstance(inputs, Tensor) else inputs
        found = functional_call(self.model, state, positional, named)
        output = found if isinstance(found, Tensor) else getattr(found, "logits", None)
        if not isinstance(output, Tensor):
            raise InputError(
                f"model returns a {type(found).__name__}; expected a tensor, or an "
                "object with a tensor named logits: wrap the model"
            )
        return output

    def value(self, theta: Sequence[Tensor], batch: Batch) -> Tensor:
        """ℓ(f(·; θ), y) of the batch, a scalar."""
        return self.loss(self.output(theta, batch), batch.targets)

    def prepared(self, batch: Batch) -> Batch:
        """A batch in the dtype and layout of θ, its labels int64."""
        inputs: Inputs
        if isinstance(batch.inputs, Tensor):
            inputs = self._laid_out(batch.inputs)
        else:
            inputs = {name: self._laid_out(part) for name, part in batch.inputs.items()}
        targets = batch.targets
        if targets.is_floating_point():
            targets = targets.to(self.dtype)
        elif self.loss.kind == "classes":
            targets = targets.to(torch.int64)
        return Batch(inputs, targets)

    def tangents(self, v: Tensor) -> Tensors:
        """A vector (p,) as one tensor for each parameter, with its dtype and layout."""
        # a copy, all in one piece: its memory starts at 0 whatever v is a part of, and
        # looks like that of θ, which forward mode would else copy it to
        own = torch.empty(len(v), dtype=self.dtype, device=self.device).copy_(v)
        parts = self.parameters.split(own)
        if not self._channels_last:
            return parts
        return tuple(map(self._laid_out, parts))

    def _own(self, tensor: Tensor) -> Tensor:
        return self._laid_out(tensor.detach().clone())

    def _laid_out(self, tensor: Tensor) -> Tensor:
        if not tensor.is_floating_point():
            return tensor
        tensor = tensor.to(self.dtype)
        if self._channels_last and tensor.ndim == 4:
            return tensor.contiguous(memory_format=torch.channels_last)
        return tensor.contiguous()


def _flat(tensors: Sequence[Tensor]) -> Tensor:
    return torch.cat([tensor.detach().reshape(-1) for tensor in tensors])


def _device(model: nn.Module) -> torch.device:
    tensors = [*model.parameters(), *model.buffers()]
    devices = {tensor.device for tensor in tensors}
    if len(devices) > 1:
        raise InputError(
            f"model lies on {', '.join(sorted(map(str, devices)))}; expected one device: "
            "move it with model.to(device)"
        )
    return devices.pop()


def _precision(tensors: Sequence[Tensor]) -> torch.dtype:
    """The widest dtype, float32 at least: second derivatives need more than halves."""
    dtype = torch.float32
    for tensor in tensors:
        dtype = torch.promote_types(dtype, tensor.dtype)
    return dtype
