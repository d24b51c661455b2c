"""θ of a network: which parameters, in which order, and where each of them stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import accumulate, pairwise
from math import prod
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from ...errors import InputError

__all__ = ["Parameters", "Selection", "Tensors"]

Tensors = tuple[Tensor, ...]
Selection = str | Sequence[str] | Sequence[nn.Parameter] | None

ROOT = "(root)"
"""Layer of the parameters that the model itself holds, outside its modules."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Parameters:
    """Names and shapes of the parameters that make up θ, in order.

    θ is flat: the selected parameters in the order of `named_parameters`, each in
    row-major order. A tied parameter counts once, under its first name; frozen ones,
    with `requires_grad` False, are left out.

    Attributes
    ----------
    names : tuple of str
        As `named_parameters` gives them.
    shapes : tuple of tuple of int
        Of each parameter.
    """

    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]

    @classmethod
    def select(cls, model: nn.Module, params: Selection = None) -> "Parameters":
        """The trainable parameters of a model, or some of them.

        Parameters
        ----------
        model : torch.nn.Module
            The network.
        params : str, sequence of str, or sequence of torch.nn.Parameter, optional
            A name or glob, such as "conv1.*", several of them, or parameters of the
            model; all by default. The order is the model's, whatever is given.

        Returns
        -------
        parameters : Parameters
            At least one.

        Raises
        ------
        InputError
            If something selects no trainable parameter, or one is not the model's, has
            not been initialised, or is not real and floating.
        """
        trainable = {
            name: tensor
            for name, tensor in model.named_parameters()
            if tensor.requires_grad
        }
        if not trainable:
            raise InputError(
                f"model is a {type(model).__name__} without trainable parameters; "
                "expected at least one with requires_grad True"
            )
        chosen = trainable if params is None else _chosen(model, trainable, params)
        for name, tensor in chosen.items():
            _refuse_unusable(name, tensor)
        return cls(
            names=tuple(chosen),
            shapes=tuple(tuple(tensor.shape) for tensor in chosen.values()),
        )

    @cached_property
    def p(self) -> int:
        """Number of entries of θ."""
        return sum(self.sizes)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Number of entries of each parameter."""
        return tuple(prod(shape) for shape in self.shapes)

    @cached_property
    def slices(self) -> MappingProxyType[str, slice]:
        """Where each parameter stands in θ."""
        return MappingProxyType(dict(zip(self.names, _slices(self.sizes), strict=True)))

    @cached_property
    def layers(self) -> MappingProxyType[str, slice]:
        """Where the parameters of each module stand in θ: they are neighbours there."""
        sizes: dict[str, int] = {}
        for name, size in zip(self.names, self.sizes, strict=True):
            layer = name.rpartition(".")[0] or ROOT
            sizes[layer] = sizes.get(layer, 0) + size
        return MappingProxyType(dict(zip(sizes, _slices(sizes.values()), strict=True)))

    def of_layer(self, layer: str) -> tuple[str, ...]:
        """Names of the parameters of one layer.

        Raises
        ------
        InputError
            If there is no such layer.
        """
        if layer not in self.layers:
            raise InputError(
                f"layer is {layer!r}; expected one of {', '.join(self.layers)}"
            )
        return tuple(
            name for name in self.names if (name.rpartition(".")[0] or ROOT) == layer
        )

    def split(self, v: Tensor) -> Tensors:
        """A vector (p,) as one tensor for each parameter, in its shape: views of v.

        Raises
        ------
        InputError
            If v has another shape.
        """
        if v.shape != (self.p,):
            raise InputError(f"v has shape {tuple(v.shape)}; expected ({self.p},)")
        return tuple(
            part.view(shape)
            for part, shape in zip(
                torch.split(v, list(self.sizes)), self.shapes, strict=True
            )
        )

    def flatten(self, tensors: Iterable[Tensor]) -> Tensor:
        """One tensor for each parameter as one vector (p,), a copy."""
        return torch.cat([tensor.reshape(-1) for tensor in tensors])


def _chosen(
    model: nn.Module, trainable: dict[str, nn.Parameter], params: Selection
) -> dict[str, nn.Parameter]:
    wanted: list[Any] = [params] if isinstance(params, str) else list(params or ())
    names: set[str] = set()
    for one in wanted:
        names |= set(_matching(model, trainable, one))
    if not names:
        raise InputError(
            "params is empty; expected a name, a glob or a parameter: leave it out to "
            "take them all"
        )
    return {name: tensor for name, tensor in trainable.items() if name in names}


def _matching(
    model: nn.Module, trainable: dict[str, nn.Parameter], one: Any
) -> Iterator[str]:
    if isinstance(one, str):
        # a tied parameter answers to each of its names
        every = model.named_parameters(remove_duplicate=False)
        wanted = {id(tensor) for name, tensor in every if fnmatchcase(name, one)}
        shown = repr(one)
    elif isinstance(one, Tensor):
        wanted = {id(one)}
        shown = f"a tensor of shape {tuple(one.shape)}"
    else:
        raise InputError(
            f"params holds {one!r}; expected names, globs or parameters of the model"
        )
    found = [name for name, tensor in trainable.items() if id(tensor) in wanted]
    if not found:
        raise InputError(
            f"params holds {shown}, which is no trainable parameter of the model; "
            f"expected some of {_listed(trainable)}"
        )
    yield from found


def _listed(trainable: dict[str, nn.Parameter]) -> str:
    names = list(trainable)
    return ", ".join(names[:8]) + (", …" if len(names) > 8 else "")


def _refuse_unusable(name: str, tensor: nn.Parameter) -> None:
    if isinstance(tensor, nn.parameter.UninitializedParameter):
        raise InputError(
            f"parameter {name!r} is uninitialized; expected one with a shape: run the "
            "model once first"
        )
    if not tensor.is_floating_point():
        raise InputError(
            f"parameter {name!r} has dtype {tensor.dtype}; expected a real floating one"
        )


def _slices(sizes: Iterable[int]) -> list[slice]:
    ends = [0, *accumulate(sizes)]
    return [slice(start, stop) for start, stop in pairwise(ends)]
