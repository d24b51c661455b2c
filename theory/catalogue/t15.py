"""T15: basin volumes: ellipsoids, degenerate ones in a ball, and under a Gaussian."""

from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from .form_sides import FORMS, cylinder, determinant_root, ellipsoid, top_evidence
from .laws import changed, law_of

__all__ = ["T15"]


def _ellipsoid_sides(
    q: Any, *, height: int = 2, rooted: bool = True
) -> tuple[Any, Any, bool]:
    """Vol(E_ε) and V_p (2ε)^{p/2} det(H)^{-1/2}."""
    form = q.first
    right = ellipsoid(q, form, height=height)
    if not rooted:
        right /= determinant_root(q, form.positive)
    return form.volume, right, form.full_rank


def _log_ellipsoid_sides(q: Any, *, share: int = 2) -> tuple[Any, Any, bool]:
    """log Vol(E_ε) and -½ Σ log λ_i + (p/2) log(2ε) + log V_p."""
    form = q.first
    logs = sum((q.ball(value).log() for value in form.positive), q.ball(0))
    right = (form.p * q.ball(2 * q.epsilon).log()) / 2 + q.unit_ball(form.p).log()
    return form.volume.log(), right - logs / share, form.full_rank


def _degenerate_sides(q: Any) -> tuple[Any, Any]:
    """The volume in the ball and the formula of (a) over the positive eigenvalues."""
    return q.first.volume_in_ball, ellipsoid(q, q.first)


def _upper_sides(
    q: Any, *, height: int = 2, whole: bool = False
) -> tuple[Any, tuple[Any, ...]]:
    """Vol(E_ε ∩ B_R) and its upper bounds for j = 0, …, k."""
    form = q.first
    rights = []
    for j in range(form.k + 1):
        bound = cylinder(q, form, j, q.radius**2, height=height)
        if whole:
            bound *= q.unit_ball(form.p)
            bound /= q.unit_ball(j) * q.unit_ball(form.p - j)
        rights.append(bound)
    return form.volume_in_ball, tuple(rights)


def _lower_sides(
    q: Any, *, taken: str = "least", always: bool = False
) -> tuple[Any, Any, bool]:
    """The lower bound, with R² - 2ε/λ_k, and Vol(E_ε ∩ B_R)."""
    form = q.first
    if form.k == 0:
        return 0, 0, False
    axis = {"least": form.positive[-1], "largest": form.positive[0]}.get(taken)
    square = q.radius**2 - (0 if axis is None else 2 * q.epsilon / axis)
    fits = 2 * q.epsilon <= form.positive[-1] * q.radius**2
    left = cylinder(q, form, form.k, square)
    return left, form.volume_in_ball, fits or always


def _rank_one_sides(
    q: Any, *, more: int = 0, height: int = 2, always: bool = False
) -> tuple[Any, Any, bool]:
    """Vol(E_ε ∩ B_R) and V_{p-1} ∫ (R² - u²)^{(p-1)/2} du for k = 1."""
    form = q.first
    if form.k != 1 and not (always and form.k):
        return 0, 0, False
    right = form.slab_in_ball(twice=form.p - 1 + more, height=height)
    return form.volume_in_ball, right, True


def _evidence_sides(q: Any, *, rooted: bool = True) -> tuple[Any, Any]:
    """E exp(-½ β δᵀHδ) and Π (1 + βτ²λ_i)^{-1/2}."""
    right = top_evidence(q, q.first, q.p)
    return q.first.evidence, right if rooted else right * right


def _laplace(q: Any) -> Any:
    """Π_{i <= k} (βτ²λ_i)^{-1/2}."""
    return 1 / determinant_root(q, q.first.strengths[: q.first.k])


def _laplace_sides(q: Any) -> tuple[Any, Any]:
    return q.first.evidence, _laplace(q)


def _conservative_sides(q: Any) -> tuple[Any, Any]:
    return _laplace(q), q.first.evidence


def _laplace_ratio_sides(q: Any, *, rooted: bool = True) -> tuple[Any, Any]:
    """Evidence over its Laplace approximation, and Π (1 + 1/(βτ²λ_i))^{-1/2}."""
    strengths = q.first.strengths[: q.first.k]
    root = determinant_root(q, [1 + 1 / value for value in strengths])
    return q.first.evidence / _laplace(q), 1 / (root if rooted else root * root)


def _box_sides(q: Any, *, shared: bool = True) -> tuple[Any, Any, bool]:
    """Π_{i <= k} erf(√(ε/(kτ²λ_i))) and P(½ δᵀHδ <= ε)."""
    form = q.first
    if form.k == 0:
        return 0, 0, False
    return form.box(form.k if shared else 1), form.mass, True


def _chernoff_sides(q: Any, *, rooted: bool = True) -> tuple[Any, Any]:
    """P(½ δᵀHδ <= ε) and e^{βε} Π (1 + βτ²λ_i)^{-1/2}."""
    right = top_evidence(q, q.first, q.p)
    growth = q.ball(q.beta * q.epsilon).exp()
    return q.first.mass, growth * (right if rooted else right * right)


_CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$k = p$: $\operatorname{Vol} E_\varepsilon ="
        r" V_p(2\varepsilon)^{p/2}\det(H)^{-1/2}$",
        law=law_of(FORMS, _ellipsoid_sides, "=="),
    ),
    Claim(
        label="a.2",
        statement=r"$k = p$: $\log\operatorname{Vol} E_\varepsilon ="
        r" -\frac{1}{2}\sum_i\log \lambda_i + \frac{p}{2}\log(2\varepsilon) + \log V_p$",
        law=law_of(FORMS, _log_ellipsoid_sides, "=="),
    ),
    Claim(
        label="b.1",
        statement=r"for $j = 0, \dots, k$: $\operatorname{Vol}(E_\varepsilon \cap B_R)"
        r" \le V_jV_{p-j}(2\varepsilon)^{j/2}R^{p-j}\prod_{i\le j}\lambda_i^{-1/2}$",
        law=law_of(FORMS, _upper_sides, "<="),
    ),
    Claim(
        label="b.2",
        statement=r"$2\varepsilon \le \lambda_kR^2$, $k \ge 1$:"
        r" $\operatorname{Vol}(E_\varepsilon \cap B_R) \ge V_kV_{p-k}"
        r"(2\varepsilon)^{k/2}(R^2 - 2\varepsilon/\lambda_k)^{(p-k)/2}"
        r"\prod_{i\le k}\lambda_i^{-1/2}$",
        law=law_of(FORMS, _lower_sides, "<="),
    ),
    Claim(
        label="b.3",
        statement=r"$k = 1$: $\operatorname{Vol}(E_\varepsilon \cap B_R) ="
        r" V_{p-1}\int_{-w}^{w}(R^2-u^2)^{(p-1)/2}\,du$ with"
        r" $w = \min(\sqrt{2\varepsilon/\lambda_1}, R)$",
        law=law_of(FORMS, _rank_one_sides, "=="),
    ),
    Claim(
        label="c.1",
        statement=r"$\mathbb{E}\,e^{-\frac{1}{2}\beta\delta^TH\delta} ="
        r" \prod_i(1+\beta\tau^2\lambda_i)^{-1/2}$, for any rank",
        law=law_of(FORMS, _evidence_sides, "=="),
    ),
    Claim(
        label="c.2",
        statement=r"$\mathbb{E}\,e^{-\frac{1}{2}\beta\delta^TH\delta} \le"
        r" \prod_{i\le k}(\beta\tau^2\lambda_i)^{-1/2}$: Laplace's approximation is too"
        r" large",
        law=law_of(FORMS, _laplace_sides, "<="),
    ),
    Claim(
        label="c.3",
        statement=r"the ratio of the two sides of (c.2) is"
        r" $\prod_{i\le k}(1+1/(\beta\tau^2\lambda_i))^{-1/2}$",
        law=law_of(FORMS, _laplace_ratio_sides, "=="),
    ),
    Claim(
        label="d.1",
        statement=r"$k \ge 1$: $\prod_{i\le k}\operatorname{erf}"
        r"\sqrt{\varepsilon/(k\tau^2\lambda_i)} \le"
        r" P(\frac{1}{2}\delta^TH\delta \le \varepsilon)$",
        law=law_of(FORMS, _box_sides, "<="),
    ),
    Claim(
        label="d.2",
        statement=r"for every $\beta > 0$:"
        r" $P(\frac{1}{2}\delta^TH\delta \le \varepsilon) \le"
        r" \exp(\beta\varepsilon)\prod_i(1+\beta\tau^2\lambda_i)^{-1/2}$",
        law=law_of(FORMS, _chernoff_sides, "<="),
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_MUTANTS = (
    Mutant(
        name="ε in place of 2ε in the volume of the ellipsoid",
        claim=changed(_CLAIM["a.1"], _ellipsoid_sides, height=1),
    ),
    Mutant(
        name="det(H)⁻¹ in place of det(H)^(-½)",
        claim=changed(_CLAIM["a.1"], _ellipsoid_sides, rooted=False),
    ),
    Mutant(
        name="Σ log λ_i without the ½ in the log-volume",
        claim=changed(_CLAIM["a.2"], _log_ellipsoid_sides, share=1),
    ),
    Mutant(
        name="V_p in place of V_jV_(p-j) in (b.1)",
        claim=changed(_CLAIM["b.1"], _upper_sides, whole=True),
    ),
    Mutant(
        name="ε in place of 2ε in (b.1)",
        claim=changed(_CLAIM["b.1"], _upper_sides, height=1),
    ),
    Mutant(
        name="R² without the correction 2ε/λ_k in (b.2)",
        claim=changed(_CLAIM["b.2"], _lower_sides, taken="none"),
    ),
    Mutant(
        name="λ_1 in place of λ_k in (b.2)",
        claim=changed(_CLAIM["b.2"], _lower_sides, taken="largest"),
    ),
    Mutant(
        name="the exponent p/2 in place of (p-1)/2 in (b.3)",
        claim=changed(_CLAIM["b.3"], _rank_one_sides, more=1),
    ),
    Mutant(
        name="w = √(ε/λ) in (b.3)",
        claim=changed(_CLAIM["b.3"], _rank_one_sides, height=1),
    ),
    Mutant(
        name="the exponent -1 in place of -½ in (c.1)",
        claim=changed(_CLAIM["c.1"], _evidence_sides, rooted=False),
    ),
    Mutant(
        name="Laplace's approximation is too small",
        claim=changed(_CLAIM["c.2"], _conservative_sides),
    ),
    Mutant(
        name="the exponent -1 in place of -½ in (c.3)",
        claim=changed(_CLAIM["c.3"], _laplace_ratio_sides, rooted=False),
    ),
    Mutant(
        name="the box without its share 1/k in (d.1)",
        claim=changed(_CLAIM["d.1"], _box_sides, shared=False),
    ),
    Mutant(
        name="the exponent -1 in place of -½ in (d.2)",
        claim=changed(_CLAIM["d.2"], _chernoff_sides, rooted=False),
    ),
)

_INTERVAL = WorldExample(world=FORMS, values={"spectrum": (1,)})
"""H = 1 on a line, with ε = R = τ² = β = 1."""

_SLAB = _INTERVAL.but(spectrum=(1, 0, 0, 0, 0), epsilon=2)
"""A slab that is thicker than the ball: 2ε/λ_1 = 4 and R = 1."""

T15 = Theorem(
    id="T15",
    title="Basin volumes: ellipsoids, degenerate cases, Gaussian prior",
    topic="volume",
    statement=r"Let $H \succeq 0$ be of size $p$ and rank $k$, with the eigenvalues"
    r" $\lambda_1 \ge \dots \ge \lambda_k > 0$ and zeros, and"
    r" $E_\varepsilon = \{\delta: \frac{1}{2}\delta^TH\delta \le \varepsilon\}$;"
    r" $V_p = \pi^{p/2}/\Gamma(p/2+1)$ is the volume of the unit ball and $B_R$ the ball"
    r" of radius $R$. (a) gives the volume for $k = p$. It is infinite for $k < p$,"
    r" where (b) bounds it in a ball, from above with any number $j$ of eigenvalues."
    r" (c), (d): for $\delta \sim N(0, \tau^2I)$ the mean weight"
    r" $e^{-\frac{1}{2}\beta\delta^TH\delta}$ and the mass of $E_\varepsilon$ are finite"
    r" for every rank; $-\frac{1}{2}\sum_i\log(1+\beta\tau^2\lambda_i)$ is the"
    r" log-volume to use, and Laplace's approximation exceeds it without bound as any"
    r" $\lambda_i$ tends to 0.",
    hypotheses=(
        r"$H \succeq 0$ is symmetric; $\varepsilon$, $R$, $\tau$, $\beta$ are positive",
        r"(a): $H$ is invertible",
        r"(b.2): $2\varepsilon \le \lambda_kR^2$ and $k \ge 1$",
        r"(b.3): $k = 1$",
        r"(c), (d): $\delta$ is normal with mean 0 and covariance $\tau^2I$",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"All sets and laws are invariant under rotations, so let $H$ be diagonal. (a)"
    r" The map $\delta_i = \sqrt{2\varepsilon/\lambda_i}\,u_i$ carries the unit ball"
    r" onto $E_\varepsilon$ and multiplies volumes by"
    r" $\prod_i\sqrt{2\varepsilon/\lambda_i}$. (b.1) Write $\delta = (u, v)$ with $u$"
    r" the first $j$ coordinates. A point of $E_\varepsilon \cap B_R$ has"
    r" $\frac{1}{2}\sum_{i\le j}\lambda_iu_i^2 \le \varepsilon$ and $\|v\| \le R$, so"
    r" the set lies in a product of an ellipsoid, whose volume is in (a), and a ball of"
    r" dimension $p-j$. (b.2) Let $j = k$. Every $u$ of the ellipsoid has"
    r" $\|u\|^2 \le 2\varepsilon/\lambda_k$, and $(u, v)$ lies in the ball as soon as"
    r" $\|v\|^2 \le R^2 - 2\varepsilon/\lambda_k$: the set contains the product with"
    r" this smaller ball. (b.3) For $k = 1$ the slice at $\delta_1 = u$ is the ball of"
    r" dimension $p-1$ and radius $\sqrt{R^2-u^2}$. (c.1) The coordinates are"
    r" independent, and $\mathbb{E}\,e^{-\frac{1}{2}az^2} = (1+a)^{-1/2}$ for a standard"
    r" normal $z$ and $a = \beta\tau^2\lambda_i \ge 0$, because"
    r" $e^{-\frac{1}{2}(1+a)z^2}$ is an unscaled normal density of variance $1/(1+a)$."
    r" (c.2), (c.3) Zeros contribute factors 1, and"
    r" $(1+a)^{-1/2} = a^{-1/2}(1+1/a)^{-1/2}$ for $a > 0$, where the last factor is"
    r" below 1 and tends to 0 with $a$. (d.1) If"
    r" $\delta_i^2 \le 2\varepsilon/(k\lambda_i)$ for every $i \le k$, then"
    r" $\frac{1}{2}\delta^TH\delta \le \varepsilon$. These events are independent, each"
    r" of probability $P(|z| \le \sqrt{2\varepsilon/(k\tau^2\lambda_i)}) ="
    r" \operatorname{erf}\sqrt{\varepsilon/(k\tau^2\lambda_i)}$. (d.2) On the event"
    r" $e^{\beta(\varepsilon - \frac{1}{2}\delta^TH\delta)} \ge 1$, so its probability"
    r" is at most the mean of this variable, which is in (c.1).",
    source="classical; (b) and (d) with these constants derived here",
    witnesses=(
        Witness(
            labels=("b.1", "b.2"),
            note="H = I in the plane, with the disc inside the ball: both bounds are"
            " the volume",
            example=_INTERVAL.but(spectrum=(1, 1), epsilon=Fraction(1, 4)),
        ),
        Witness(
            labels=("b.1", "b.2"),
            note="rank 1 in the plane with ε = 1e-8: a thin strip",
            example=_INTERVAL.but(spectrum=(1, 0), epsilon=Fraction(1, 10**8)),
            ratio=0.9999,
        ),
        Witness(
            labels=("c.2",),
            note="βτ²λ = 10⁶",
            example=_INTERVAL.but(spectrum=(10**6,)),
            ratio=0.999999,
        ),
        Witness(
            labels=("d.1",),
            note="one dimension: the box is the interval",
            example=_INTERVAL,
        ),
        Witness(
            labels=("d.2",),
            note="H = 0 and β = 1/1000: all of the mass",
            example=_INTERVAL.but(spectrum=(0,), beta=Fraction(1, 1000)),
            ratio=0.999,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="H invertible in (a.1): of diag(1, 0) even what lies in the ball of"
            " radius 10 is larger than the formula over the positive eigenvalues",
            claim=changed(_CLAIM["a.1"], _degenerate_sides),
            example=_INTERVAL.but(spectrum=(1, 0), epsilon=Fraction(1, 2), radius=10),
        ),
        Counterexample(
            dropped="2ε ≤ λ_kR² in (b.2): p = 5, k = 1, R = 1 and 2ε/λ = 4 make"
            " R² - 2ε/λ negative, and its square 9",
            claim=changed(_CLAIM["b.2"], _lower_sides, always=True),
            example=_SLAB,
        ),
        Counterexample(
            dropped="k = 1 in (b.3): H = I in the plane, with the disc inside the ball",
            claim=changed(_CLAIM["b.3"], _rank_one_sides, always=True),
            example=_INTERVAL.but(spectrum=(1, 1), epsilon=Fraction(1, 4)),
        ),
    ),
)
