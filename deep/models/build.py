"""From a name to a network."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from ...errors import InputError
from ..randomness import drawing_from
from .convolutional import lenet, vgg
from .dense import mlp, two_layer
from .external import check_outputs, external_model, is_external
from .initialisation import initialise
from .residual import RESNETS
from .transformer import ViT

__all__ = ["MODELS", "build_model"]

_DENSE: dict[str, Callable[[tuple[int, ...], int], nn.Module]] = {
    "mlp": mlp,
    "two-layer": two_layer,
}
_ON_IMAGES: dict[str, tuple[Callable[[Any, int], nn.Module], int]] = {
    "lenet": (lenet, 4),
    "vgg": (vgg, 2),
    "resnet": (RESNETS["resnet8"], 2),
    **{name: (resnet, 2) for name, resnet in RESNETS.items()},
    "vit": (ViT, 2),
}
# with the fewest pixels a side that each of them takes

MODELS = (*_DENSE, *_ON_IMAGES)
"""Our own networks, by the names that users give."""


_OWN_INITIALISATION = dict.fromkeys(("vgg", "resnet", *RESNETS), "kaiming")
# without it the plain vgg does not train; the others start as torch lets them


def build_model(
    name: str,
    *,
    shape: tuple[int, ...],
    classes: int,
    generator: torch.Generator,
    initialisation: str = "default",
) -> nn.Module:
    """The network of that name, for inputs of that shape.

    Parameters
    ----------
    name : str
        One of `MODELS`; `path.py:factory`, a function of the user's own, which is given
        the shape and the classes if it names them; or `tv:NAME`, `timm:NAME`,
        `hf:NAME`, an untrained network of torchvision, timm or transformers.
    shape : tuple of int
        Of one input: (d,), or (channels, height, width).
    classes : int
        C, the number of outputs.
    generator : torch.Generator
        Of the initial weights; on the CPU. What the construction draws from torch's
        global state comes from here, and the global state stays as it was.
    initialisation : str
        One of `INITIALISATIONS`. By default kaiming for vgg and the resnets, as in He,
        Zhang, Ren and Sun (2015, 2016); the others start as torch lets them.

    Returns
    -------
    torch.nn.Module
        In training mode, as torch makes it; on the CPU, if it is one of ours.

    Raises
    ------
    InputError
        If there is no such network, it cannot be built for this shape, or it does not
        give at least C outputs for each input.
    """
    _check_sizes(shape, classes)
    with drawing_from(generator):
        model = _built(name, shape, classes)
    for scheme in (_OWN_INITIALISATION.get(name, "default"), initialisation):
        initialise(model, scheme, generator=generator)
    if is_external(name):
        check_outputs(model, name, shape=shape, classes=classes)
    return model


def _check_sizes(shape: tuple[int, ...], classes: int) -> None:
    positive = all(type(size) is int and size >= 1 for size in shape)
    if len(shape) not in (1, 3) or not positive:
        raise InputError(
            f"shape is {shape!r}; expected (d,) or (channels, height, width) of one "
            "input"
        )
    if type(classes) is not int or classes < 1:
        raise InputError(f"classes is {classes!r}; expected an integer C >= 1")


def _built(name: str, shape: tuple[int, ...], classes: int) -> nn.Module:
    if is_external(name):
        return external_model(name, shape=shape, classes=classes)
    if name in _DENSE:
        return _DENSE[name](shape, classes)
    if name not in _ON_IMAGES:
        raise InputError(
            f"model is {name!r}; expected one of {', '.join(MODELS)}, or "
            "FILE.py:FACTORY, tv:NAME, timm:NAME or hf:NAME"
        )
    build, fewest = _ON_IMAGES[name]
    if len(shape) != 3 or min(shape[1:]) < fewest:
        raise InputError(
            f"model is {name!r} for inputs of shape {shape}; expected images (channels, "
            f"height, width) of at least {fewest} x {fewest} pixels: use mlp or "
            "two-layer"
        )
    return build(shape, classes)
