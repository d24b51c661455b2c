"""T12: sharpness is log-convex along rescaling orbits."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR, SMOOTH
from .laws import changed, law
from .t11 import UNIT

__all__ = ["T12"]


def _norms(lam: Any, which: str) -> Any:
    """Norms of a symmetric matrix with these eigenvalues, all Ky Fan norms at once.

    λ_1 and the second singular value are none, but are asked for as well.
    """
    sizes = lam.abs().descending()
    match which:
        case "operator":
            return sizes[..., 0]
        case "nuclear":
            return sizes.sum(-1)
        case "Ky Fan":
            return sizes.cumulated()
        case "second":
            return sizes[..., 1]
        case _:
            return lam[..., 0]


def _size(q: Any, matrix: str, which: str, diagonal: Any = None) -> Any:
    """A norm, or the trace, of M or of DMD."""
    if which in ("frobenius", "trace"):
        whole = (
            getattr(q, matrix) if diagonal is None else q.congruent(matrix, diagonal)
        )
        return getattr(whole, which)()
    if diagonal is None:
        return _norms(q.eigenvalues(matrix), which)
    return _norms(q.congruent_eigenvalues(matrix, diagonal), which)


def _sizes(q: Any, drawn: Any, which: str, matrix: str = "H") -> list[Any]:
    """The size at two diagonals, and at their middle between them."""
    diagonals = (drawn.first, drawn.middle, drawn.second)
    return [_size(q, matrix, which, diagonal) for diagonal in diagonals]


def _convexity_sides(
    q: Any, drawn: Any, *, which: str, matrix: str = "H", reverse: bool = False
) -> tuple[Any, Any]:
    """The square of the size at the middle, and the product of those at the ends."""
    first, middle, second = _sizes(q, drawn, which, matrix)
    square, product = middle * middle, first * second
    return (product, square) if reverse else (square, product)


def _plain_sides(q: Any, drawn: Any, *, which: str) -> tuple[Any, Any]:
    """The size at the middle, and the mean of those at the ends."""
    first, middle, second = _sizes(q, drawn, which)
    return middle, (first + second) * 0.5


def _least_sides(q: Any, drawn: Any, *, which: str) -> tuple[Any, Any]:
    """The size at the middle, and the lesser of those at the ends."""
    first, middle, second = _sizes(q, drawn, which)
    return middle, first.at_most(second)


def _absolute_trace_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """|tr|, which is not unitarily invariant: it is no norm of the singular values."""
    square, product = _convexity_sides(q, drawn, which="trace")
    return square, product.abs()


def _positive_sides(q: Any, drawn: Any) -> tuple[Any, Any, Any]:
    """λ_1 of a matrix that may be indefinite, where it is positive at all three."""
    sizes = _sizes(q, drawn, "largest")
    first, middle, second = (size.certainly_positive() for size in sizes)
    return *_convexity_sides(q, drawn, which="largest"), first & middle & second


def _orbit_sides(
    q: Any,
    drawn: Any,
    *,
    which: str,
    matrix: str = "H",
    arithmetic: bool = False,
    anyhow: bool = False,
) -> tuple[Any, Any]:
    """The square at T_√(αβ) θ, and the product at T_αθ and T_βθ.

    Mutants have (α + β)/2 for √(αβ), or any σ, whatever T_α does to f then.
    """
    middle = (drawn.alpha + drawn.beta) / 2 if arithmetic else drawn.midway
    move = q.rescaled_otherwise if anyhow else q.rescaled
    first, between, second = (
        _size(move(alpha), matrix, which) for alpha in (drawn.alpha, middle, drawn.beta)
    )
    return between * between, first * second


_MIDDLE = r"\|e^{(D_0+D_1)/2} H e^{(D_0+D_1)/2}\|"
_AT_FIRST, _AT_SECOND = r"\|e^{D_0} H e^{D_0}\|", r"\|e^{D_1} H e^{D_1}\|"
_NORMS = (
    ("operator", "the operator norm"),
    ("frobenius", "the Frobenius norm"),
    ("nuclear", "the nuclear norm"),
    ("Ky Fan", r"the Ky Fan norms, sums of the $k$ largest $|\lambda_j|$"),
)
_ORBIT = (
    *(("H", which, r"\|H(*)\|", f" for {said}") for which, said in _NORMS),
    ("H", "trace", r"(\operatorname{tr} H(*))", ""),
    ("G", "largest", r"\lambda_1(G(*))", ""),
)


def _orbit_statement(size: str, said: str) -> str:
    """The size at the middle of an orbit, squared, and the product at its ends."""
    middle, first, second = (
        size.replace("*", rf"T_{alpha}\theta")
        for alpha in (r"{\sqrt{\alpha\beta}}", r"\alpha", r"\beta")
    )
    return rf"${middle}^2 \le {first}\,{second}${said}"


_CLAIMS = (
    *(
        Claim(
            label=f"a.{place}",
            statement=rf"${_MIDDLE}^2 \le {_AT_FIRST}\,{_AT_SECOND}$ for {said}",
            law=law(_convexity_sides, "<=", "diagonals", which=which),
            dear=which != "frobenius",
        )
        for place, (which, said) in enumerate(_NORMS, start=1)
    ),
    Claim(
        label="a.5",
        statement=rf"${_MIDDLE} \le \frac{{1}}{{2}}({_AT_FIRST} + {_AT_SECOND})$ for"
        " the Frobenius norm: convex without the logarithm too",
        law=law(_plain_sides, "<=", "diagonals", which="frobenius"),
    ),
    Claim(
        label="b.1",
        statement=r"as (a), with $\operatorname{tr}(e^D G e^D)$ in place of the norm",
        law=law(_convexity_sides, "<=", "diagonals", which="trace", matrix="G"),
    ),
    Claim(
        label="b.2",
        statement=r"as (a), with $\lambda_1(e^D G e^D)$ in place of the norm",
        law=law(_convexity_sides, "<=", "diagonals", which="largest", matrix="G"),
        dear=True,
    ),
    *(
        Claim(
            label=f"c.{place}",
            statement=_orbit_statement(size, said),
            law=law(_orbit_sides, "<=", "rescaling", which=which, matrix=matrix),
            dear=which not in ("frobenius", "trace"),
            activations=PIECEWISE_LINEAR,
        )
        for place, (matrix, which, size, said) in enumerate(_ORBIT, start=1)
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_MUTANTS = (
    Mutant(
        name="log-concave",
        claim=changed(_CLAIM["a.1"], _convexity_sides, which="operator", reverse=True),
    ),
    Mutant(
        name="at most the lesser of the two ends",
        claim=changed(_CLAIM["a.2"], _least_sides, which="frobenius"),
    ),
    Mutant(
        name="the second singular value alone",
        claim=changed(_CLAIM["a.4"], _convexity_sides, which="second"),
    ),
    Mutant(
        name="λ_1 for indefinite H",
        claim=changed(_CLAIM["b.2"], _positive_sides),
    ),
    Mutant(
        name="|tr H| for indefinite H",
        claim=changed(_CLAIM["b.1"], _absolute_trace_sides),
    ),
    Mutant(
        name="(α + β)/2 in place of √(αβ)",
        claim=changed(_CLAIM["c.5"], _orbit_sides, which="trace", arithmetic=True),
    ),
    Mutant(
        name="λ_1(G) for smooth σ",
        claim=replace(
            changed(
                _CLAIM["c.6"], _orbit_sides, which="largest", matrix="G", anyhow=True
            ),
            activations=SMOOTH,
        ),
    ),
)

_RESIDUAL = UNIT.but(
    residual=((1,),),
    output_hessian=(((0,),),),
    drawn={
        "first": (1, 4, Fraction(1, 4), 1),
        "second": (1, 16, 4, 1),
        "middle": (1, 8, 1, 1),
        "alpha": (4,),
        "beta": (Fraction(1, 16),),
    },
)
"""S = 0: H = F has the one entry 1, between b and a, which is multiplied by d_b d_a."""

T12 = Theorem(
    id="T12",
    title="Sharpness is log-convex along rescaling orbits",
    topic="symmetry",
    statement=r"For a real symmetric $H$ and a unitarily invariant norm, $D \mapsto"
    r" \log \|e^D H e^D\|$ is convex on the diagonal matrices $D$: its value at"
    r" $(D_0+D_1)/2$ is at most the mean of those at $D_0$ and $D_1$. For positive"
    r" semi-definite matrices so are $\log \lambda_1$ and $\log \operatorname{tr}$."
    r" Hence, for piecewise-linear positively homogeneous $\sigma$, $\log"
    r" \|H(T_\alpha\theta)\|$, $\log \operatorname{tr} H(T_\alpha\theta)$ and $\log"
    r" \lambda_1(G(T_\alpha\theta))$ are convex in $\log \alpha$, and every local"
    r" minimum of one of them on an orbit is its least value there.",
    hypotheses=(
        r"(a): the norm is unitarily invariant; $H$ is symmetric and not $0$",
        r"(b): the matrix is positive semi-definite, as $G$ is",
        r"(c): $\sigma$ piecewise linear and positively homogeneous; off the kinks",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a) For diagonal $D_0, D_1$ let $\Delta = D_1 - D_0$, $\varphi(s) ="
    r" e^{D_0+s\Delta} H e^{D_0+s\Delta}$ and $u(s) = \log \|\varphi(s)\|$ for complex"
    r" $s$, with the norm of complex matrices that has the same values as functions of"
    r" the singular values. $\varphi$ is entire and, for $H \ne 0$, never $0$, so $u$"
    r" is continuous. $u$ is subharmonic: $\|M\|$ is the maximum of $|\ell(M)|$ over"
    r" the linear functionals $\ell$ of dual norm at most $1$; each $\ell(\varphi(s))$"
    r" is entire, so $\log |\ell(\varphi(s))|$ is subharmonic (or $-\infty$"
    r" throughout), and a continuous supremum of subharmonic functions is subharmonic."
    r" $u$ depends on $\operatorname{Re} s$ alone: $\varphi(t+i\tau) = V\varphi(t)V$"
    r" with the unitary $V = \exp(i\tau\Delta)$. Such a function is convex in $t$: for"
    r" $t_0 < t_1$ let $h(t)$ be affine and equal to $u$ at both. $u - h$ is"
    r" subharmonic and depends on $t$ alone; let its maximum over $[t_0, t_1]$ be"
    r" positive. Where it is attained, at an inner $t$, the mean of $u - h$ over a"
    r" small circle is at least that maximum, so $u - h$ is equal to it near $t$; the"
    r" places of the maximum are then an open and closed part of the interval, all of"
    r" it, against $u - h = 0$ at its ends. So $u \le h$. At $t = \frac{1}{2}$ of $[0,"
    r" 1]$ this is (a.1) to (a.4): each of these is a symmetric gauge function of the"
    r" singular values, hence a unitarily invariant norm, and the singular values of a"
    r" real symmetric matrix are its $|\lambda_j|$. (a.5) follows as $\sqrt{xy} \le"
    r" \frac{1}{2}(x+y)$. (b) $G \succeq 0$ gives $e^D G e^D \succeq 0$, whose"
    r" $\lambda_1$ is its operator norm and whose trace is its nuclear norm; for $G ="
    r" 0$ both sides are $0$. (c) $T_\alpha^{-1} = e^D$ with $D = -\log \alpha_k$ on"
    r" $\tilde w_k$, $\log \alpha_k$ on $a_k$ and $0$ on $c$, and $H(T_\alpha\theta) ="
    r" e^D H(\theta) e^D$, $G$ the same (T10b). $D$ is linear in $\log \alpha = (\log"
    r" \alpha_1, \dots, \log \alpha_m)$, and $\log \sqrt{\alpha\beta}$ is the middle of"
    r" $\log \alpha$ and $\log \beta$: (c.1) to (c.4) are (a), and (c.6) is (b.2)."
    r" $\operatorname{tr} H = \operatorname{tr} G$ at every point of the orbit (T03a),"
    r" so (c.5) is (b.1). A local minimum of a convex function is its least value.",
    source="after Sezginer and Overton (1990); this use is derived here",
    uses=("T03", "T10"),
    witnesses=(
        Witness(
            labels=("a.1", "a.2", "a.3", "a.4"),
            note="H has one pair of entries, which D multiplies by 1, 8 and 64",
            example=_RESIDUAL,
        ),
        Witness(
            labels=("b.1", "b.2"),
            note="diagonals that differ by a factor",
            example=UNIT.but(
                drawn={
                    "first": (1, 1, 1, 1),
                    "second": (1, 4, 4, 4),
                    "middle": (1, 2, 2, 2),
                }
            ),
        ),
        Witness(
            labels=("c.1", "c.2", "c.3", "c.4"),
            note="S = 0: H = F is the same all along the orbit",
            example=_RESIDUAL,
        ),
        Witness(
            labels=("c.1", "c.2", "c.3", "c.4", "c.5", "c.6"),
            note="α, β near 0: H is nearly its block on w̃, divided by α²",
            example=UNIT.but(
                drawn={"alpha": (Fraction(1, 2**12),), "beta": (Fraction(1, 2**16),)}
            ),
            ratio=1 - 1e-6,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="unitary invariance: |tr H| with H = diag(0, 0, 2, -2, 0, 0, 0)",
            claim=changed(_CLAIM["b.1"], _absolute_trace_sides),
            example=Example(
                activation="quadratic",
                x=((0,),),
                W=((0,), (0,)),
                b=(0, 0),
                A=((1, -1),),
                c=(0,),
                residual=((1,),),
                output_hessian=(((0,),),),
                drawn={
                    "first": (1, 1, 1, 1, 1, 1, 1),
                    "second": (1, 1, 4, 1, 1, 1, 1),
                    "middle": (1, 1, 2, 1, 1, 1, 1),
                },
            ),
        ),
        Counterexample(
            dropped="H positive semi-definite, for λ_1: S = 0, H_bb = -4, H_ba = 1",
            claim=changed(_CLAIM["b.2"], _positive_sides),
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
