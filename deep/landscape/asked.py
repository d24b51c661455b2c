"""What is asked of one network's landscape."""

from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from ...errors import InputError
from .curvature import METHODS

__all__ = ["Asked"]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which measures, and their numbers.

    Attributes
    ----------
    method, k : str, int
        As `curvature` takes them.
    beta : float or None
        β of the regularised log-volume; the number of samples by default, which makes
        -β(L - L(θ)) a log-likelihood.
    variance : float
        τ² of the same.
    regulariser : float or None
        λ of the sublevel set; None for no volume of it.
    height, directions : float, int
        ε and K of the same, and of the radius.
    learning, radius : bool
        Whether the local learning coefficient and the random radius are wanted.

    Raises
    ------
    InputError
        If one of them is out of range.
    """

    method: str = "auto"
    k: int = 20
    beta: float | None = None
    variance: float = 1.0
    regulariser: float | None = None
    height: float = 0.01
    directions: int = 128
    learning: bool = False
    radius: bool = False

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise InputError(
                f"method is {self.method!r}; expected one of {', '.join(METHODS)}"
            )
        if self.k < 1:
            raise InputError(f"k is {self.k}; expected an integer >= 1")
        if self.directions < 2:
            raise InputError(f"directions is {self.directions}; expected at least 2")
        for name in ("beta", "variance", "regulariser", "height"):
            value = getattr(self, name)
            if value is not None and not (isfinite(value) and value > 0):
                raise InputError(f"{name} is {value!r}; expected a positive number")

    def record(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return asdict(self)
