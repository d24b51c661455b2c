"""T12: sharpness is log-convex along rescaling orbits."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR
from .laws import law
from .t11 import UNIT

__all__ = ["T12"]


def _convexity_sides(
    q: Any, drawn: Any, *, norm: str, matrix: str = "H", reverse: bool = False
) -> tuple[Any, Any]:
    def at(diagonal: Any) -> Any:
        scale = q.diagonal(diagonal)
        scaled = scale[..., :, None] * getattr(q, matrix) * scale[..., None, :]
        return getattr(scaled, norm)()

    middle = at(drawn.middle)
    left, right = middle * middle, at(drawn.first) * at(drawn.second)
    return (right, left) if reverse else (left, right)


def _largest_eigenvalue_sides(q: Any, drawn: Any) -> tuple[Any, Any, Any]:
    def at(diagonal: Any) -> Any:
        scale = q.diagonal(diagonal)
        scaled = scale[..., :, None] * q.H * scale[..., None, :]
        return scaled.eigenvalues()[..., 0]

    first, middle, second = at(drawn.first), at(drawn.middle), at(drawn.second)
    applies = first.certainly_positive() & second.certainly_positive()
    applies = applies & middle.certainly_positive()
    return middle * middle, first * second, applies


def _orbit_convexity_sides(q: Any, drawn: Any, *, norm: str) -> tuple[Any, Any]:
    first = getattr(q.rescaled(drawn.alpha).H, norm)()
    second = getattr(q.rescaled(drawn.beta).H, norm)()
    middle = getattr(q.rescaled(drawn.midway).H, norm)()
    return middle * middle, first * second


_T12 = (
    *(
        Claim(
            label=f"a.{place}",
            statement=r"\|e^{(D_0+D_1)/2}He^{(D_0+D_1)/2}\|^2 \le"
            r" \|e^{D_0}He^{D_0}\|\,\|e^{D_1}He^{D_1}\|, " + said,
            law=law(_convexity_sides, "<=", "diagonals", norm=norm),
            dear=norm != "frobenius",
        )
        for place, (norm, said) in enumerate(
            (
                ("symmetric_operator", "operator norm"),
                ("frobenius", "Frobenius norm"),
                ("symmetric_nuclear", "nuclear norm"),
            ),
            start=1,
        )
    ),
    Claim(
        label="b",
        statement=r"(tr e^{D}Ge^{D})^2 at the middle is at most the product at the ends",
        law=law(_convexity_sides, "<=", "diagonals", norm="trace", matrix="G"),
    ),
    *(
        Claim(
            label=f"c.{place}",
            statement=r"\|H(T_{\sqrt{\alpha\beta}}\theta)\|^2 \le"
            r" \|H(T_\alpha\theta)\|\,\|H(T_\beta\theta)\|, " + said,
            law=law(_orbit_convexity_sides, "<=", "rescaling", norm=norm),
            dear=True,
            activations=PIECEWISE_LINEAR,
        )
        for place, (norm, said) in enumerate(
            (
                ("symmetric_operator", "operator norm"),
                ("frobenius", "Frobenius norm"),
                ("symmetric_nuclear", "nuclear norm"),
            ),
            start=1,
        )
    ),
)

T12 = Theorem(
    id="T12",
    title="Sharpness is log-convex along rescaling orbits",
    topic="symmetry",
    statement=r"For a real symmetric H and a unitarily invariant norm, \log\|e^DHe^D\| is"
    r" convex on the diagonal matrices D. So log \|H(T_\alpha\theta)\| is convex in \log"
    r"\alpha along orbits of piecewise-linear networks, and for positive semi-definite H"
    r" also \log\lambda_1 and \log tr.",
    hypotheses=(
        r"the norm is unitarily invariant",
        r"for \lambda_1 in place of a norm: H positive semi-definite",
    ),
    claims=_T12,
    mutants=(
        Mutant(
            name="log-concave",
            claim=replace(
                _T12[0],
                law=law(
                    _convexity_sides,
                    "<=",
                    "diagonals",
                    norm="symmetric_operator",
                    reverse=True,
                ),
            ),
        ),
        Mutant(
            name="log λ_1 for indefinite H",
            claim=replace(
                _T12[0], law=law(_largest_eigenvalue_sides, "<=", "diagonals")
            ),
        ),
        Mutant(
            name="log |tr H| for indefinite H",
            claim=replace(
                _T12[3],
                law=law(_convexity_sides, "<=", "diagonals", norm="trace", matrix="F"),
            ),
        ),
    ),
    proof=r"\varphi(s) = e^{D_0+s(D_1-D_0)}He^{D_0+s(D_1-D_0)} is entire in s. On the line"
    r" Re s = t, \varphi(t+iu) = U\varphi(t)U with the unitary U = e^{iu(D_1-D_0)}, so the"
    r" norm depends on t alone. \log\|\varphi\| is subharmonic; a subharmonic function of"
    r" Re s alone is convex. \blacksquare",
    source="after Sezginer and Overton (1990); this use is derived here",
    uses=("T10",),
    witnesses=(
        Witness(
            labels=("a.1", "a.2", "a.3", "b", "c.1", "c.2", "c.3"),
            note="equal diagonals: both sides agree",
            example=UNIT.but(
                drawn={
                    "first": (1, 1, 1, 1),
                    "second": (1, 1, 1, 1),
                    "middle": (1, 1, 1, 1),
                }
            ),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="H positive semi-definite, for λ_1: ℓ linear in f, H_bb = -4, H_ba = 1",
            claim=replace(
                _T12[0], law=law(_largest_eigenvalue_sides, "<=", "diagonals")
            ),
            example=Example(
                activation="quadratic",
                x=((0,),),
                W=((0,),),
                b=(Fraction(1, 2),),
                A=((-2,),),
                c=(0,),
                residual=((1,),),
                output_hessian=(((0,),),),
                drawn={
                    "first": (1, Fraction(1, 4), 4, 1),
                    "second": (1, 4, Fraction(1, 4), 1),
                    "middle": (1, 1, 1, 1),
                },
            ),
        ),
    ),
)
