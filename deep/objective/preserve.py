"""The model, and everything else that the user owns, as it was before."""

import random
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

__all__ = [
    "BATCH_NORMS",
    "BatchNormMode",
    "RandomState",
    "nondeterministic_calls",
    "preserved",
]

BatchNormMode = Literal["eval", "train"]
BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


@dataclass(frozen=True, kw_only=True, eq=False)
class RandomState:
    """The global random numbers of torch, NumPy and Python, to be put back.

    Attributes
    ----------
    cpu : uint8 tensor
        torch's state.
    accelerator : (torch.device, uint8 tensor) or None
        The same of another device.
    numpy, python : object
        States as these modules give them.
    """

    cpu: Tensor
    accelerator: tuple[torch.device, Tensor] | None
    numpy: Any
    python: Any

    @classmethod
    def capture(cls, device: torch.device) -> "RandomState":
        """The state now.

        Parameters
        ----------
        device : torch.device
            Where the model is.
        """
        accelerator = None
        if device.type != "cpu":
            own = torch.get_device_module(device)
            accelerator = device, own.get_rng_state(*_index(device))
        return cls(
            cpu=torch.get_rng_state(),
            accelerator=accelerator,
            # the legacy state is the global one, which loaders draw from
            numpy=np.random.get_state(),  # noqa: NPY002
            python=random.getstate(),
        )

    def restore(self) -> None:
        """Put it back."""
        torch.set_rng_state(self.cpu)
        if self.accelerator is not None:
            device, state = self.accelerator
            own = torch.get_device_module(device)
            own.set_rng_state(state, *_index(device))
        np.random.set_state(self.numpy)  # noqa: NPY002
        random.setstate(self.python)


@contextmanager
def preserved(
    model: nn.Module, *, device: torch.device, batch_norm: BatchNormMode = "eval"
) -> Iterator[None]:
    """Run a model in evaluation mode, twice differentiable, and put everything back.

    Every module is in evaluation mode meanwhile, so that dropout is off; with
    `batch_norm="train"` batch normalisation takes its statistics from the batch. Fused
    attention, which cannot be differentiated twice, is replaced by the mathematical
    kernel; autocast and inference mode are off. At the end, also after an exception,
    modules with their modes and buffers, gradients and random numbers are as they were.

    Parameters
    ----------
    model : torch.nn.Module
        The network; `train` and `eval` of its modules are not called, since some do
        more than set the mode.
    device : torch.device
        Where it is.
    batch_norm : {"eval", "train"}
        Mode of batch normalisation.

    Yields
    ------
    None
        Nothing: the block runs meanwhile.
    """
    modules = list(model.modules())
    # a module's own attributes hold its mode, and what it caches
    attributes = [dict(vars(module)) for module in modules]
    grads = [(parameter, parameter.grad) for parameter in model.parameters()]
    buffers = [
        (module, name, buffer, buffer.clone())
        for module in modules
        for name, buffer in module._buffers.items()
        if buffer is not None
    ]
    randomness = RandomState.capture(device)
    try:
        for module in modules:
            is_norm = isinstance(module, BATCH_NORMS)
            module.training = batch_norm == "train" and is_norm
        with _plain_torch(device):
            yield
    finally:
        for module, own in zip(modules, attributes, strict=True):
            for name in vars(module).keys() - own.keys():
                delattr(module, name)
            vars(module).update(own)
        for parameter, grad in grads:
            parameter.grad = grad
        for module, name, buffer, value in buffers:
            _put_back(module, name, buffer, value)
        randomness.restore()


def nondeterministic_calls(function: Callable[[], object]) -> tuple[str, ...]:
    """What torch cannot do in a fixed order of additions, while a function runs.

    Parameters
    ----------
    function : callable
        Of no arguments.

    Returns
    -------
    tuple of str
        Sorted names, as torch has them; none on a CPU, but for a few calls.
    """
    enabled = torch.are_deterministic_algorithms_enabled()
    warns = torch.is_deterministic_algorithms_warn_only_enabled()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        torch.use_deterministic_algorithms(mode=True, warn_only=True)
        try:
            function()
        finally:
            torch.use_deterministic_algorithms(mode=enabled, warn_only=warns)
    found = (
        re.match(
            r"(.*) does not have a deterministic implementation", str(each.message)
        )
        for each in caught
    )
    return tuple(sorted({match[1] for match in found if match}))


@contextmanager
def _plain_torch(device: torch.device) -> Iterator[None]:
    """No fused attention, no autocast, gradients allowed."""
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with ExitStack() as stack:
            stack.enter_context(torch.inference_mode(mode=False))
            stack.enter_context(torch.enable_grad())
            stack.enter_context(torch.autocast(device.type, enabled=False))
            stack.enter_context(sdpa_kernel(SDPBackend.MATH))
            yield
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)


def _put_back(module: nn.Module, name: str, tensor: Tensor, value: Tensor) -> None:
    module._buffers[name] = tensor
    both_nan = tensor.isnan() & value.isnan()
    if not bool(((tensor == value) | both_nan).all()):
        with torch.no_grad():
            tensor.copy_(value)


def _index(device: torch.device) -> tuple[torch.device, ...]:
    # MPS is one device, and takes no index
    return () if device.type == "mps" else (device,)
