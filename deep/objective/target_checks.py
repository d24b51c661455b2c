"""Outputs and targets that do not belong together, refused before torch sees them."""

from torch import Tensor

from ...errors import InputError

__all__ = ["check_labels", "check_outputs", "check_probabilities", "check_shapes"]


def check_outputs(output: Tensor, name: str) -> None:
    """Refuse outputs that cannot be differentiated.

    Raises
    ------
    InputError
        If they are not real floats.
    """
    if not output.is_floating_point():
        raise InputError(
            f"model gives outputs of dtype {output.dtype} for {name}; expected real "
            "floats"
        )


def check_shapes(output: Tensor, targets: Tensor, name: str) -> None:
    """Refuse targets that torch would broadcast, or that are not floats.

    Raises
    ------
    InputError
        So that f (n, 1) and y (n,) are not compared n² times.
    """
    if output.shape != targets.shape:
        raise InputError(
            f"targets of {name} have shape {tuple(targets.shape)} and outputs "
            f"{tuple(output.shape)}; expected the same shape, since torch would "
            "broadcast: reshape the targets"
        )
    if not targets.is_floating_point():
        raise InputError(
            f"targets of {name} have dtype {targets.dtype}; expected floats for this "
            "loss: convert them"
        )


def check_probabilities(targets: Tensor, name: str) -> None:
    """Refuse targets outside [0, 1].

    Raises
    ------
    InputError
        With the range they lie in.
    """
    low, high = (float(value) for value in targets.aminmax())
    if low < 0 or high > 1:
        raise InputError(
            f"targets of {name} lie between {low:g} and {high:g}; expected "
            "probabilities between 0 and 1"
        )


def check_labels(output: Tensor, targets: Tensor, name: str, ignored: int) -> None:
    """Refuse labels that the outputs (n, C, …) have no class for.

    Raises
    ------
    InputError
        If the shapes do not belong together, or a label is not ignored and not in
        {0, …, C - 1}.
    """
    wanted = (output.shape[0], *output.shape[2:])
    if output.ndim < 2 or targets.shape != wanted:
        raise InputError(
            f"targets of {name} have shape {tuple(targets.shape)} and outputs "
            f"{tuple(output.shape)}; expected outputs (n, C, …) and labels (n, …)"
        )
    counted = targets[targets != ignored]
    if not counted.numel():
        return
    low, high = (int(value) for value in counted.aminmax())
    if low < 0 or high >= output.shape[1]:
        raise InputError(
            f"targets of {name} hold the label {low if low < 0 else high}; expected "
            f"labels from 0 to {output.shape[1] - 1}, since the model has "
            f"{output.shape[1]} outputs"
        )
