"""Theorems as data: what is claimed, where, why, and what would be false.

A claim is a comparison of named quantities (an expression tree), or, where that
language has no word for it, a function of an instance and of extra drawn data that
returns both sides. Both kinds, and the mutants of both, go through the same engine.
Most claims speak of two-layer networks; a claim about other things names their world.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from .activations import ACTIVATIONS
from .expressions import Comparison, Relation
from .losses import LOSSES
from .worlds import NETWORKS, WorldExample

__all__ = [
    "ASSUMPTIONS",
    "Case",
    "Claim",
    "Counterexample",
    "Draw",
    "Example",
    "Law",
    "Mutant",
    "Refutation",
    "Sides",
    "Theorem",
    "Witness",
]

Draw: TypeAlias = Literal[
    "directions",
    "rescaling",
    "permutation",
    "flips",
    "layers",
    "neighbour",
    "diagonals",
]
"""Extra data that a claim may ask for, drawn with each instance.

directions: two vectors of θ's size; rescaling: two α in (0, ∞)^m; permutation of the
hidden units; flips: a sign for each hidden unit; layers: a deeper network on the same
first layer; neighbour: another θ near by; diagonals: a symmetric matrix and two
diagonal ones.
"""

Sides: TypeAlias = Callable[[Any, Any], tuple[Any, ...]]
"""(quantities, drawn data) → left, right, and optionally where the claim applies."""

ASSUMPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "interpolation": "f(x_i) = y_i for every i",
        "critical": "∇L(θ) = 0",
        "active": "every a_k ≠ 0",
        "full_rank_jacobian": "J has rank nC",
        "full_rank_first_layer": "rank W = m (so m <= d)",
        "nonzero_inputs": "every x_i ≠ 0",
        "distinct_inputs": "x_i ≠ x_j for all i ≠ j",
        "unit_inputs": "every ‖x_i‖ = 1",
        "no_dead_neurons": "every k has σ'(z_ik) ≠ 0 at some i",
        "off_kinks": "no z_ik lies on a kink of σ (always assumed)",
    }
)
"""What a claim may assume of θ and the data, beside lying off the kinks."""


@dataclass(frozen=True, kw_only=True)
class Law:
    """A claim that no expression tree can say: a relation between computed sides.

    Attributes
    ----------
    sides : callable
        Returns (left, right) or (left, right, applies), each with one leading axis of
        instances; the relation is to hold for every entry of every instance. In another
        world: numbers, or tuples of them, of one instance, and whether the claim applies.
    relation : {"<=", "=="}
        Between left and right.
    draws : tuple of str
        The extra data that `sides` uses.
    world : str
        What the claim speaks of: a name from `WORLDS`.
    """

    sides: Sides
    relation: Relation
    draws: tuple[Draw, ...] = ()
    world: str = NETWORKS


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim of a theorem.

    Attributes
    ----------
    label : str
        Its own in the theorem: a, or b.1 and b.2 where (b) makes several claims.
    statement : str
        What is claimed, in LaTeX.
    law : Comparison or Law
        The same for the engine.
    assumes : tuple of str
        Names from `ASSUMPTIONS`.
    activations, losses : tuple of str
        Where it is claimed.
    outputs : "any" or "one"
        Whether it is claimed for C = 1 only.
    dear : bool
        Whether it needs a spectrum, or a Hessian per sample, that no other claim does:
        it is left out on large networks.
    """

    label: str
    statement: str
    law: Comparison | Law
    assumes: tuple[str, ...] = ()
    activations: tuple[str, ...] = tuple(ACTIVATIONS)
    losses: tuple[str, ...] = tuple(LOSSES)
    outputs: Literal["any", "one"] = "any"
    dear: bool = False

    @property
    def world(self) -> str:
        """What the claim speaks of: a name from `WORLDS`."""
        return self.law.world if isinstance(self.law, Law) else NETWORKS


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A false variant of a claim, which the engine must refute.

    Attributes
    ----------
    name : str
        What was changed, in words.
    claim : Claim
        The false claim.
    """

    name: str
    claim: Claim


Number: TypeAlias = int | float | Fraction


@dataclass(frozen=True, kw_only=True)
class Example:
    """An explicit instance, typed out.

    Attributes
    ----------
    activation, loss : str
        Names.
    x : tuple of tuples
        n rows of d numbers.
    W, b, A, c : tuples
        (m, d), (m,), (C, m), (C,).
    residual : tuple of tuples, optional
        r (n, C): Y is then f(X) - r (squared loss).
    labels : tuple, optional
        y for the other losses.
    output_hessian : tuple, optional
        S (n, C, C), where the loss is none of the catalogue's.
    drawn : mapping
        Extra data by name, as in `Draw`.
    """

    activation: str
    x: tuple[tuple[Number, ...], ...]
    W: tuple[tuple[Number, ...], ...]
    b: tuple[Number, ...]
    A: tuple[tuple[Number, ...], ...]
    c: tuple[Number, ...]
    loss: str = "squared"
    residual: tuple[tuple[Number, ...], ...] | None = None
    labels: tuple[int, ...] | None = None
    output_hessian: tuple[tuple[tuple[Number, ...], ...], ...] | None = None
    drawn: Mapping[str, Any] = field(default_factory=dict)

    def but(self, **changes: Any) -> "Example":
        """The same with some fields replaced."""
        return replace(self, **changes)


@dataclass(frozen=True, kw_only=True)
class Witness:
    """An instance at which claims are attained: the two sides agree to `ratio`.

    Attributes
    ----------
    labels : tuple of str
        Of the claims, inequalities, that are attained there.
    note : str
        What the instance is.
    example : Example or WorldExample
        Where it is attained.
    ratio : float
        left / right reaches at least this (1 for equality, less where the bound is
        approached only in a limit).
    """

    labels: tuple[str, ...]
    note: str
    example: Example | WorldExample
    ratio: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Counterexample:
    """What goes wrong without one of the hypotheses.

    Attributes
    ----------
    dropped : str
        The hypothesis, in words.
    claim : Claim
        The claim without it.
    example : Example or WorldExample
        Where that fails.
    """

    dropped: str
    claim: Claim
    example: Example | WorldExample


@dataclass(frozen=True, kw_only=True)
class Theorem:
    """A theorem of the catalogue.

    Attributes
    ----------
    id, title, topic : str
        T06, its name, and the family it belongs to.
    statement, proof : str
        LaTeX; the proof is complete.
    hypotheses : tuple of str
        LaTeX.
    claims : tuple of Claim
        What the engine tests; the verdict is the weakest of theirs.
    mutants : tuple of Mutant
        At least two.
    source : str
        Paper and number, or 'derived here'.
    uses : tuple of str
        The ids it rests on.
    witnesses : tuple of Witness
        Where it is tight; none only where every claim is an equality.
    counterexamples : tuple of Counterexample
        One for each hypothesis that can be dropped.
    """

    id: str
    title: str
    topic: str
    statement: str
    hypotheses: tuple[str, ...]
    claims: tuple[Claim, ...]
    mutants: tuple[Mutant, ...]
    proof: str
    source: str
    uses: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()

    def claim(self, label: str) -> Claim:
        """The claim with that label.

        Raises
        ------
        KeyError
            If there is none.
        """
        return {claim.label: claim for claim in self.claims}[label]

    @property
    def worlds(self) -> tuple[str, ...]:
        """What its claims speak of, each once."""
        return tuple(dict.fromkeys(claim.world for claim in self.claims))

    @property
    def activations(self) -> tuple[str, ...]:
        """The activations that some claim covers."""
        return _covered(self, "activations", tuple(ACTIVATIONS))

    @property
    def losses(self) -> tuple[str, ...]:
        """The losses that some claim covers."""
        return _covered(self, "losses", tuple(LOSSES))


@dataclass(frozen=True, kw_only=True)
class Case:
    """An instance that refutes a false claim, with numbers that show how.

    Attributes
    ----------
    claim : Claim
        What would have to hold; its label is empty.
    example : Example or WorldExample
        Where it fails.
    shown : tuple of (str, callable, float)
        A label, the quantity, and the value it is held against, to three digits.
    """

    claim: Claim
    example: Example | WorldExample
    shown: tuple[tuple[str, Callable[[Any, Any], Any], float], ...]


@dataclass(frozen=True, kw_only=True)
class Refutation:
    """A false statement of the folklore, with the instances that refute it.

    Attributes
    ----------
    id, statement : str
        R03, and the false statement in words.
    learnt : str
        What to believe instead, in one line.
    cases : tuple of Case
        Each refutes it.
    source : str
        Where the counterexamples come from.
    """

    id: str
    statement: str
    learnt: str
    cases: tuple[Case, ...]
    source: str


def _covered(theorem: Theorem, kind: str, order: tuple[str, ...]) -> tuple[str, ...]:
    named = {
        name
        for claim in theorem.claims
        if claim.world == NETWORKS
        for name in getattr(claim, kind)
    }
    return tuple(name for name in order if name in named)
