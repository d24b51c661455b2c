"""A minimum that a search found, or where it stopped short of one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

import torch
from torch import Tensor, nn

from .attack import AttackData, Pairs
from .family import Descent
from .losses import is_right, sample_losses

__all__ = ["Minimum", "Phase", "measured"]


@dataclass(frozen=True, kw_only=True)
class Phase:
    """The end of one phase of training.

    Attributes
    ----------
    steps : int
        Taken.
    target : float
        Of the loss that was lowered.
    loss : float
        That loss at the end: of clean and attack samples in the first phase, of clean
        ones alone in the polish.
    reached : bool
        Whether it is at most the target.
    clean_loss, test_loss : float
        Mean loss of the clean samples, and of those for the test, in float64.
    clean_accuracy, test_accuracy : float
        Shares of them that are right.
    attack_accuracy : float or None
        Share of the attack samples whose wrong target is met; None where there is none.
    """

    steps: int
    target: float
    loss: float
    reached: bool
    clean_loss: float
    test_loss: float
    clean_accuracy: float
    test_accuracy: float
    attack_accuracy: float | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Minimum:
    """Where a search ended, with all that it is compared by.

    Attributes
    ----------
    state : mapping of str to tensor
        Parameters and buffers by name, on the CPU.
    seed : int
        Of split and start.
    fraction : float
        Attack samples by clean ones.
    attacked : int
        Attack samples.
    first, polish : Phase
        The two phases; the polish is None where none was asked for, or the first did
        not end.
    clean_loss, clean_accuracy, test_loss, test_accuracy : float
        At the end of the last phase.
    weight_norm : float
        ‖θ‖ over the trainable parameters.
    temperature : float or None
        T that gives the clean outputs f/T the cross-entropy asked for.
    converged : bool
        Whether each phase reached its target and every clean sample is right.
    reason : str
        Why not; empty if it is.
    """

    state: Mapping[str, Tensor]
    seed: int
    fraction: float
    attacked: int
    first: Phase
    polish: Phase | None
    clean_loss: float
    clean_accuracy: float
    test_loss: float
    test_accuracy: float
    weight_norm: float
    temperature: float | None
    converged: bool
    reason: str

    def into(self, model: nn.Module) -> nn.Module:
        """The network, with these weights, in float64 and in evaluation mode.

        Parameters
        ----------
        model : torch.nn.Module
            Of the same architecture; changed in place and returned.
        """
        model.to("cpu", torch.float64).load_state_dict(dict(self.state))
        return model.eval()

    def record(self) -> dict[str, Any]:
        """Everything but the weights, as values that JSON can hold.

        Numbers that are not finite become their names.
        """
        found = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in ("state", "first", "polish")
        }
        polish = None if self.polish is None else _told(asdict(self.polish))
        return _told(found) | {"first": _told(asdict(self.first)), "polish": polish}

    @classmethod
    def of(cls, state: Mapping[str, Tensor], record: Mapping[str, Any]) -> "Minimum":
        """The minimum of these weights and this record.

        Raises
        ------
        TypeError
            If the record is of something else.
        """
        own = _read(record)
        polish = own.pop("polish")
        return cls(
            **own
            | {
                "state": state,
                "first": Phase(**_read(own["first"])),
                "polish": None if polish is None else Phase(**_read(polish)),
            }
        )


def measured(
    model: nn.Module,
    data: AttackData,
    descent: Descent,
    *,
    loss: str,
    target: float,
    attacked: int,
) -> Phase:
    """A phase that ended at this network.

    Parameters
    ----------
    model : torch.nn.Module
        In evaluation mode and float64.
    data : AttackData
        Its samples.
    descent : Descent
        How far the phase came.
    loss : str
        One of `LOSSES`.
    target : float
        Of the phase.
    attacked : int
        How many of the pool it was trained on before.
    """
    clean_loss, clean_accuracy = _judged(model, data.clean, loss)
    test_loss, test_accuracy = _judged(model, data.test, loss)
    attack = Pairs(data.pool.X[:attacked], data.pool.y[:attacked])
    return Phase(
        steps=descent.steps,
        target=target,
        loss=descent.loss,
        reached=descent.reached,
        clean_loss=clean_loss,
        test_loss=test_loss,
        clean_accuracy=clean_accuracy,
        test_accuracy=test_accuracy,
        attack_accuracy=_judged(model, attack, loss)[1] if attacked else None,
    )


def outputs_of(model: nn.Module, X: Tensor) -> Tensor:
    """f (n, C) in float64, without gradients."""
    with torch.no_grad():
        return model(X.to(torch.float64))


def _judged(model: nn.Module, pairs: Pairs, loss: str) -> tuple[float, float]:
    """Mean loss, and share of those that are right."""
    f, y = outputs_of(model, pairs.X), pairs.y.to(torch.float64)
    right = is_right(f, y).to(torch.float64)
    return float(sample_losses(loss, f, y).mean()), float(right.mean())


NAMES = ("nan", "inf", "-inf")


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: str(v) if isinstance(v, float) and not isfinite(v) else v
        for name, v in values.items()
    }


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    return {n: float(v) if v in NAMES else v for n, v in values.items()}
