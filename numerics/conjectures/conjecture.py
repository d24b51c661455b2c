"""A conjecture with everything that a search for its counterexamples needs to know."""

from dataclasses import dataclass

from ...theory.expressions import Comparison
from .assumptions import Assumptions
from .kinds import Kind

__all__ = ["Conjecture"]


@dataclass(frozen=True, kw_only=True)
class Conjecture:
    """What is claimed, under which hypotheses, of which networks.

    Attributes
    ----------
    claim : Comparison
        The claim.
    assumptions : Assumptions
        Its hypotheses.
    kinds : tuple of Kind
        The networks.
    """

    claim: Comparison
    assumptions: Assumptions
    kinds: tuple[Kind, ...]

    @property
    def outputs(self) -> tuple[int, ...]:
        """The numbers of outputs among the networks, ascending."""
        return tuple(sorted({kind.outputs for kind in self.kinds}))

    @property
    def strict(self) -> bool:
        """Whether equality of the sides refutes it."""
        return self.claim.relation in ("<", ">")

    @property
    def critical(self) -> bool:
        """Whether ∇L(θ) = 0 is assumed."""
        return "critical" in self.assumptions.named

    @property
    def unit_inputs(self) -> bool:
        """Whether inputs are rational points of the sphere."""
        return "unit_inputs" in self.assumptions.named
