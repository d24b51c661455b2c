"""The network and the data of a run, before anything is computed."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

from ...errors import InputError
from ..data.sets import DataSet, load_data
from ..devices import choose_device, choose_dtype
from ..group import current_processes
from ..models import build_model
from ..objective.parameters import Parameters
from ..training.recipes import Recipe, recipe_for
from ..training.weights import load_weights
from .settings import SpectrumSettings
from .streams import generator_for

__all__ = ["Prepared", "prepare"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Prepared:
    """What a run starts from.

    Attributes
    ----------
    model : torch.nn.Module
        With its initial or given weights, on its device and in its dtype.
    data : DataSet
        All of it.
    recipe : Recipe or None
        How it is to be trained; None if it is not.
    device : torch.device
        Where it runs.
    p : int
        Trainable parameters.
    weights_digest : str or None
        SHA-256 of the weight file.
    notices : tuple of str
        What was done differently from what was asked for.
    """

    model: nn.Module
    data: DataSet
    recipe: Recipe | None
    device: torch.device
    p: int
    weights_digest: str | None
    notices: tuple[str, ...]


def prepare(settings: SpectrumSettings) -> Prepared:
    """Load the data, build the network, and give it its weights.

    Raises
    ------
    InputError
        If one of them cannot be had, or k is more than p.
    """
    processes = current_processes()
    device = choose_device(settings.device, local=processes.local, here=processes.here)
    precision = choose_dtype(settings.dtype, device=device)
    data = load_data(
        settings.data,
        seed=settings.seed,
        samples=settings.samples,
        dtype=precision.dtype,
    )
    model = build_model(
        settings.model,
        shape=data.shape,
        classes=data.classes,
        generator=generator_for(settings.seed, "initialisation"),
        initialisation=settings.initialisation,
    )
    if settings.weights is not None:
        load_weights(model, Path(settings.weights))
    model = model.to(device, precision.dtype)
    p = Parameters.select(model).p
    if settings.k > p:
        raise InputError(
            f"k is {settings.k}; expected at most p = {p}, the model's parameters"
        )
    return Prepared(
        model=model,
        data=data,
        recipe=_recipe(settings),
        device=device,
        p=p,
        weights_digest=_digest(settings.weights),
        notices=() if precision.notice is None else (precision.notice,),
    )


def _recipe(settings: SpectrumSettings) -> Recipe | None:
    if not settings.train:
        return None
    recipe = recipe_for(settings.model)
    return (
        recipe if settings.epochs is None else replace(recipe, epochs=settings.epochs)
    )


def _digest(weights: str | None) -> str | None:
    if weights is None:
        return None
    with Path(weights).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
