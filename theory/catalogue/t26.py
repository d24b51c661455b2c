"""T26: the interpolation manifold."""

from dataclasses import replace
from typing import Any

from ..expressions import name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem
from .laws import changed

__all__ = ["T26"]

C, H, J, n = name("C"), name("H"), name("J"), name("n")


def _least_sides(q: Any, drawn: Any, *, power: int = 2) -> tuple[Any, Any]:
    place = min(q.p, q.n * q.C) - 1
    sigma = q.J.singular_values()[:, place]
    return q.eigenvalues("H")[:, place], sigma**power / float(q.n)


def _manifold_rank_sides(q: Any, drawn: Any, *, extra: int = 0) -> tuple[Any, Any]:
    rank = q.H.rank()
    return rank * 0.0 + (q.n * q.C + extra), rank


def _kernel_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """The eigenvalues of H beyond the first nC vanish: ker H has dimension p - nC."""
    rest = q.eigenvalues("H")[:, q.n * q.C :]
    return rest, rest * 0.0


def _wide_kernel_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    rest = q.eigenvalues("H")[:, max(0, min(q.p, q.n * q.C) - 1) :]
    return rest, rest * 0.0


_T26 = (
    Claim(
        label="a",
        statement=r"\lambda_{nC}(H) = \sigma_{\min}(J)^2/n > 0",
        law=Law(sides=_least_sides, relation="=="),
        assumes=("interpolation", "full_rank_jacobian"),
        losses=("squared",),
    ),
    Claim(
        label="b.1",
        statement=r"rank H \ge nC: H > 0 on the normal space",
        law=Law(sides=_manifold_rank_sides, relation="<="),
        dear=True,
        assumes=("interpolation", "full_rank_jacobian"),
        losses=("squared",),
    ),
    Claim(
        label="b.2",
        statement=r"\lambda_j(H) = 0 for j > nC: dim ker H = p - nC",
        law=Law(sides=_kernel_sides, relation="=="),
        assumes=("interpolation", "full_rank_jacobian"),
        losses=("squared",),
    ),
)

T26 = Theorem(
    id="T26",
    title="The interpolation manifold",
    topic="interpolation",
    statement=r"Let f(X) = Y at \theta^* and J have full row rank nC there. Then"
    r" \{f(X) = Y\} is near \theta^* a C^2 manifold of dimension p - nC with tangent space"
    r" ker J = ker H, and H is positive definite on the normal space.",
    hypotheses=(
        r"squared loss, \sigma is C^2 near the pre-activations, f(X) = Y",
        r"rank J = nC (so p \ge nC)",
    ),
    claims=_T26,
    mutants=(
        Mutant(
            name="σ_min(J)/n, not squared",
            claim=changed(_T26[0], _least_sides, power=1),
        ),
        Mutant(
            name="rank H = nC without full row rank",
            claim=replace(_T26[1], assumes=("interpolation",)),
        ),
        Mutant(
            name="dim ker H = p - nC + 1", claim=changed(_T26[2], _wide_kernel_sides)
        ),
    ),
    proof=r"J is the derivative of \theta \mapsto f(X), onto at \theta^*: the implicit"
    r" function theorem makes the level set a manifold with tangent space ker J. By T04"
    r" H = \frac{1}{n}J^TJ there, so ker H = ker J, and the non-zero eigenvalues are those"
    r" of \frac{1}{n}JJ^T, the least of which is \sigma_{\min}(J)^2/n. \blacksquare",
    source="Cooper (2018)",
    uses=("T04",),
    counterexamples=(
        Counterexample(
            dropped="full row rank: the same sample twice",
            claim=replace(changed(_T26[1], _manifold_rank_sides), assumes=()),
            example=Example(
                activation="relu",
                x=((-1,), (-1,)),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((0,), (0,)),
            ),
        ),
    ),
)
