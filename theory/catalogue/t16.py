"""T16: two basins, truncated spectra, rank dominance, and non-quadratic basins."""

from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from .form_sides import FORMS, cylinder, determinant_root, ellipsoid, top_evidence
from .laws import changed, law_of

__all__ = ["T16"]


def _two_volumes_sides(q: Any, *, upside: bool = True) -> tuple[Any, Any, bool]:
    """Vol_1/Vol_2 and √(det H_2/det H_1)."""
    first, second = q.first, q.second
    if not (first.full_rank and second.full_rank):
        return 0, 0, False
    roots = [determinant_root(q, form.positive) for form in (first, second)]
    right = roots[1] / roots[0]
    return first.volume / second.volume, right if upside else 1 / right, True


def _steeper_sides(
    q: Any, *, share: int = 1, bounded: bool = False
) -> tuple[Any, Any, bool]:
    """Vol_1/Vol_2 and s^p for H_2 = s² H_1."""
    first, second = q.first, q.steeper
    right = (q.ball(q.scale) ** q.p).root(share)
    if bounded:
        return first.volume_in_ball / second.volume_in_ball, right, True
    return first.volume / second.volume, right, first.full_rank


def _chance(first: Any, second: Any) -> Any:
    return first.volume / (first.volume + second.volume)


def _chance_sides(
    q: Any, *, power: int | None = None, other: bool = False
) -> tuple[Any, Any, bool]:
    """Vol_1/(Vol_1 + Vol_2) and 1/(1 + s^{-p})."""
    first, second = q.first, q.second if other else q.steeper
    exponent = q.p if power is None else power
    right = 1 / (1 + q.ball(1 / q.scale) ** exponent)
    return _chance(first, second), right, first.full_rank and second.full_rank


def _chance_bound_sides(q: Any, *, share: int = 1) -> tuple[Any, Any, bool]:
    """1 - s^{-p} and Vol_1/(Vol_1 + Vol_2)."""
    left = 1 - q.ball(1 / q.scale) ** (share * q.p)
    return left, _chance(q.first, q.steeper), q.first.full_rank


def _truncated_volume_sides(
    q: Any, *, kept: int = 1, share: int = 2
) -> tuple[tuple[Any, ...], tuple[Any, ...], bool]:
    """log Vol less its top-j part, and -½ Σ_{i > j} log λ_i, for j = 0, …, p."""
    form = q.first
    if not form.full_rank:
        return (), (), False
    start = (form.p * q.ball(2 * q.epsilon).log()) / 2 + q.unit_ball(form.p).log()
    logs = [q.ball(value).log() for value in form.positive]
    zero = q.ball(0)
    lefts, rights = [], []
    for j in range(form.p + 1):
        lefts.append(form.volume.log() - start + sum(logs[:j], zero) / 2)
        rights.append(-kept * sum(logs[j:], zero) / share)
    return tuple(lefts), tuple(rights), True


def _tail_sides(q: Any, *, share: int = 2) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """The top-j part less the log-evidence, and ½ βτ² Σ_{i > j} λ_i, for j < p."""
    form = q.first
    lefts, rights = [], []
    for j in range(form.p):
        lefts.append(top_evidence(q, form, j).log() - form.evidence.log())
        rights.append(sum(form.strengths[j:]) / share)
    return tuple(lefts), tuple(rights)


def _above_sides(q: Any) -> tuple[Any, tuple[Any, ...]]:
    """The evidence, and exp of its top-j part, for j = 0, …, p."""
    form = q.first
    return form.evidence, tuple(top_evidence(q, form, j) for j in range(form.p + 1))


def _below_sides(q: Any) -> tuple[tuple[Any, ...], Any]:
    left, right = _above_sides(q)
    return right, left


def _inner_square(q: Any, form: Any) -> Any:
    """R² - 2ε/λ_k; R² for H = 0."""
    if form.k == 0:
        return q.radius**2
    return q.radius**2 - 2 * q.epsilon / form.positive[-1]


def _dominance_sides(
    q: Any, *, upper: bool, corrected: bool = True, extra: int = 0, always: bool = False
) -> tuple[Any, Any, bool]:
    """Vol_1/Vol_2 and its bound below, or above, of order ε^{(k-l)/2}."""
    first, second = q.first, q.second
    squares = [q.radius**2, q.radius**2]
    corrected_form = second if upper else first
    if corrected:
        squares[int(upper)] = _inner_square(q, corrected_form)
    fits = _inner_square(q, corrected_form) >= 0
    bound = cylinder(q, first, first.k, squares[0])
    bound /= cylinder(q, second, second.k, squares[1])
    bound *= q.ball(2 * q.epsilon) ** (extra * (first.k - second.k))
    ratio = first.volume_in_ball / second.volume_in_ball
    left, right = (ratio, bound) if upper else (bound, ratio)
    return left, right, fits or always


def _bent_sides(
    q: Any, *, upper: bool, share: int = 3, whole: bool = True, always: bool = False
) -> tuple[Any, Any, bool]:
    """The volumes of bent basins, and their bound on one side."""
    form = q.first
    least = form.eigenvalues[-1]
    if least == 0:
        return 0, 0, False
    size = abs(q.bend) * q.radius / least
    kappa, used = size / 3, size / share
    fits = kappa < 1 and 2 * q.epsilon <= (1 - kappa) * least * q.radius**2
    power = form.p if whole else 1
    factor = 1 / (q.ball(1 - used if upper else 1 + used) ** power).sqrt()
    bound = factor * ellipsoid(q, form)
    sides = (q.bent_volumes, bound) if upper else (bound, q.bent_volumes)
    return *sides, bool(fits) or always


_BASIN = (
    r"\operatorname{Vol}\{\delta \in B_R: L(\theta^*+\delta)-L(\theta^*)"
    r" \le \varepsilon\}"
)

_CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$k = l = p$: $\operatorname{Vol}_1/\operatorname{Vol}_2 ="
        r" \sqrt{\det H_2/\det H_1}$",
        law=law_of(FORMS, _two_volumes_sides, "=="),
    ),
    Claim(
        label="a.2",
        statement=r"$k = p$, $H_2 = s^2H_1$:"
        r" $\operatorname{Vol}_1/\operatorname{Vol}_2 = s^p$",
        law=law_of(FORMS, _steeper_sides, "=="),
    ),
    Claim(
        label="a.3",
        statement=r"then $P(\mathrm{basin}\ 1) ="
        r" \operatorname{Vol}_1/(\operatorname{Vol}_1+\operatorname{Vol}_2) ="
        r" 1/(1+s^{-p})$",
        law=law_of(FORMS, _chance_sides, "=="),
    ),
    Claim(
        label="a.4",
        statement=r"and $P(\mathrm{basin}\ 1) \ge 1 - s^{-p}$",
        law=law_of(FORMS, _chance_bound_sides, "<="),
    ),
    Claim(
        label="b.1",
        statement=r"$k = p$, $j = 0, \dots, p$: the error of"
        r" $\log V_p + \frac{p}{2}\log(2\varepsilon) -"
        r" \frac{1}{2}\sum_{i\le j}\log \lambda_i$ as"
        r" $\log\operatorname{Vol} E_\varepsilon$ is"
        r" $-\frac{1}{2}\sum_{i>j}\log \lambda_i$",
        law=law_of(FORMS, _truncated_volume_sides, "=="),
    ),
    Claim(
        label="b.2",
        statement=r"$j < p$: $-\frac{1}{2}\sum_{i\le j}\log(1+\beta\tau^2\lambda_i)$"
        r" exceeds the log-evidence by at most"
        r" $\frac{1}{2}\beta\tau^2\sum_{i>j}\lambda_i$",
        law=law_of(FORMS, _tail_sides, "<="),
    ),
    Claim(
        label="b.3",
        statement=r"$j \le p$: the evidence is at most"
        r" $\prod_{i\le j}(1+\beta\tau^2\lambda_i)^{-1/2}$",
        law=law_of(FORMS, _above_sides, "<="),
    ),
    Claim(
        label="c.1",
        statement=r"$2\varepsilon \le \lambda_k(H_1)R^2$ or $k = 0$:"
        r" $\operatorname{Vol}_1/\operatorname{Vol}_2 \ge"
        r" Z_1(R^2 - 2\varepsilon/\lambda_k(H_1))/Z_2(R^2)$",
        law=law_of(FORMS, _dominance_sides, "<=", upper=False),
    ),
    Claim(
        label="c.2",
        statement=r"$2\varepsilon \le \lambda_l(H_2)R^2$ or $l = 0$:"
        r" $\operatorname{Vol}_1/\operatorname{Vol}_2 \le"
        r" Z_1(R^2)/Z_2(R^2 - 2\varepsilon/\lambda_l(H_2))$",
        law=law_of(FORMS, _dominance_sides, "<=", upper=True),
    ),
    Claim(
        label="d.1",
        statement=rf"${_BASIN} \ge"
        r" (1+\kappa)^{-p/2}\operatorname{Vol} E_\varepsilon$",
        law=law_of(FORMS, _bent_sides, "<=", upper=False),
    ),
    Claim(
        label="d.2",
        statement=rf"${_BASIN} \le"
        r" (1-\kappa)^{-p/2}\operatorname{Vol} E_\varepsilon$",
        law=law_of(FORMS, _bent_sides, "<=", upper=True),
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_MUTANTS = (
    Mutant(
        name="det H_1/det H_2: the sharper basin is the larger",
        claim=changed(_CLAIM["a.1"], _two_volumes_sides, upside=False),
    ),
    Mutant(
        name="s^(p/2) in place of s^p",
        claim=changed(_CLAIM["a.2"], _steeper_sides, share=2),
    ),
    Mutant(
        name="1/(1 + 1/s), whatever the dimension",
        claim=changed(_CLAIM["a.3"], _chance_sides, power=1),
    ),
    Mutant(
        name="1 - s^(-2p) in place of 1 - s^(-p)",
        claim=changed(_CLAIM["a.4"], _chance_bound_sides, share=2),
    ),
    Mutant(
        name="the truncated log-volume has no error",
        claim=changed(_CLAIM["b.1"], _truncated_volume_sides, kept=0),
    ),
    Mutant(
        name="the error of (b.1) without the ½",
        claim=changed(_CLAIM["b.1"], _truncated_volume_sides, share=1),
    ),
    Mutant(
        name="¼ in place of ½ in (b.2)",
        claim=changed(_CLAIM["b.2"], _tail_sides, share=4),
    ),
    Mutant(
        name="truncation makes the evidence smaller",
        claim=changed(_CLAIM["b.3"], _below_sides),
    ),
    Mutant(
        name="R² without the correction in (c.1)",
        claim=changed(_CLAIM["c.1"], _dominance_sides, upper=False, corrected=False),
    ),
    Mutant(
        name="ε^(k-l) in place of its root in (c.1)",
        claim=changed(_CLAIM["c.1"], _dominance_sides, upper=False, extra=1),
    ),
    Mutant(
        name="R² without the correction in (c.2)",
        claim=changed(_CLAIM["c.2"], _dominance_sides, upper=True, corrected=False),
    ),
    Mutant(
        name="κ = MR/(6λ) in (d.1)",
        claim=changed(_CLAIM["d.1"], _bent_sides, upper=False, share=6),
    ),
    Mutant(
        name="κ = MR/(6λ) in (d.2)",
        claim=changed(_CLAIM["d.2"], _bent_sides, upper=True, share=6),
    ),
    Mutant(
        name="the exponent ½ in place of p/2 in (d.1)",
        claim=changed(_CLAIM["d.1"], _bent_sides, upper=False, whole=False),
    ),
    Mutant(
        name="the exponent ½ in place of p/2 in (d.2)",
        claim=changed(_CLAIM["d.2"], _bent_sides, upper=True, whole=False),
    ),
)

_LINE = WorldExample(world=FORMS, values={"spectrum": (1,)})
"""H_1 = H_2 = 1 on a line, with ε = R = τ² = β = s = 1."""

_ENDING = _LINE.but(bend=Fraction(-3, 2), epsilon=Fraction(1, 4))
"""½ u² - ¼ |u|³ on [-1, 1]: κ = ½, and the level ¼ is reached at the ends alone."""

T16 = Theorem(
    id="T16",
    title="Two basins, truncated spectra, rank dominance, non-quadratic basins",
    topic="volume",
    statement=r"Notation as in T15, with two forms $H_1$, $H_2$ of ranks $k$, $l$ at one"
    r" height $\varepsilon$ and in one ball; $\operatorname{Vol}_i$ is the volume of"
    r" $E_\varepsilon(H_i)$, in (c) of its part in $B_R$. (a) compares volumes for full"
    r" rank; $P(\mathrm{basin}\ 1)$ is the probability of the first sublevel set for a"
    r" start uniform on a region that holds both, which are disjoint, given that it"
    r" lies in one of them. (b) says what the first $j$ eigenvalues leave out: of the"
    r" log-volume any amount of either sign, so that the order of two basins may flip;"
    r" of the log-evidence $-\frac{1}{2}\sum_i\log(1+\beta\tau^2\lambda_i)$ at most the"
    r" tail of the trace. (c) With $Z_1(u) = V_kV_{p-k}(2\varepsilon)^{k/2}"
    r"u^{(p-k)/2}\prod_{j\le k}\lambda_j(H_1)^{-1/2}$, and $Z_2(u)$ the same of $H_2$"
    r" and $l$, the ratio of the volumes is enclosed, and it is of the order"
    r" $\varepsilon^{(k-l)/2}$: as $\varepsilon \to 0$ the smaller rank wins, whatever"
    r" the eigenvalues are. (d) $L$ is $C^2$ on $\theta^*+B_R$ with an $M$-Lipschitz"
    r" Hessian, and $\kappa = MR/(3\lambda_p)$.",
    hypotheses=(
        r"(a): both forms are invertible; (a.2), (a.3), (a.4): $H_2 = s^2H_1$, $s > 0$",
        r"(a.3), (a.4): a uniform start on a region that holds both sets, disjoint",
        r"(b.1): $H$ is invertible; (b.2), (b.3): the Gaussian of T15(c)",
        r"(c): $2\varepsilon \le \lambda_kR^2$ for the form whose ball is corrected",
        r"(d): $\nabla L(\theta^*) = 0$ and $H = \nabla^2L(\theta^*)$ is invertible",
        r"(d): $\nabla^2L$ is $M$-Lipschitz on $\theta^*+B_R$",
        r"(d): $\kappa < 1$ and $2\varepsilon \le (1-\kappa)\lambda_pR^2$",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a.1), (a.2) T15(a), where $\det(s^2H) = (s^2)^p\det H$. (a.3) The"
    r" probability of a set in the region is its volume over that of the region, so"
    r" given one of two disjoint sets the first has the share"
    r" $\operatorname{Vol}_1/(\operatorname{Vol}_1+\operatorname{Vol}_2) ="
    r" s^p/(s^p+1)$. (a.4) $(1+x)(1-x) \le 1$ with $x = s^{-p}$. (b.1) T15(a.2) less"
    r" the terms that are kept. (b.2), (b.3) By T15(c.1) the log-evidence is the sum of"
    r" $-\frac{1}{2}\log(1+\beta\tau^2\lambda_i)$ over all $i$, and"
    r" $0 \le \log(1+a) \le a$ for the terms $i > j$ that are left out. (c) The bounds"
    r" of T15(b.1) with $j = k$ and of T15(b.2), one for the numerator and the other for"
    r" the denominator; for $k = 0$ both are $V_pR^p$. $Z_1(u)/Z_2(v)$ contains"
    r" $(2\varepsilon)^{(k-l)/2}$, and its other factors tend to positive limits as"
    r" $\varepsilon \to 0$. (d) Let $\delta \in B_R$ and"
    r" $e(\delta) = L(\theta^*+\delta) - L(\theta^*) - \frac{1}{2}\delta^TH\delta$."
    r" Taylor's formula with the integral remainder gives $e(\delta) ="
    r" \int_0^1(1-t)\,\delta^T(\nabla^2L(\theta^*+t\delta)-H)\delta\,dt$, so"
    r" $|e(\delta)| \le M\|\delta\|^3\int_0^1(1-t)t\,dt = M\|\delta\|^3/6 \le"
    r" \kappa\cdot\frac{1}{2}\lambda_p\|\delta\|^2 \le"
    r" \kappa\cdot\frac{1}{2}\delta^TH\delta$. Hence in $B_R$ the set"
    r" $\{L(\theta^*+\delta)-L(\theta^*) \le \varepsilon\}$ lies between"
    r" $\{(1+\kappa)\frac{1}{2}\delta^TH\delta \le \varepsilon\}$ and"
    r" $\{(1-\kappa)\frac{1}{2}\delta^TH\delta \le \varepsilon\}$. Points of these have"
    r" $\|\delta\|^2 \le 2\varepsilon/((1-\kappa)\lambda_p) \le R^2$, so the ball cuts"
    r" nothing off them, and by T15(a) their volumes are $(1\pm\kappa)^{-p/2}$ times"
    r" that of $E_\varepsilon$.",
    source="derived here; the comparison of volumes is that of Wu, Zhu and E (2017)",
    uses=("T15",),
    witnesses=(
        Witness(
            labels=("a.4",),
            note="s = 10 and p = 3: 1 - 10⁻³ against 1/(1 + 10⁻³)",
            example=_LINE.but(spectrum=(1, 1, 1), scale=10),
            ratio=0.99999,
        ),
        Witness(
            labels=("b.2",),
            note="βτ²λ = 10⁻⁶ left out",
            example=_LINE.but(spectrum=(Fraction(1, 10**6),)),
            ratio=0.999999,
        ),
        Witness(
            labels=("b.3",),
            note="nothing left out",
            example=_LINE,
        ),
        Witness(
            labels=("c.1", "c.2"),
            note="two full forms in the ball",
            example=_LINE.but(other=(4,), epsilon=Fraction(1, 4)),
        ),
        Witness(
            labels=("d.1",),
            note="κ = 0: L is quadratic",
            example=_LINE.but(epsilon=Fraction(1, 4)),
        ),
        Witness(
            labels=("d.2",),
            note="½u² - ¼|u|³ on [-1, 1] at the height ¼, κ = ½: the whole interval",
            example=_ENDING,
        ),
        Witness(
            labels=("d.2",),
            note="½‖δ‖² - ¼‖δ‖³ in the unit ball of R³ at the height ¼: the whole ball",
            example=_ENDING.but(spectrum=(1, 1, 1)),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="invertible forms in (a.2): diag(1, 0) in the unit disc, s = 2: the"
            " volumes in the ball have a ratio below s²",
            claim=changed(_CLAIM["a.2"], _steeper_sides, bounded=True),
            example=_LINE.but(spectrum=(1, 0), epsilon=Fraction(1, 8), scale=2),
        ),
        Counterexample(
            dropped="H_2 = s²H_1 in (a.3): H_1 = 1, H_2 = 9 and s = 2 on a line",
            claim=changed(_CLAIM["a.3"], _chance_sides, other=True),
            example=_LINE.but(other=(9,), scale=2),
        ),
        Counterexample(
            dropped="2ε ≤ λR² in (c.1): p = 5, k = 1, 2ε/λ = 4 and R = 1",
            claim=changed(_CLAIM["c.1"], _dominance_sides, upper=False, always=True),
            example=_LINE.but(spectrum=(1, 0, 0, 0, 0), other=(0,) * 5, epsilon=2),
        ),
        Counterexample(
            dropped="2ε ≤ (1 - κ)λR² in (d.1): κ = 0 and 2ε = 100 λR²",
            claim=changed(_CLAIM["d.1"], _bent_sides, upper=False, always=True),
            example=_LINE.but(epsilon=50),
        ),
    ),
)
