"""Conjectures whose truth is known: true ones that look false, and false ones.

True: theorems of the catalogue, or one line beside each says why. False: with the sizes
(n, d, m, C) of the smallest counterexample, worked out by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from landtheory.theory import THEOREMS
from landtheory.theory.expressions import Comparison
from landtheory.theory.theorems import Claim

SMOOTH = ("tanh", "softplus", "quadratic", "gelu")
BENT = ("relu", "leaky_relu", "abs")
MIXED = ("relu", "tanh", "softplus", "quadratic")


@dataclass(frozen=True)
class Known:
    claim: str
    assume: tuple[str, ...] = ()
    activations: tuple[str, ...] = MIXED
    losses: tuple[str, ...] = ("squared",)
    outputs: tuple[int, ...] = (1, 2, 3)
    sizes: tuple[int, int, int, int] | None = field(default=None)

    @property
    def options(self) -> dict[str, Any]:
        return {
            "assume": self.assume,
            "activations": self.activations,
            "losses": self.losses,
            "outputs": self.outputs,
        }


EVERY_LOSS = ("squared", "logistic", "softmax")

TRUE = (
    # T03(a): no curvature of σ, so F has no diagonal
    Known("tr(H) == tr(G)", activations=BENT, losses=EVERY_LOSS),
    Known("Cx <= op(W)**2 * tr(G_bb)"),
    Known("CxS <= op(W)**2 * tr(G_bb)", losses=EVERY_LOSS),
    Known("CxS == inner(W @ W.T, G_bb)", losses=EVERY_LOSS),
    # the last biases: their columns of J are those of the identity
    Known("lmax(G) >= 1"),
    Known("tr(G) > 0"),
    Known("logdet(G_cc) == 0"),
    Known("rank(G) <= n*(C - 1)", losses=("softmax",)),
    Known("nullity(G) >= p - n*C", losses=EVERY_LOSS),
    # f is linear in A and c, whatever σ is
    Known("H_aa == G_aa", losses=EVERY_LOSS),
    Known("abs(lmax(H) - lmax(G)) <= op(F)", losses=EVERY_LOSS),
    Known("tr(H) >= Flat", activations=BENT, losses=EVERY_LOSS),
    Known("lmin(H) >= 0", ("critical", "active"), activations=BENT, outputs=(1,)),
    Known("fro(F) == 0", ("critical", "active"), activations=BENT, outputs=(1,)),
    Known("rank(J) <= p - m", ("active",), activations=BENT),
    Known(
        "tr(G) >= (1 + min_x**2) * Cx / op(W)**2 + C * hidden + C",
        ("op(W) > 0",),
    ),
    Known("Cx <= fro(W @ W.T) * fro(H_bb)", ("interpolation",)),
    Known("tr(EF) == 0", ("interpolation",)),
    # Jensen, and Cauchy-Schwarz with mean ‖r‖² = 2L
    Known("norm(grad)**2 <= tr(EF)", losses=EVERY_LOSS),
    Known("norm(grad)**2 <= 2 * L * lmax(G)"),
    Known("tr(G_ww) == tr(G_bb)", ("unit_inputs",), losses=EVERY_LOSS),
    Known("tr(H) <= max_xt**2 * Cx / smin(W)**2 + C*hidden + C",
          ("interpolation", "m <= d")),
)  # fmt: skip

FALSE = (
    Known("Cx <= op(W) * tr(G_bb)", sizes=(1, 1, 1, 1)),
    Known("Cx <= op(W)**2 * tr(G_ww)", sizes=(1, 1, 1, 1)),
    Known("tr(H) == tr(G)", activations=("tanh",), sizes=(1, 1, 1, 1)),
    Known("tr(H) > tr(G)", activations=("relu",), sizes=(1, 1, 1, 1)),
    Known("lmin(H) >= 0", sizes=(1, 1, 1, 1)),
    # one sample: Σ r_i = 0 leaves no residual
    Known("lmin(H) >= 0", ("critical",), activations=("relu",), outputs=(1,),
          sizes=(2, 1, 1, 1)),
    Known("lmin(H) >= 0", ("critical", "active"), activations=("relu",),
          sizes=(2, 1, 1, 2)),
    Known("fro(F) == 0", ("critical",), activations=("tanh",), sizes=(2, 1, 1, 1)),
    # with a ≠ 0, two residuals cancel only where σ' (0) = 0
    Known("fro(F) == 0", ("critical", "active"), activations=("quadratic",),
          outputs=(1,), sizes=(2, 1, 1, 1)),
    Known("fro(F) == 0", ("critical", "active"), activations=("softplus",),
          outputs=(1,), sizes=(3, 1, 1, 1)),
    Known("tr(H) <= max_xt**2 * Cx / smin(W)**2 + C*hidden + C", ("interpolation",),
          sizes=(1, 1, 2, 1)),
    Known("Cx >= smin(W)**2 * tr(G_bb)", sizes=(1, 1, 2, 1)),
    Known("Cx <= fro(W @ W.T) * fro(H_bb)", sizes=(1, 1, 1, 1)),
    Known("rank(G) <= n*(C - 1)", sizes=(1, 1, 1, 1)),
    Known("rank(G) >= n*C", sizes=(2, 1, 1, 1)),
    # four columns, independent at four inputs
    Known("rank(J) <= p - m", ("active",), activations=("tanh",), sizes=(4, 1, 1, 1)),
    Known("fro(G) >= tr(G)", sizes=(2, 1, 1, 1)),
    Known("norm(grad)**2 <= L * lmax(G)", sizes=(1, 1, 1, 1)),
    Known("tr(G) >= (1 + max_x**2) * Cx / op(W)**2 + C * hidden + C",
          ("op(W) > 0",), sizes=(2, 1, 1, 1)),
    Known("lmax(H) <= tr(G)", losses=EVERY_LOSS, sizes=(1, 1, 1, 1)),
    Known("op(F) <= 2 * L", sizes=(1, 1, 1, 1)),
    Known("Flat >= tr(G)", activations=BENT, sizes=(1, 1, 1, 1)),
    Known("CxS == Cx", losses=("softmax",), sizes=(1, 1, 1, 2)),
    Known("rank(EF) >= rank(G)", ("interpolation",), sizes=(1, 1, 1, 1)),
    # the Gram matrix of two inputs is singular only where a = 0
    Known("lmin(K) > 0", ("distinct_inputs",), activations=("tanh",),
          sizes=(2, 1, 1, 1)),
    Known("lmin(K) > 0", ("distinct_inputs", "active"), activations=("tanh",),
          outputs=(1,), sizes=(3, 1, 1, 1)),
    # op for tr: G_ww has to have rank 2
    Known("Cx <= op(W)**2 * op(G_ww)", ("unit_inputs",), sizes=(2, 2, 1, 1)),
)  # fmt: skip


def catalogue() -> Iterator[tuple[str, Known, bool]]:
    """The catalogue's claims and mutants that are comparisons: name, text, whether true."""
    for theorem in THEOREMS.values():
        for claim in theorem.claims:
            if isinstance(claim.law, Comparison):
                yield f"{theorem.id}({claim.label})", _known(claim), True
        for mutant in theorem.mutants:
            if isinstance(mutant.claim.law, Comparison):
                yield f"{theorem.id}: {mutant.name}", _known(mutant.claim), False


def _known(claim: Claim) -> Known:
    squared = {"interpolation", "critical"} & set(claim.assumes)
    return Known(
        str(claim.law),
        claim.assumes,
        activations=claim.activations,
        losses=("squared",) if squared else claim.losses,
        outputs=(1,) if claim.outputs == "one" else (1, 2, 3),
    )
