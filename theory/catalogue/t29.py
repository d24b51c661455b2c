"""T29: how probable a basin is for a Gaussian initialisation."""

from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from .form_sides import FORMS
from .laws import changed, law_of

__all__ = ["T29"]


def _below_sides(q: Any, *, curved: bool = False, share: int = 1) -> tuple[Any, Any]:
    """e^{-‖θ*‖²/(2τ²)} γ(E) and P(θ_0 ∈ θ* + E)."""
    form = q.first
    depth = form.curved_depth if curved else form.depth
    return (-q.ball(depth / share)).exp() * form.mass, form.shifted_mass


def _flat_below_sides(q: Any) -> tuple[Any, Any]:
    """The same with the part of θ* in the kernel of H."""
    form = q.first
    depth = form.depth - form.curved_depth
    return (-q.ball(depth)).exp() * form.mass, form.shifted_mass


def _above_sides(q: Any, *, damped: bool = False) -> tuple[Any, Any]:
    """P(θ_0 ∈ θ* + E) and γ(E)."""
    form = q.first
    right = form.mass * (-q.ball(form.depth)).exp() if damped else form.mass
    return form.shifted_mass, right


def _half_line_sides(q: Any) -> tuple[Any, Any]:
    """The same for E = {δ_1 >= R}, which is convex, and not symmetric."""
    return q.shifted_half_line, q.half_line


def _chance_sides(q: Any, *, damped: bool = True) -> tuple[Any, Any]:
    """1/(1 + e^{‖θ_g‖²/(2τ²)} γ(E_b)/γ(E_g)) and P(good | one of the two)."""
    good, bad = q.first, q.second
    factor = q.ball(good.depth).exp() if damped else 1
    right = good.shifted_mass / (good.shifted_mass + bad.shifted_mass)
    return 1 / (1 + factor * bad.mass / good.mass), right


def _steep_sides(
    q: Any, *, whole: bool = False, flatter: int = 0, share: int = 1
) -> tuple[Any, Any, bool]:
    """s^{-k} γ(E_g) and γ(E_b), for H_b = s² H_g and s >= 1."""
    form = q.first
    exponent = (form.p if whole else form.k) - flatter
    ratio = (q.ball(1 / q.scale) ** exponent).root(share)
    return ratio * form.mass, q.steeper.mass, q.scale >= 1 and exponent >= 0


def _order_sides(
    q: Any, *, dominated: bool = False, always: bool = False
) -> tuple[Any, Any, bool]:
    """γ(E_b) and γ(E_g)."""
    form = q.first
    right = form.mass
    if dominated:
        right *= q.ball(1 / q.scale) ** form.k
    return q.steeper.mass, right, bool(q.scale >= 1) or always


_CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$P(\theta_0 \in \theta^*+E_\varepsilon) \ge"
        r" e^{-\|\theta^*\|^2/(2\tau^2)}\,\gamma(E_\varepsilon)$",
        law=law_of(FORMS, _below_sides, "<="),
    ),
    Claim(
        label="a.2",
        statement=r"$P(\theta_0 \in \theta^*+E_\varepsilon) \le \gamma(E_\varepsilon)$",
        law=law_of(FORMS, _above_sides, "<="),
    ),
    Claim(
        label="a.3",
        statement=r"(a.1) with the projection of $\theta^*$ onto the range of $H$ in"
        r" place of $\theta^*$",
        law=law_of(FORMS, _below_sides, "<=", curved=True),
    ),
    Claim(
        label="b",
        statement=r"$P(\mathrm{good} \mid \mathrm{one\ of\ the\ two}) \ge"
        r" (1 + e^{\|\theta_g\|^2/(2\tau^2)}\gamma(E_b)/\gamma(E_g))^{-1}$",
        law=law_of(FORMS, _chance_sides, "<="),
    ),
    Claim(
        label="c.1",
        statement=r"$H_b = s^2H_g$, $s \ge 1$:"
        r" $\gamma(E_b) \ge s^{-k}\gamma(E_g)$ with the rank $k$",
        law=law_of(FORMS, _steep_sides, "<="),
    ),
    Claim(
        label="c.2",
        statement=r"then also $\gamma(E_b) \ge s^{-p}\gamma(E_g)$",
        law=law_of(FORMS, _steep_sides, "<=", whole=True),
    ),
    Claim(
        label="c.3",
        statement=r"and $\gamma(E_b) \le \gamma(E_g)$",
        law=law_of(FORMS, _order_sides, "<="),
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_MUTANTS = (
    Mutant(
        name="‖θ*‖²/(4τ²) in place of ‖θ*‖²/(2τ²) in (a.1)",
        claim=changed(_CLAIM["a.1"], _below_sides, share=2),
    ),
    Mutant(
        name="the factor of (a.1) on the right of (a.2)",
        claim=changed(_CLAIM["a.2"], _above_sides, damped=True),
    ),
    Mutant(
        name="the projection onto the kernel of H in (a.3)",
        claim=changed(_CLAIM["a.3"], _flat_below_sides),
    ),
    Mutant(
        name="(b) without the factor of ‖θ_g‖",
        claim=changed(_CLAIM["b"], _chance_sides, damped=False),
    ),
    Mutant(
        name="s^(-k/2) in place of s^(-k) in (c.1)",
        claim=changed(_CLAIM["c.1"], _steep_sides, share=2),
    ),
    Mutant(
        name="s^(1-k) in place of s^(-k) in (c.1)",
        claim=changed(_CLAIM["c.1"], _steep_sides, flatter=1),
    ),
    Mutant(
        name="s^(1-p) in place of s^(-p) in (c.2)",
        claim=changed(_CLAIM["c.2"], _steep_sides, whole=True, flatter=1),
    ),
    Mutant(
        name="the whole dominance s^k of T16: γ(E_b) ≤ s^(-k) γ(E_g)",
        claim=changed(_CLAIM["c.3"], _order_sides, dominated=True),
    ),
)

_LINE = WorldExample(world=FORMS, values={"spectrum": (1,)})
"""H_g = H_b = 1 on a line, θ* = 0, with ε = R = τ² = β = s = 1."""

T29 = Theorem(
    id="T29",
    title="Gaussian initialisation: how probable a basin is",
    topic="volume",
    statement=r"Let $\theta_0 \sim N(0, \tau^2I_p)$, $\gamma$ its law, and"
    r" $E_\varepsilon$ the sublevel set of T15, which is convex and symmetric about 0."
    r" (a) A basin at $\theta^*$ is at most as probable as the same one at the origin,"
    r" and at least a factor that its distance decides times that; only the distance"
    r" along the range of $H$ counts. (a.1) and (a.2) hold for every convex symmetric"
    r" set. (b) bounds the chance of a good basin $(\theta_g, H_g)$ against a bad one"
    r" $(\theta_b, H_b)$ below; T15(d) bounds the two masses. (c) A steeper basin is"
    r" less probable by a factor $s^k$ at most, which it approaches as $\varepsilon \to"
    r" 0$, and the exponent is the rank $k$: Gaussian initialisation gives no more than"
    r" the dominance of T16(a).",
    hypotheses=(
        r"$\theta_0$ is normal with mean 0 and covariance $\tau^2I$",
        r"(a): $E$ is convex and symmetric, $E = -E$; (a.3): $E = E_\varepsilon$",
        r"(c): $H_b = s^2H_g$ at the same $\varepsilon$, with $s \ge 1$",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a.1) Let $\varphi$ be the density of $\gamma$. At $\theta^*+\delta$ it is"
    r" $\varphi(\delta)e^{-\delta\cdot\theta^*/\tau^2}e^{-\|\theta^*\|^2/(2\tau^2)}$."
    r" Integrate over $E$, and average the integrand over $\delta$ and $-\delta$, which"
    r" $E = -E$ and $\varphi(-\delta) = \varphi(\delta)$ allow:"
    r" $e^{-\delta\cdot\theta^*/\tau^2}$ becomes a hyperbolic cosine, which is at least"
    r" 1. (a.2) is Anderson's theorem: for a symmetric density that is at least any given"
    r" value on a convex set, and a convex symmetric $E$, the integral over"
    r" $\theta^*+E$ is largest at $\theta^* = 0$. Here is its proof by the inequality of"
    r" Prekopa and Leindler: $h(\theta) = \int 1_E(x-\theta)\varphi(x)\,dx$ is the"
    r" marginal of a log-concave function of $(x, \theta)$, so it is log-concave, and it"
    r" is even; $h(0) \ge \sqrt{h(\theta^*)h(-\theta^*)} = h(\theta^*)$. (a.3)"
    r" $E_\varepsilon$ is unbounded along the kernel of $H$ and does not change when"
    r" $\theta^*$ moves there, so $\theta^*$ may be replaced by its projection onto the"
    r" range. (b) With $P_g$ and $P_b$ the probabilities of the two sets, the one of"
    r" the good set given their union is at least $P_g/(P_g+P_b)$, with equality if"
    r" they are disjoint. That grows with $P_g$ and falls with $P_b$; insert (a.1) for"
    r" $P_g$ and (a.2) for $P_b$. (c) Only the $k$ coordinates of the range matter, with"
    r" the normal density $\varphi$ there. $E_b = E_g/s$, and with $x = u/s$"
    r" $\gamma(E_b) = \int_{E_g/s}\varphi(x)\,dx = s^{-k}\int_{E_g}\varphi(u/s)\,du \ge"
    r" s^{-k}\gamma(E_g)$, because $\varphi(u/s) \ge \varphi(u)$ for $s \ge 1$. Since"
    r" $s^{-k} \ge s^{-p}$, (c.2) follows. (c.3) $E_b \subseteq E_g$. As $\varepsilon"
    r" \to 0$ the density on $E_g$ in the range tends to its value at 0, and the"
    r" quotient to $s^{-k}$.",
    source="Anderson (1955) for (a.2), the Cameron-Martin density for (a.1); derived"
    " here",
    uses=("T15",),
    witnesses=(
        Witness(
            labels=("a.1", "a.2", "a.3"),
            note="θ* = 0",
            example=_LINE,
        ),
        Witness(
            labels=("a.1", "a.3"),
            note="θ* = 1 and ε = 10⁻⁸ on a line: the density at the centre",
            example=_LINE.but(centre=(1,), epsilon=Fraction(1, 10**8)),
            ratio=0.9999999,
        ),
        Witness(
            labels=("b",),
            note="two basins alike at distance 0",
            example=_LINE,
        ),
        Witness(
            labels=("c.1", "c.2"),
            note="s = 2 and ε = 10⁻⁸",
            example=_LINE.but(epsilon=Fraction(1, 10**8), scale=2),
            ratio=0.9999999,
        ),
        Witness(
            labels=("c.3",),
            note="s = 1",
            example=_LINE,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="E symmetric in (a.2): the half-line E = [1, ∞) moved by θ* = -1",
            claim=changed(_CLAIM["a.2"], _half_line_sides),
            example=_LINE.but(centre=(-1,)),
        ),
        Counterexample(
            dropped="s ≥ 1 in (c.3): s = ½ makes the second basin the wider",
            claim=changed(_CLAIM["c.3"], _order_sides, always=True),
            example=_LINE.but(scale=Fraction(1, 2)),
        ),
    ),
)
