"""Closed forms and theorems, in SymPy, for symbolic sizes."""

from typing import TYPE_CHECKING

from .._lazy import attach

if TYPE_CHECKING:
    from .activations import (
        ACTIVATIONS,
        UNDEFINED,
        Activation,
        activation_from_expression,
        get_activation,
    )
    from .catalogue import REFUTATIONS, THEOREMS, get_theorem
    from .expressions import Comparison, Expression
    from .losses import LOSSES, Loss, get_loss
    from .printing import render
    from .theorems import Claim, Law, Mutant, Theorem
    from .two_layer import TwoLayerNet

__all__ = [
    "ACTIVATIONS",
    "LOSSES",
    "REFUTATIONS",
    "THEOREMS",
    "UNDEFINED",
    "Activation",
    "Claim",
    "Comparison",
    "Expression",
    "Law",
    "Loss",
    "Mutant",
    "Theorem",
    "TwoLayerNet",
    "activation_from_expression",
    "get_activation",
    "get_loss",
    "get_theorem",
    "render",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "ACTIVATIONS": ".activations",
            "LOSSES": ".losses",
            "REFUTATIONS": ".catalogue",
            "THEOREMS": ".catalogue",
            "UNDEFINED": ".activations",
            "Activation": ".activations",
            "Claim": ".theorems",
            "Comparison": ".expressions",
            "Expression": ".expressions",
            "Law": ".theorems",
            "Loss": ".losses",
            "Mutant": ".theorems",
            "Theorem": ".theorems",
            "TwoLayerNet": ".two_layer",
            "activation_from_expression": ".activations",
            "get_activation": ".activations",
            "get_loss": ".losses",
            "get_theorem": ".catalogue",
            "render": ".printing",
        },
    )
