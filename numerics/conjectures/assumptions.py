"""What a conjecture assumes: named hypotheses, and comparisons of the same language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from ...errors import InputError
from ...theory.expressions import Comparison
from ...theory.language import parse_claim
from ...theory.losses import Loss
from .sizes import holds_for_sizes, names_in, only_sizes

__all__ = ["NAMED", "Assumptions", "parse_assumptions"]

NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "interpolation": "r = 0",
        "critical": "∇L(θ) = 0",
        "active": "every a_k ≠ 0",
        "full_rank_jacobian": "rank J = nC",
        "full_rank_first_layer": "rank W = m",
        "nonzero_inputs": "every x_i ≠ 0",
        "distinct_inputs": "x_i ≠ x_j for i ≠ j",
        "unit_inputs": "every ‖x_i‖ = 1",
        "no_dead_neurons": "every hidden unit has σ'(z_ik) ≠ 0 at some i",
        "off_kinks": "no z_ik on a kink of σ",
    }
)
"""Every hypothesis that has a name; the last is always assumed."""

SQUARED_ONLY = ("interpolation", "critical")


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Hypotheses of a conjecture.

    Attributes
    ----------
    named : tuple of str
        Names from `NAMED`, off_kinks left out since it always holds.
    sizes : tuple of Comparison
        Those that speak of sizes alone: decided before anything is drawn.
    comparisons : tuple of Comparison
        All others.
    """

    named: tuple[str, ...] = ()
    sizes: tuple[Comparison, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them as text."""
        return (*self.named, *map(str, self.sizes), *map(str, self.comparisons))

    @property
    def mentioned(self) -> frozenset[str]:
        """Every quantity that the comparisons name."""
        every = (*self.sizes, *self.comparisons)
        return frozenset().union(*map(names_in, every))

    def allow(self, sizes: Mapping[str, int]) -> bool:
        """Whether networks of these sizes meet what is assumed of sizes."""
        exact = {name: Fraction(size) for name, size in sizes.items()}
        few = (
            "full_rank_jacobian" in self.named and sizes["n"] * sizes["C"] > sizes["p"]
        )
        wide = "full_rank_first_layer" in self.named and sizes["m"] > sizes["d"]
        return not (few or wide) and all(
            holds_for_sizes(comparison, exact) for comparison in self.sizes
        )


def parse_assumptions(texts: Sequence[str], losses: Sequence[Loss]) -> Assumptions:
    """Read assumptions.

    Parameters
    ----------
    texts : sequence of str
        Names from `NAMED`, or comparisons such as ``m <= d``.
    losses : sequence of Loss
        Of the networks to come.

    Raises
    ------
    InputError
        If one is neither, or asks for the squared loss where there are others.
    """
    named: list[str] = []
    sizes: list[Comparison] = []
    others: list[Comparison] = []
    for text in (str(given).strip() for given in texts):
        if text.isidentifier():
            named.append(_named(text, losses))
            continue
        comparison = parse_claim(text, called="assume")
        (sizes if only_sizes(comparison) else others).append(comparison)
    return Assumptions(
        named=tuple(dict.fromkeys(name for name in named if name != "off_kinks")),
        sizes=tuple(dict.fromkeys(sizes)),
        comparisons=tuple(dict.fromkeys(others)),
    )


def _named(text: str, losses: Sequence[Loss]) -> str:
    if text not in NAMED:
        raise InputError(
            f"assume is {text!r}; expected one of {', '.join(NAMED)}, or a comparison "
            "such as 'm <= d'"
        )
    if text in SQUARED_ONLY and any(loss.name != "squared" for loss in losses):
        given = ", ".join(loss.name for loss in losses)
        raise InputError(
            f"assume is {text!r} and loss {given!r}; expected the squared loss alone "
            f"with {text}: pass --loss squared"
        )
    return text
