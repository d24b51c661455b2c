"""T13: how sharpness bounds the bends of the function, for stable minima."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from . import t13_sides as sides
from .coverage import PIECEWISE_LINEAR
from .laws import changed, law

__all__ = ["T13"]

_SQUARED: dict[str, Any] = {"activations": PIECEWISE_LINEAR, "losses": ("squared",)}
_ONE: dict[str, Any] = {**_SQUARED, "outputs": "one"}
_LINE: dict[str, Any] = {**_ONE, "activations": ("relu",)}

_CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$\lambda_1(G) \ge 1 + \sum_k (a_k^2\|u_k\|^2 + (\tilde w_k\cdot"
        r" u_k)^2)$",
        law=law(sides.gauss_newton_sides, "<=", squares=True),
        **_ONE,
    ),
    Claim(
        label="a.2",
        statement=r"$\lambda_1(G) \ge 1 + 2\sum_k |a_k|\,\|u_k\|\,|\tilde w_k\cdot"
        r" u_k|$",
        law=law(sides.gauss_newton_sides, "<="),
        **_ONE,
    ),
    Claim(
        label="a.3",
        statement=r"$\lambda_1(G(T_\alpha\theta)) \ge 1 + 2\sum_k |a_k|\,\|u_k\|"
        r"\,|\tilde w_k\cdot u_k|$, the same number on the whole orbit",
        law=law(sides.orbit_sides, "<=", "rescaling"),
        dear=True,
        **_ONE,
    ),
    Claim(
        label="a.4",
        statement=r"any number of outputs: $\lambda_1(G) \ge 1 +"
        r" \lambda_1(\sum_k \|u_k\|^2a_ka_k^T) + \sum_k (\tilde w_k\cdot u_k)^2$",
        law=law(sides.any_outputs_sides, "<="),
        **_SQUARED,
    ),
    Claim(
        label="b.1",
        statement=r"$d = 1$, ReLU: $|a_k|\,\|u_k\|\,(\tilde w_k\cdot u_k) = |a_kw_k|"
        r"\,g^{\pm}(\tau_k)$, with the sign of $w_k$",
        law=law(sides.closed_form_sides, "=="),
        **_LINE,
    ),
    Claim(
        label="b.2",
        statement=r"$d = 1$, ReLU: $\lambda_1(G) \ge 1 + 2\sum_k |a_kw_k|"
        r"\,g^{\pm}(\tau_k)$, with the signs of the $w_k$",
        law=law(sides.univariate_sides, "<=", merged=False),
        **_LINE,
    ),
    Claim(
        label="b.3",
        statement=r"$d = 1$, ReLU: $\lambda_1(G) \ge 1 + 2\int |f''|\,g$",
        law=law(sides.univariate_sides, "<=", merged=True),
        **_LINE,
    ),
    Claim(
        label="c.1",
        statement=r"$\lambda_1(H) \ge \|v\|^2 + \frac{2}{\|v\|^2}\sum_k (\tilde w_k\cdot"
        r" u_k)\,(u_k\cdot\nabla_{\tilde w_k}L)$ at every $\theta$, with $\|v\|^2 = 1 +"
        r" \sum_k (a_k^2\|u_k\|^2 + (\tilde w_k\cdot u_k)^2)$",
        law=law(sides.slope_sides, "<="),
        **_ONE,
    ),
    Claim(
        label="c.2",
        statement=r"$\nabla L = 0$: $\lambda_1(H) \ge 1 + 2\sum_k |a_k|\,\|u_k\|"
        r"\,|\tilde w_k\cdot u_k|$",
        law=law(sides.hessian_sides, "<="),
        assumes=("critical",),
        **_ONE,
    ),
    Claim(
        label="d.1",
        statement=r"$d = 1$, ReLU, $\nabla L = 0$: $\lambda_1(H) \ge 1 + 2\int |f''|"
        r"\,g$",
        law=law(sides.univariate_sides, "<=", merged=True, matrix="H"),
        assumes=("critical",),
        **_LINE,
    ),
    Claim(
        label="d.2",
        statement=r"$d = 1$, ReLU, $\nabla L = 0$, $\lambda_1(H) \le 2/\eta$:"
        r" $\int |f''|\,g \le \frac{1}{\eta} - \frac{1}{2}$",
        law=law(sides.stable_sides, "<=", "rescaling"),
        assumes=("critical",),
        **_LINE,
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_ROOF = Example(
    activation="relu",
    x=((Fraction(3, 4),), (Fraction(-3, 4),)),
    W=((5,), (-5,)),
    b=(0, 0),
    A=((3, 3),),
    c=(0,),
    residual=((0,), (0,)),
    drawn={"alpha": (1, 1)},
)
"""f = 15|x| at x = ±3/4: ‖u_k‖ = 5/8, w̃_k·u_k = 15/8, λ_1 = 241/16."""

_FLAT = Example(
    activation="relu",
    x=((0,),),
    W=((0,),),
    b=(1,),
    A=((1,),),
    c=(0,),
    residual=((-1,),),
)
"""f = relu(b), a = b = 1, r = -1: G = (1, 1, 1)(1, 1, 1)ᵀ, and λ_1(H) = 1 + √2."""

_EDGE = _ROOF.but(
    W=((Fraction(21845, 2**14),), (Fraction(-21845, 2**14),)),
    A=((Fraction(13107, 2**14), Fraction(13107, 2**14)),),
)
"""The same with a just below 4/5 and w just below 4/3: λ_1 is just below 2."""

_MUTANTS = (
    Mutant(
        name="2 in place of 1, for the output bias",
        claim=changed(
            _CLAIM["a.1"], sides.gauss_newton_sides, squares=True, constant=2.0
        ),
    ),
    Mutant(
        name="3 in place of 2",
        claim=changed(_CLAIM["a.2"], sides.gauss_newton_sides, two=3.0),
    ),
    Mutant(
        name="the mean of ‖σ'x̃_i‖ in place of the length of the mean",
        claim=changed(_CLAIM["a.2"], sides.gauss_newton_sides, apart=True),
    ),
    Mutant(
        name="λ_1 of the block without c",
        claim=changed(_CLAIM["a.2"], sides.gauss_newton_sides, bias=False),
    ),
    Mutant(
        name="the bound (a.1), which an orbit changes, for the whole orbit",
        claim=changed(_CLAIM["a.3"], sides.orbit_sides, squares=True),
    ),
    Mutant(
        name="tr in place of λ_1 of Σ‖u_k‖²a_ka_kᵀ",
        claim=changed(_CLAIM["a.4"], sides.any_outputs_sides, trace=True),
    ),
    Mutant(
        name="P in place of P²",
        claim=changed(_CLAIM["b.1"], sides.closed_form_sides, power=1),
    ),
    Mutant(
        name="|E| in place of √(1 + E²)",
        claim=changed(_CLAIM["b.1"], sides.closed_form_sides, whole=False),
    ),
    Mutant(
        name="P in place of P² in the bound",
        claim=changed(_CLAIM["b.2"], sides.univariate_sides, merged=False, power=1),
    ),
    Mutant(
        name="the data on the other side of the kink",
        claim=changed(
            _CLAIM["b.2"], sides.univariate_sides, merged=False, swapped=True
        ),
    ),
    Mutant(
        name="max(g⁻, g⁺) in place of min(g⁻, g⁺)",
        claim=changed(_CLAIM["b.3"], sides.univariate_sides, merged=True, larger=True),
    ),
    Mutant(
        name="1 in place of 2 before the slopes",
        claim=changed(_CLAIM["c.1"], sides.slope_sides, two=1.0),
    ),
    Mutant(
        name="(c.2) at every θ",
        claim=replace(_CLAIM["c.2"], assumes=()),
    ),
    Mutant(
        name="3 in place of 2 at critical points",
        claim=changed(_CLAIM["c.2"], sides.hessian_sides, two=3.0),
    ),
    Mutant(
        name="3 in place of 2 for ∫|f''|g",
        claim=changed(
            _CLAIM["d.1"], sides.univariate_sides, merged=True, matrix="H", two=3.0
        ),
    ),
    Mutant(
        name="1/η - 1 in place of 1/η - ½",
        claim=changed(_CLAIM["d.2"], sides.stable_sides, less=1.0),
    ),
)

T13 = Theorem(
    id="T13",
    title="Sharpness bounds the bends of the function",
    topic="stability",
    statement=r"Let $\sigma$ be piecewise linear and positively homogeneous, $C = 1$, and"
    r" $u_k = \frac{1}{n}\sum_i \sigma'(z_{ik})\,\tilde x_i$. For the squared loss"
    r" $\lambda_1(G) \ge 1 + 2\sum_k |a_k|\,\|u_k\|\,|\tilde w_k\cdot u_k|$ at every"
    r" $\theta$. The right side is the same on the whole orbit $\{T_\alpha\theta\}$, so"
    r" no rescaling brings the sharpness below it; and it bounds $\lambda_1(H)$ wherever"
    r" $\nabla L = 0$, interpolation included. For ReLU and $d = 1$ it speaks of the"
    r" function alone. With the kinks $\tau_k = -b_k/w_k$, $f'' = \sum_k"
    r" a_k|w_k|\,\delta_{\tau_k}$, and the empirical law $P$ of the inputs, let"
    r" $g^-(\tau) = P(x<\tau)^2\,E_{x<\tau}(\tau-x)\,(1+(E_{x<\tau}x)^2)^{1/2}$,"
    r" $g^+(\tau) = P(x>\tau)^2\,E_{x>\tau}(x-\tau)\,(1+(E_{x>\tau}x)^2)^{1/2}$ with"
    r" conditional means, each 0 where no input is on that side, and $g = \min(g^-, g^+)$."
    r" Then $\lambda_1(G) \ge 1 + 2\int |f''|\,g$, where $|f''|$ merges units with equal"
    r" kinks. A critical point at which gradient descent of step $\eta$ is stable,"
    r" $\lambda_1(H) \le 2/\eta$, therefore has $\int |f''|\,g \le \frac{1}{\eta} -"
    r" \frac{1}{2}$.",
    hypotheses=(
        r"squared loss with its factor $\frac{1}{2}$; the output bias $c$ is a parameter",
        r"$\sigma$ piecewise linear and positively homogeneous; off the kinks",
        r"$C = 1$, but in (a.4)",
        r"(b), (d): ReLU, $d = 1$, and every $w_k \ne 0$",
        r"(c.2), (d): $\nabla L(\theta) = 0$",
        r"(d.2): $\lambda_1(H) \le 2/\eta$, $\eta > 0$",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a) Let $v = \frac{1}{n}\sum_i \nabla f(x_i)$. As $\sigma(z) = \sigma'(z)z$,"
    r" its blocks are $a_ku_k$ on $\tilde w_k$, $\frac{1}{n}\sum_i \sigma(z_{ik}) = \tilde"
    r" w_k\cdot u_k$ on $a_k$ and $1$ on $c$ (T01), so $\|v\|^2 = 1 + \sum_k"
    r" (a_k^2\|u_k\|^2 + (\tilde w_k\cdot u_k)^2)$. With $G = \frac{1}{n}\sum_i \nabla"
    r" f(x_i)\nabla f(x_i)^T$, the mean of squares is at least the square of the mean:"
    r" $v^TGv = \frac{1}{n}\sum_i (\nabla f(x_i)\cdot v)^2 \ge (v\cdot v)^2$, and so"
    r" $\lambda_1(G) \ge v^TGv/\|v\|^2 \ge \|v\|^2$, which is (a.1). By $p^2 + q^2 \ge 2pq$"
    r" with $p = |a_k|\,\|u_k\|$, $q = |\tilde w_k\cdot u_k|$ it gives (a.2). $T_\alpha$"
    r" leaves the signs of the $z_{ik}$, hence the $u_k$, as they are, multiplies $\tilde"
    r" w_k$ by $\alpha_k$ and divides $a_k$ by it: the right side of (a.2) does not"
    r" change, and (a.2) at $T_\alpha\theta$ is (a.3). For $C$ outputs take a unit vector"
    r" $e$ of $\mathbb{R}^C$ and $v = \frac{1}{n}\sum_i J_i^Te$, with blocks $(a_k\cdot"
    r" e)u_k$, $(\tilde w_k\cdot u_k)e$ and $e$: as before $v^TGv \ge \frac{1}{n}\sum_i"
    r" (e\cdot J_iv)^2 \ge \|v\|^4$, so $\lambda_1(G) \ge 1 + \sum_k \|u_k\|^2(a_k\cdot"
    r" e)^2 + \sum_k (\tilde w_k\cdot u_k)^2$, and the best $e$ makes the middle term"
    r" $\lambda_1(\sum_k \|u_k\|^2a_ka_k^T)$: (a.4). (b) Let $w_k > 0$: the inputs with"
    r" $z_{ik} > 0$ are those beyond $\tau_k$. With $P = P(x>\tau_k)$ and $E$ their mean,"
    r" $u_k = P\,(E, 1)$, so $\|u_k\| = P\,(1+E^2)^{1/2}$, and $\tilde w_k\cdot u_k ="
    r" \frac{1}{n}\sum_i \sigma(w_k(x_i-\tau_k)) = w_k\,P\,E_{x>\tau_k}(x-\tau_k)$; the"
    r" product times $|a_k|$ is $|a_kw_k|\,g^+(\tau_k)$. For $w_k < 0$ the inputs are those"
    r" below $\tau_k$ and $\tilde w_k\cdot u_k = |w_k|\,P\,E_{x<\tau_k}(\tau_k-x)$: (b.1)."
    r" If no input is active, $u_k = 0$ and $g^{\pm}(\tau_k) = 0$. As $\tilde w_k\cdot u_k"
    r" \ge 0$ for ReLU, (a.2) and (b.1) are (b.2). At a kink $\tau$ the mass of $|f''|$ is"
    r" $|\sum_{k:\tau_k=\tau} a_k|w_k|| \le \sum_{k:\tau_k=\tau} |a_kw_k|$, and $g \le"
    r" g^{\pm}$, so $\int |f''|\,g \le \sum_k |a_kw_k|\,g^{\pm}(\tau_k)$: (b.3)."
    r" (c) $F$ couples $\tilde w_k$ with $a_k$ alone, through $U_k = \frac{1}{n}\sum_i"
    r" r_i\sigma'(z_{ik})\tilde x_i$ (T03a), and $\nabla_{\tilde w_k}L = a_kU_k$. Hence"
    r" $v^TFv = 2\sum_k a_k(u_k\cdot U_k)(\tilde w_k\cdot u_k) = 2\sum_k (\tilde w_k\cdot"
    r" u_k)(u_k\cdot\nabla_{\tilde w_k}L)$, and $\lambda_1(H) \ge (v^TGv + v^TFv)/\|v\|^2$"
    r" with $v^TGv \ge \|v\|^4$ is (c.1). Where $\nabla L = 0$ the sum vanishes, whatever"
    r" the $a_k$ are, and $p^2 + q^2 \ge 2pq$ gives (c.2). (d) (c.2), (b.1) and the last"
    r" step of (b.3) are (d.1); with $\lambda_1(H) \le 2/\eta$ it says $1 + 2\int |f''|"
    r"\,g \le 2/\eta$, which is (d.2).",
    source="Mulayoff, Michaeli and Soudry (2021), whose loss is the same for d = 1;"
    " several inputs, outputs and the orbit derived here",
    uses=("T01", "T03", "T10"),
    witnesses=(
        Witness(
            labels=("a.1", "a.2", "a.3", "a.4", "b.2", "b.3", "c.1", "c.2", "d.1"),
            note="f = 15|x| at x = ±3/4: 1 + 2·30·15/64 = 241/16 = λ_1",
            example=_ROOF,
        ),
        Witness(
            labels=("a.1", "a.2", "a.4"),
            note="one sample, a = b = 1: λ_1(G) = 3",
            example=_FLAT,
        ),
        Witness(
            labels=("d.2",),
            note="f = a|wx| at x = ±3/4 with a = 4/5, w = 4/3, rounded down: η = 1",
            example=_EDGE,
            ratio=1 - 1e-4,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the output bias among the parameters: f = 15|x| has λ_1 = 225/16"
            " without it",
            claim=changed(_CLAIM["a.2"], sides.gauss_newton_sides, bias=False),
            example=_ROOF,
        ),
        Counterexample(
            dropped="∇L = 0 in (c.2): a = b = 1, r = -1 has λ_1(H) = 1 + √2 < 3",
            claim=replace(_CLAIM["c.2"], assumes=()),
            example=_FLAT,
        ),
        Counterexample(
            dropped="σ homogeneous in (a.2): z² at z = 1, a = 0.5, where λ_1(G) = 3 and"
            " the right side would be 5",
            claim=replace(_CLAIM["a.2"], activations=("quadratic",)),
            example=_FLAT.but(activation="quadratic", A=((Fraction(1, 2),),)),
        ),
        Counterexample(
            dropped="C = 1 in (a.2), with ‖a_k‖ for |a_k|: two outputs with a unit each"
            " have λ_1(G) = 4 < 5",
            claim=replace(_CLAIM["a.2"], outputs="any"),
            example=_FLAT.but(
                W=((0,), (0,)),
                b=(1, 1),
                A=((1, 0), (0, 1)),
                c=(0, 0),
                residual=((0, 0),),
            ),
        ),
        Counterexample(
            dropped="the square of P in (b.2): f = 15|x| would need λ_1 ≥ 233/8",
            claim=changed(_CLAIM["b.2"], sides.univariate_sides, merged=False, power=1),
            example=_ROOF,
        ),
    ),
)
