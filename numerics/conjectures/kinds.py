"""Which kinds of networks a conjecture is tried on: σ, loss and number of outputs."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import InputError
from ...theory.activations import Activation
from ...theory.losses import Loss

__all__ = ["Kind", "existing_kinds"]

NEEDS_HOMOGENEOUS = "Flat"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Networks with one σ, one loss and C outputs."""

    activation: Activation
    loss: Loss
    outputs: int

    @property
    def label(self) -> str:
        """In words."""
        return f"{self.activation.name}, {self.loss.name}, C = {self.outputs}"


def existing_kinds(
    activations: Sequence[Activation],
    losses: Sequence[Loss],
    outputs: Sequence[int],
    mentioned: frozenset[str],
) -> tuple[tuple[Kind, ...], tuple[str, ...]]:
    """The combinations that exist, and sentences on those that do not.

    Parameters
    ----------
    activations, losses, outputs : sequences
        To combine.
    mentioned : frozenset of str
        Quantities that the conjecture and its assumptions name.

    Returns
    -------
    kinds : tuple of Kind
        Every one that exists.
    skipped : tuple of str
        What was left out, and why.

    Raises
    ------
    InputError
        If none is left.
    """
    asked = _names(activations)
    kinds: list[Kind] = []
    skipped: list[str] = []
    smooth = [a for a in activations if not a.homogeneous]
    if NEEDS_HOMOGENEOUS in mentioned and smooth:
        skipped.append(f"{_names(smooth)}: Flat is defined for piecewise-linear σ only")
        activations = [a for a in activations if a.homogeneous]
    for activation in activations:
        kinds += [
            Kind(activation=activation, loss=loss, outputs=C)
            for loss in losses
            for C in outputs
            if _absence(loss, C) is None
        ]
    for loss in losses:
        for C in outputs:
            why = _absence(loss, C)
            if why is not None:
                skipped.append(f"{loss.name} with C = {C}: {why}")
    if not kinds:
        raise InputError(
            f"outputs is {', '.join(map(str, outputs))!r} with activation {asked!r} and "
            f"loss {_names(losses)!r}; expected a network that exists: "
            + "; ".join(skipped)
        )
    return tuple(kinds), tuple(skipped)


def _absence(loss: Loss, outputs: int) -> str | None:
    if loss.single_output and outputs > 1:
        return f"the {loss.name} loss has one output"
    if loss.targets == "label" and outputs < 2:
        return f"the {loss.name} loss has at least two outputs"
    return None


def _names(items: Sequence[Activation] | Sequence[Loss]) -> str:
    return ", ".join(item.name for item in items)
