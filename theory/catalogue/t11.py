"""T11: the least trace on a rescaling orbit, and a scale-free complexity bound."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from . import t11_sides as sides
from .coverage import PIECEWISE_LINEAR
from .laws import changed, law
from .t11_sides import orbit_shares

__all__ = ["T11", "UNIT", "orbit_shares"]

_PL: dict[str, Any] = {"activations": PIECEWISE_LINEAR}
_SQUARED: dict[str, Any] = {**_PL, "losses": ("squared",)}

_CLAIMS = (
    Claim(
        label="a",
        statement=r"$\operatorname{tr} H(T_\alpha\theta)"
        r" = \sum_k (\alpha_k^{-2}P_k + \alpha_k^2Q_k) + s$",
        law=law(sides.orbit_trace_sides, "==", "rescaling"),
        **_PL,
    ),
    Claim(
        label="b.1",
        statement=r"$\mathrm{Flat}(\theta) = 2\sum_k \sqrt{P_kQ_k} + s"
        r" \le \operatorname{tr} H(T_\alpha\theta)$",
        law=law(sides.least_sides, "<=", "rescaling"),
        **_PL,
    ),
    Claim(
        label="b.2",
        statement=r"$\operatorname{tr} H(T_\alpha\theta) = \mathrm{Flat}(\theta) +"
        r" \tau^2\sum_{k: P_kQ_k = 0} (P_k + Q_k)$ at $\alpha_k = (P_k/Q_k)^{1/4}$"
        r" where $P_kQ_k > 0$, $\alpha_k = \tau$ where $P_k = 0$ and $\alpha_k ="
        r" 1/\tau$ where $P_k > 0 = Q_k$, for any $\tau > 0$",
        law=law(sides.approach_sides, "==", "rescaling"),
        **_PL,
    ),
    Claim(
        label="b.3",
        statement=r"$\mathrm{Flat}(T_\alpha\theta) = \mathrm{Flat}(\theta)$",
        law=law(sides.rescaled_sides, "==", "rescaling"),
        **_PL,
    ),
    Claim(
        label="b.4",
        statement=r"$\mathrm{Flat}(P\theta) = \mathrm{Flat}(\theta)$ for permutations"
        r" $P$ of the units",
        law=law(sides.permuted_sides, "==", "permutation"),
        **_PL,
    ),
    Claim(
        label="b.5",
        statement=r"$\operatorname{tr} H(T_\alpha\theta) - \mathrm{Flat}(\theta)"
        r" = \sum_k (\sqrt{P_k}/\alpha_k - \alpha_k\sqrt{Q_k})^2$",
        law=law(sides.excess_sides, "==", "rescaling"),
        **_PL,
    ),
    Claim(
        label="c.1",
        statement=r"$2\sqrt{C} \sum_k \|a_k\|\|\tilde w_k\|\rho_k"
        r" \le \mathrm{Flat} - C$",
        law=law(sides.sandwich_below_sides, "<="),
        **_SQUARED,
    ),
    Claim(
        label="c.2",
        statement=r"$\mathrm{Flat} - C"
        r" \le 2\sqrt{C} \sum_k \|a_k\|\|\tilde w_k\|R_k^2$",
        law=law(sides.sandwich_above_sides, "<="),
        **_SQUARED,
    ),
    Claim(
        label="c.3",
        statement=r"$\rho_k \le R_k^2$",
        law=law(sides.density_sides, "<="),
        **_PL,
    ),
    Claim(
        label="d.1",
        statement=r"$\|\mathrm{Jx}\|_F \le \sum_k \|a_k\|\|w_k\|$ at every input $x$"
        r" off the kinks, of the data or not",
        law=law(sides.slope_sides, "<=", "directions"),
        **_PL,
    ),
    Claim(
        label="d.2",
        statement=r"$\sqrt{\mathrm{Cx}} \le \sum_k \|a_k\|\|w_k\|$",
        law=law(sides.complexity_path_sides, "<="),
        **_PL,
    ),
    Claim(
        label="d.3",
        statement=r"$2\sqrt{C}\,\min_k \rho_k \sum_k \|a_k\|\|\tilde w_k\|"
        r" \le \mathrm{Flat} - C$",
        law=law(sides.scale_free_sides, "<=", size="path"),
        **_SQUARED,
    ),
    Claim(
        label="d.4",
        statement=r"$2\sqrt{C}\,\min_k \rho_k \sum_k \|a_k\|\|\tilde w_k\|"
        r" \le \operatorname{tr} H - C$",
        law=law(sides.scale_free_sides, "<=", size="path", trace=True),
        **_SQUARED,
    ),
    Claim(
        label="d.5",
        statement=r"$\sum_k \|a_k\|\|w_k\| \le \sum_k \|a_k\|\|\tilde w_k\|$",
        law=law(sides.bias_sides, "<="),
        **_PL,
    ),
    Claim(
        label="d.6",
        statement=r"$2\sqrt{C}\,\min_k \rho_k\,\sqrt{\mathrm{Cx}}"
        r" \le \operatorname{tr} H - C$",
        law=law(sides.scale_free_sides, "<=", size="complexity", trace=True),
        **_SQUARED,
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_MUTANTS = (
    Mutant(
        name="α⁻¹ in place of α⁻²",
        claim=changed(_CLAIM["a"], sides.orbit_trace_sides, power=1),
    ),
    Mutant(
        name="the constant C for the cross-entropies",
        claim=replace(
            changed(_CLAIM["a"], sides.orbit_trace_sides, outputs=True),
            losses=("logistic", "softmax"),
        ),
    ),
    Mutant(
        name="3 in place of 2 in Flat",
        claim=changed(_CLAIM["b.1"], sides.least_sides, two=3.0),
    ),
    Mutant(
        name="1 in place of 2 in Flat",
        claim=changed(_CLAIM["b.2"], sides.approach_sides, two=1.0),
    ),
    Mutant(
        name="Flat attained on every orbit",
        claim=changed(_CLAIM["b.2"], sides.approach_sides, rest=False),
    ),
    Mutant(
        name="tr H in place of Flat invariant",
        claim=changed(_CLAIM["b.3"], sides.trace_sides),
    ),
    Mutant(
        name="(√P/α + α√Q)² in place of (√P/α - α√Q)²",
        claim=changed(_CLAIM["b.5"], sides.excess_sides, sign=1.0),
    ),
    Mutant(
        name="3 in place of 2 in (c), below",
        claim=changed(_CLAIM["c.1"], sides.sandwich_below_sides, two=3.0),
    ),
    Mutant(
        name="C in place of √C in (c), below",
        claim=changed(_CLAIM["c.1"], sides.sandwich_below_sides, power=2),
    ),
    Mutant(
        name="1 in place of 2 in (c), above",
        claim=changed(_CLAIM["c.2"], sides.sandwich_above_sides, two=1.0),
    ),
    Mutant(
        name="√C left out in (c), above",
        claim=changed(_CLAIM["c.2"], sides.sandwich_above_sides, power=0),
    ),
    Mutant(
        name="‖x‖ in place of ‖x̃‖ in R_k²",
        claim=changed(_CLAIM["c.3"], sides.density_sides, bias=False),
    ),
    Mutant(
        name="‖a_k‖ dropped in (d)",
        claim=changed(_CLAIM["d.1"], sides.slope_sides, output=False),
    ),
    Mutant(
        name="the largest ‖a_k‖‖w_k‖ in place of their sum",
        claim=changed(_CLAIM["d.1"], sides.slope_sides, largest=True),
    ),
    Mutant(
        name="3 in place of 2 in (d.3)",
        claim=changed(_CLAIM["d.3"], sides.scale_free_sides, size="path", two=3.0),
    ),
    Mutant(
        name="‖w̃_k‖ in place of ‖w_k‖ on the small side",
        claim=changed(_CLAIM["d.5"], sides.bias_sides, swapped=True),
    ),
    Mutant(
        name="3 in place of 2 in (d.6)",
        claim=changed(
            _CLAIM["d.6"],
            sides.scale_free_sides,
            size="complexity",
            trace=True,
            two=3.0,
        ),
    ),
    Mutant(
        name="min over ρ_k > 0 alone",
        claim=changed(
            _CLAIM["d.4"],
            sides.scale_free_sides,
            size="path",
            trace=True,
            positive=True,
        ),
    ),
)

UNIT = Example(
    activation="relu",
    x=((0,),),
    W=((0,),),
    b=(1,),
    A=((1,),),
    c=(0,),
    residual=((0,),),
    drawn={"alpha": (1,)},
)
"""f = a relu(b), a = b = 1: P = Q = 1, ρ = R² = 1, tr H = Flat = 3."""

_LINE = UNIT.but(x=((1,),), W=((1,),), b=(0,), drawn={"v": (1, 0, 0, 0)})
"""f = relu(x) at x = 1."""

_STEEP = UNIT.but(
    x=((Fraction(2**22 - 1, 2**12),),),
    W=((Fraction(2**22 - 1, 2**12),),),
    A=((Fraction(2**22 + 1, 2**12),),),
)
"""f = a relu(wx + 1) at x = w, a² = 1 + w²: x̃ = w̃, and ‖w‖ is nearly ‖w̃‖."""

T11 = Theorem(
    id="T11",
    title="The infimum of the trace on a rescaling orbit, and a scale-free bound",
    topic="symmetry",
    statement=r"Let $\sigma$ be piecewise linear and positively homogeneous, $P_k ="
    r" \frac{1}{n} \sum_i \sigma'(z_{ik})^2\|\tilde x_i\|^2\,a_k^TS_ia_k$, $Q_k ="
    r" \frac{1}{n} \sum_i \sigma(z_{ik})^2 \operatorname{tr} S_i$ and $s = \frac{1}{n}"
    r" \sum_i \operatorname{tr} S_i$. The infimum of $\operatorname{tr} H$ on the orbit"
    r" $\{T_\alpha\theta\}$ is $\mathrm{Flat}(\theta) = 2\sum_k \sqrt{P_kQ_k} + s$; it"
    r" is attained if and only if, for each $k$, $P_k$ and $Q_k$ are both positive or"
    r" both $0$. For the squared loss ($s = C$) let $\rho_k = \frac{1}{n} \sum_i"
    r" \sigma(\tilde w_k\cdot\tilde x_i/\|\tilde w_k\|)^2$ and $R_k^2 = \frac{1}{n}"
    r" \sum_i \sigma'(z_{ik})^2\|\tilde x_i\|^2$. Then $2\sqrt{C} \sum_k"
    r" \|a_k\|\|\tilde w_k\|\rho_k \le \mathrm{Flat} - C \le 2\sqrt{C} \sum_k"
    r" \|a_k\|\|\tilde w_k\|R_k^2$ and, if $|\sigma'| \le 1$ and $\min_k \rho_k > 0$,"
    r" $\sqrt{\mathrm{Cx}} \le \sup_x\|\mathrm{Jx}\|_F \le \sum_k \|a_k\|\|w_k\| \le"
    r" \sum_k \|a_k\|\|\tilde w_k\| \le (\mathrm{Flat} - C)/(2\sqrt{C}\,\min_k \rho_k)"
    r" \le (\operatorname{tr} H - C)/(2\sqrt{C}\,\min_k \rho_k)$, a bound that no"
    r" rescaling of $\theta$ can spoil.",
    hypotheses=(
        r"$\sigma$ piecewise linear and positively homogeneous; off the kinks",
        r"(a) and (b): $S_i$ positive semi-definite, as for every loss convex in $f$",
        r"(c.1), (c.2), (d.3), (d.4), (d.6): squared loss",
        r"(c): $\tilde w_k \ne 0$ for every $k$",
        r"(d): $|\sigma'| \le 1$",
        r"(d): the minimum is over the $k$ with $a_k \ne 0$ and $\tilde w_k \ne 0$",
        r"(d), as bounds of $\sqrt{\mathrm{Cx}}$: $\min_k \rho_k > 0$",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a) $\operatorname{tr} H = \operatorname{tr} G$ (T03a). As $\partial"
    r" f/\partial\tilde w_k = \sigma'(z_k)a_k\tilde x^T$, $\partial f/\partial a_k ="
    r" \sigma(z_k)I$ and $\partial f/\partial c = I$ (T01), the diagonal blocks of $G ="
    r" \frac{1}{n} \sum_i J_i^TS_iJ_i$ are $\frac{1}{n} \sum_i"
    r" a_k^TS_ia_k\,\sigma'(z_{ik})^2\tilde x_i\tilde x_i^T$ on $\tilde w_k$,"
    r" $\frac{1}{n} \sum_i \sigma(z_{ik})^2S_i$ on $a_k$ and $\frac{1}{n} \sum_i S_i$"
    r" on $c$, with traces $P_k$, $Q_k$ and $s$. At $T_\alpha\theta$ the outputs, hence"
    r" the $S_i$, and $\sigma'(z_{ik})$ are the same (T10a), $a_k$ is divided by"
    r" $\alpha_k$ and $\sigma(z_{ik})$ multiplied by it, so $P_k$ becomes"
    r" $\alpha_k^{-2}P_k$, $Q_k$ becomes $\alpha_k^2Q_k$, and $s$ stays. (b) $P_k, Q_k"
    r" \ge 0$ as $S_i$ is positive semi-definite, and $\alpha^{-2}P + \alpha^2Q -"
    r" 2\sqrt{PQ} = (\sqrt{P}/\alpha - \alpha\sqrt{Q})^2$: summed over $k$ with (a),"
    r" this is (b.5), whose right side is not negative, which is (b.1). The $k$-th"
    r" square is $0$ if and only if $\alpha_k^2\sqrt{Q_k} = \sqrt{P_k}$. Where both are"
    r" positive, that is $\alpha_k = (P_k/Q_k)^{1/4}$; where both are $0$, any"
    r" $\alpha_k$ does; where one alone is $0$, no $\alpha_k$ does, but $\alpha_k ="
    r" \tau$ ($P_k = 0$) or $\alpha_k = 1/\tau$ ($Q_k = 0$) makes the square"
    r" $\tau^2(P_k + Q_k)$. This is (b.2); as $\tau \to 0$ it tends to"
    r" $\mathrm{Flat}(\theta)$, which is therefore the infimum, attained if and only if"
    r" no unit has one of $P_k$, $Q_k$ alone equal to $0$. By the rules of (a),"
    r" $P_kQ_k$ is invariant under $T_\alpha$, hence (b.3). A permutation of the units"
    r" leaves $f$, hence $S_i$, unchanged and permutes the pairs $(P_k, Q_k)$, hence"
    r" (b.4). (c) $\sigma(z)$ at $z = \|\tilde w_k\|u$ is $\|\tilde w_k\|\sigma(u)$,"
    r" and $S_i = I$: $Q_k = C\|\tilde w_k\|^2\rho_k$ and $P_k = \|a_k\|^2R_k^2$, so"
    r" $\sqrt{P_kQ_k} = \sqrt{C}\|a_k\|\|\tilde w_k\|\sqrt{R_k^2\rho_k}$. Off the kinks"
    r" $\sigma(z) = \sigma'(z)z$, so by Cauchy-Schwarz $\sigma(z_{ik})^2 ="
    r" \sigma'(z_{ik})^2(\tilde w_k\cdot\tilde x_i)^2 \le \sigma'(z_{ik})^2\|\tilde"
    r" w_k\|^2\|\tilde x_i\|^2$: this is $\rho_k \le R_k^2$, whence $\rho_k \le"
    r" \sqrt{R_k^2\rho_k} \le R_k^2$. (d) At every $x$ off the kinks $\mathrm{Jx} ="
    r" \sum_k \sigma'(z_k)a_kw_k^T$, and $\|a_kw_k^T\|_F = \|a_k\|\|w_k\|$: the"
    r" triangle inequality and $|\sigma'| \le 1$ give (d.1). $\mathrm{Cx}$ is the mean"
    r" of $\|\mathrm{Jx}_i\|_F^2$ over the data, so $\sqrt{\mathrm{Cx}}$ is at most the"
    r" largest $\|\mathrm{Jx}_i\|_F$: (d.2). $\|w_k\|^2 \le \|w_k\|^2 + b_k^2 ="
    r" \|\tilde w_k\|^2$: (d.5). In (c.1) the terms with $a_k = 0$ or $\tilde w_k = 0$"
    r" are $0$, and in the others $\rho_k$ is at least the minimum: (d.3). (b.1) at"
    r" $\alpha = 1$ is $\mathrm{Flat} \le \operatorname{tr} H$: (d.4). And (d.2), (d.5)"
    r" and (d.4) in a row are (d.6).",
    source="derived here",
    uses=("T01", "T03", "T10"),
    witnesses=(
        Witness(
            labels=("b.1", "c.1", "c.2", "c.3", "d.3", "d.4"),
            note="P = Q = 1: θ is already the flattest point of its orbit",
            example=UNIT,
        ),
        Witness(
            labels=("b.1",),
            note="P = 256, Q = 1: the flattest point is at α = 4",
            example=UNIT.but(A=((16,),), drawn={"alpha": (4,)}),
        ),
        Witness(
            labels=("d.1", "d.2", "d.5"),
            note="f = relu(x) at x = 1: ‖Jx‖ = |a||w| = 1, and b = 0",
            example=_LINE,
        ),
        Witness(
            labels=("c.1", "c.2", "c.3", "d.3", "d.4", "d.6"),
            note="x̃ = w̃ with ‖w‖² = ‖w̃‖² (1 - 2⁻²⁰): (d.6) is approached",
            example=_STEEP,
            ratio=1 - 1e-6,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="σ piecewise linear in (a): z², where tr F = 2 is not 0",
            claim=replace(_CLAIM["a"], activations=("quadratic",)),
            example=UNIT.but(
                activation="quadratic", W=((1,),), b=(0,), residual=((1,),)
            ),
        ),
        Counterexample(
            dropped="the factor 2 in Flat: P = Q = 1 has the least trace 3",
            claim=changed(_CLAIM["b.2"], sides.approach_sides, two=1.0),
            example=UNIT,
        ),
        Counterexample(
            dropped="P_k and Q_k both positive or both 0, for an attained infimum:"
            " P = 0 < Q = 1, where tr H(T_αθ) = α² + 1",
            claim=changed(_CLAIM["b.2"], sides.approach_sides, rest=False),
            example=UNIT.but(A=((0,),)),
        ),
        Counterexample(
            dropped="squared loss in (d.4): logistic, S = ¼, where tr H = ¾",
            claim=replace(_CLAIM["d.4"], losses=("logistic",)),
            example=UNIT.but(loss="logistic", c=(-1,), residual=None, labels=(0,)),
        ),
        Counterexample(
            dropped="ρ_k > 0: a unit that is dead on the data has a_k = 1000, which"
            " tr H does not see",
            claim=changed(
                _CLAIM["d.4"],
                sides.scale_free_sides,
                size="path",
                trace=True,
                positive=True,
            ),
            example=UNIT.but(
                W=((0,), (0,)),
                b=(1, -1),
                A=((1, 1000),),
                drawn={"alpha": (1, 1)},
            ),
        ),
    ),
)
