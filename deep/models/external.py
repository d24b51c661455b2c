"""Networks that are not ours: the user's own factory, torchvision, timm, transformers.

Nothing is downloaded: weights are never asked for, and names that would lead a package
to the network are refused. The packages are optional, and imported when asked for.
"""

import re
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedParameter

from ...errors import InputError
from ..factories import call_factory, first_line, is_factory, optional_module
from ..objective.preserve import preserved

__all__ = ["check_outputs", "external_model", "is_external"]

PACKAGES = {"tv": "torchvision", "timm": "timm", "hf": "transformers"}


class Logits(nn.Module):
    """A network of transformers, with its logits as the only output."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor) -> Tensor:
        """Outputs (n, C) of images (n, channels, height, width)."""
        return self.model(pixel_values=x).logits


def is_external(name: str) -> bool:
    """Whether the name leads outside landtheory."""
    prefix, colon, _ = name.partition(":")
    return is_factory(name) or (bool(colon) and prefix in PACKAGES)


def external_model(name: str, *, shape: tuple[int, ...], classes: int) -> nn.Module:
    """A new network of others', untrained.

    Parameters
    ----------
    name : str
        `path.py:factory`, `tv:NAME`, `timm:NAME` or `hf:NAME`.
    shape : tuple of int
        Of one input; timm and transformers adapt to the channels of an image, and
        transformers to its size.
    classes : int
        C.

    Returns
    -------
    torch.nn.Module
        As the factory or package made it.

    Raises
    ------
    InputError
        If a file, function, package or network is not there, or the construction fails.
    """
    if is_factory(name):
        return _from_factory(name, shape, classes)
    prefix, _, its_name = name.partition(":")
    if not re.fullmatch(r"[A-Za-z0-9_.\-]+", its_name):
        raise InputError(
            f"model is {name!r}; expected a plain name after {prefix}: no weights are "
            "downloaded"
        )
    make = {"tv": _torchvision, "timm": _timm, "hf": _transformers}[prefix]
    try:
        return make(name, its_name, shape, classes)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"model is {name!r}; expected a network that {PACKAGES[prefix]} can make, "
            f"but it raised {first_line(error)}"
        ) from error


def check_outputs(
    model: nn.Module, name: str, *, shape: tuple[int, ...], classes: int
) -> None:
    """Refuse a network whose outputs for two inputs of zeros are not (2, C or more).

    Parameters
    ----------
    model : torch.nn.Module
        Evaluated as it stands, but in evaluation mode; unchanged afterwards.
    name : str
        What the user calls it.
    shape : tuple of int
        Of one input.
    classes : int
        C.

    Raises
    ------
    InputError
        If it raises, or returns anything else.
    """
    sizes = ", ".join(map(str, shape))
    wanted = f"outputs (n, {classes}) for inputs (n, {sizes})"
    try:
        output = _output_of_zeros(model, shape)
    except Exception as error:
        raise InputError(
            f"model is {name!r}; expected {wanted}, but it raised {first_line(error)}"
        ) from error
    fits = isinstance(output, Tensor) and output.ndim == 2 and output.shape[0] == 2
    if not fits or output.shape[1] < classes:
        raise InputError(
            f"model is {name!r}; expected {wanted}, but for n = 2 it returned "
            f"{_described(output)}"
        )


def _from_factory(address: str, shape: tuple[int, ...], classes: int) -> nn.Module:
    model = call_factory(address, what="model", shape=shape, classes=classes)
    if not isinstance(model, nn.Module):
        raise InputError(
            f"model is {address!r}; expected a factory that returns a torch.nn.Module, "
            f"but it returned {_described(model)}"
        )
    if any(isinstance(p, UninitializedParameter) for p in model.parameters()):
        raise InputError(
            f"model is {address!r}; expected parameters with shapes: call its lazy "
            "layers on an input before returning it"
        )
    return model


def _torchvision(
    name: str, its_name: str, _shape: tuple[int, ...], classes: int
) -> nn.Module:
    models = optional_module("torchvision.models", what="model", name=name)
    # detection and segmentation are left out: their backbones would be downloaded
    known = models.list_models(module=models)
    if its_name not in known:
        raise InputError(
            f"model is {name!r}; expected a classification network of torchvision, as "
            "torchvision.models.list_models(module=torchvision.models) names them"
        )
    return models.get_model(its_name, weights=None, num_classes=classes)


def _timm(name: str, its_name: str, shape: tuple[int, ...], classes: int) -> nn.Module:
    timm = optional_module("timm", what="model", name=name)
    return timm.create_model(
        its_name, pretrained=False, num_classes=classes, in_chans=shape[0]
    )


def _transformers(
    name: str, its_name: str, shape: tuple[int, ...], classes: int
) -> nn.Module:
    transformers = optional_module("transformers", what="model", name=name)
    options: dict[str, Any] = {"num_labels": classes}
    if len(shape) == 3:
        side = shape[1] if shape[1] == shape[2] else shape[1:]
        options |= {"num_channels": shape[0], "image_size": side}
    config = transformers.AutoConfig.for_model(its_name, **options)
    return Logits(transformers.AutoModelForImageClassification.from_config(config))


def _output_of_zeros(model: nn.Module, shape: tuple[int, ...]) -> Any:
    like = next(model.parameters(), torch.empty(0))
    zeros = torch.zeros((2, *shape), dtype=like.dtype, device=like.device)
    with preserved(model, device=like.device), torch.no_grad():
        return model(zeros)


def _described(value: object) -> str:
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    return f"an object of type {type(value).__name__}"
