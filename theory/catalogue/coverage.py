"""Which activations a claim covers, by what is asked of σ."""

from typing import Final

from ..activations import ACTIVATIONS

__all__ = ["BOUNDED", "ODD", "PIECEWISE_LINEAR", "SMOOTH"]

PIECEWISE_LINEAR: Final = tuple(
    key for key, value in ACTIVATIONS.items() if value.homogeneous
)
"""σ(z) = α₊ max(z, 0) + α₋ min(z, 0)."""

SMOOTH: Final = tuple(key for key in ACTIVATIONS if key not in PIECEWISE_LINEAR)
"""Every other σ: twice differentiable everywhere."""

ODD: Final = tuple(key for key, value in ACTIVATIONS.items() if value.odd)
"""σ(-z) = -σ(z)."""

BOUNDED: Final = tuple(
    key for key, value in ACTIVATIONS.items() if value.second_bound is not None
)
"""sup |σ''| is finite and known."""
