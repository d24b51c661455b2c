"""T27: with cross-entropy, curvature vanishes with the loss."""

from dataclasses import replace
from typing import Any, Final

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .laws import law
from .t01_sides import functional_norm_formula

__all__ = ["T27"]


def _squares(q: Any) -> Any:
    """‖J_i‖² (n,)."""
    rows = q.J.reshape(q.n, q.C, q.p)
    gram = rows @ rows.T
    return gram[..., 0, 0] if q.C == 1 else gram.eigenvalues()[..., 0]


def _bend(q: Any) -> Any:
    """max ‖∇²f_c(x_i)‖ over i and c."""
    return functional_norm_formula(q).max(-1).max(-1)


def _weighted_squares(q: Any) -> Any:
    """(1/n) Σ_i ℓ_i ‖J_i‖²."""
    return (q.ell * _squares(q)).mean(-1)


def _trace_sides(q: Any, drawn: Any, *, factor: float) -> tuple[Any, Any]:
    return q.G.trace(), _weighted_squares(q) * factor


def _sharpness_sides(q: Any, drawn: Any, *, factor: float) -> tuple[Any, Any]:
    return q.eigenvalues("G")[..., 0], _weighted_squares(q) * factor


def _largest_sides(
    q: Any, drawn: Any, *, factor: float, mean: bool = False
) -> tuple[Any, Any]:
    squares = _squares(q)
    size = squares.mean(-1) if mean else squares.max(-1)
    return q.eigenvalues("G")[..., 0], q.L * size * factor


def _residual_sides(q: Any, drawn: Any, *, factor: float) -> tuple[Any, Any]:
    return q.eigenvalues("F").abs().max(-1), q.L * _bend(q) * factor


def _hessian_sides(q: Any, drawn: Any, *, factor: float) -> tuple[Any, Any]:
    bound = q.L * (_squares(q).max(-1) + _bend(q)) * factor
    return q.eigenvalues("H").abs().max(-1), bound


SCALE = 2.0


def _margin(q: Any) -> Any:
    """γ = min_i (f_y - max_{c ≠ y} f_c), for the logistic loss min_i (2y - 1) f."""
    if q.C == 1:
        return (q.f * (q.t * 2.0 - 1.0))[..., 0].min(-1)
    own = (q.f * q.t).sum(-1)
    # labels are indicators: what is subtracted keeps f_y below every other output
    rest = (q.f - q.t * (q.f.abs().max(-1) * 2.0 + 1.0)[..., None]).max(-1)
    return (own - rest).min(-1)


def _margin_sides(
    q: Any, drawn: Any, *, rate: float = 1.0, power: int = 2
) -> tuple[Any, Any]:
    sharpness = q.with_output_scaled(SCALE).eigenvalues("H").abs().max(-1)
    share = (_margin(q) * (-SCALE * rate)).exp() * (
        1.0 if q.C == 1 else 2.0 * q.C - 2.0
    )
    size = _squares(q).max(-1) * SCALE**power + _bend(q) * SCALE
    return sharpness, share * size


_BOTH: Final = ("logistic", "softmax")
_LOGISTIC: Final[dict[str, Any]] = {"losses": ("logistic",)}
_SOFTMAX: Final[dict[str, Any]] = {"losses": ("softmax",)}

_T27 = (
    Claim(
        label="a.1",
        statement=r"logistic: $\operatorname{tr} G \le \frac{1}{n}\sum_i\ell_i\|J_i\|^2$",
        law=law(_trace_sides, "<=", factor=1.0),
        **_LOGISTIC,
    ),
    Claim(
        label="a.2",
        statement=r"softmax: $\operatorname{tr} G \le \frac{2}{n}\sum_i\ell_i\|J_i\|^2$",
        law=law(_trace_sides, "<=", factor=2.0),
        **_SOFTMAX,
    ),
    Claim(
        label="b.1",
        statement=r"softmax: $\lambda_1(G) \le \frac{2}{n}\sum_i\ell_i\|J_i\|^2$",
        law=law(_sharpness_sides, "<=", factor=2.0),
        **_SOFTMAX,
    ),
    Claim(
        label="b.2",
        statement=r"softmax: $\lambda_1(G) \le 2L\,\max_i\|J_i\|^2$",
        law=law(_largest_sides, "<=", factor=2.0),
        **_SOFTMAX,
    ),
    Claim(
        label="b.3",
        statement=r"logistic: $\lambda_1(G) \le L\,\max_i\|J_i\|^2$",
        law=law(_largest_sides, "<=", factor=1.0),
        **_LOGISTIC,
    ),
    Claim(
        label="c.1",
        statement=r"softmax: $\|F\| \le 2L\,\max_{i,c}\|\nabla^2f_c(x_i)\|$",
        law=law(_residual_sides, "<=", factor=2.0),
        **_SOFTMAX,
    ),
    Claim(
        label="c.2",
        statement=r"logistic: $\|F\| \le L\,\max_i\|\nabla^2f(x_i)\|$",
        law=law(_residual_sides, "<=", factor=1.0),
        **_LOGISTIC,
    ),
    Claim(
        label="d.1",
        statement=r"softmax: $\|H\| \le 2L(\max_i\|J_i\|^2 +"
        r" \max_{i,c}\|\nabla^2f_c(x_i)\|)$",
        law=law(_hessian_sides, "<=", factor=2.0),
        **_SOFTMAX,
    ),
    Claim(
        label="d.2",
        statement=r"logistic: $\|H\| \le L(\max_i\|J_i\|^2 +"
        r" \max_i\|\nabla^2f(x_i)\|)$",
        law=law(_hessian_sides, "<=", factor=1.0),
        **_LOGISTIC,
    ),
    Claim(
        label="e",
        statement=r"with margin $\gamma$, and $A$, $c$ multiplied by $s \ge 1$ (here 2):"
        r" $\|H\| \le \kappa e^{-s\gamma}(s^2\,\max_i\|J_i\|^2 +"
        r" s\,\max_{i,c}\|\nabla^2f_c(x_i)\|)$, $\kappa = 1$ for the logistic loss and"
        r" $2(C-1)$ for softmax, the rest as before the scaling",
        law=law(_margin_sides, "<="),
        losses=_BOTH,
    ),
)

_CLAIM: Final = {claim.label: claim for claim in _T27}

_CONFIDENT = Example(
    activation="identity",
    loss="logistic",
    x=((0,),),
    W=((0,),),
    b=(0,),
    A=((0,),),
    c=(12,),
    labels=(1,),
)
"""One sample whose label has probability 1 - 6e-6; J_i = (0, 0, 0, 1)."""

_CONFIDENT_SOFTMAX = _CONFIDENT.but(
    loss="softmax", A=((0,), (0,)), c=(12, 0), labels=(0,)
)

_BENT = _CONFIDENT.but(activation="quadratic", A=((10**6,),))
"""The same with σ'' = 2 and a large a: F is much larger than G."""

_BENT_SOFTMAX = _CONFIDENT_SOFTMAX.but(
    activation="quadratic", A=((10**6,), (-(10**6),))
)

T27 = Theorem(
    id="T27",
    title="Cross-entropy: curvature vanishes with the loss",
    topic="cross-entropy",
    statement=r"For softmax $\|H\| \le 2L(\max_i\|J_i\|^2 +"
    r" \max_{i,c}\|\nabla^2f_c(x_i)\|)$, and half of that for the logistic loss: what fits"
    r" its labels well is flat. Multiplying $A$ and $c$ by $s \ge 1$ changes no decision"
    r" of the classifier, and where its margin on the data is $\gamma > 0$ sharpness"
    r" decays at least like $s^2e^{-s\gamma}$: flatness of cross-entropy is a scale of"
    r" the margin.",
    hypotheses=(
        r"logistic or softmax loss",
        r"$\sigma$ is twice differentiable at the pre-activations",
        (
            r"(e) $\gamma = \min_i(f_{y_i}(x_i) - \max_{c\ne y_i}f_c(x_i))$, for the"
            r" logistic loss $\min_i(2y_i - 1)f(x_i)$; of either sign"
        ),
    ),
    claims=_T27,
    mutants=(
        Mutant(
            name="logistic: 0.9 in place of 1 for tr G",
            claim=replace(_CLAIM["a.1"], law=law(_trace_sides, "<=", factor=0.9)),
        ),
        Mutant(
            name="softmax: 1 in place of 2 for tr G",
            claim=replace(_CLAIM["a.2"], law=law(_trace_sides, "<=", factor=1.0)),
        ),
        Mutant(
            name="softmax: 1 in place of 2 for λ_1(G)",
            claim=replace(_CLAIM["b.1"], law=law(_sharpness_sides, "<=", factor=1.0)),
        ),
        Mutant(
            name="softmax: mean ‖J_i‖² in place of the largest",
            claim=replace(
                _CLAIM["b.2"], law=law(_largest_sides, "<=", factor=2.0, mean=True)
            ),
        ),
        Mutant(
            name="logistic: mean ‖J_i‖² in place of the largest",
            claim=replace(
                _CLAIM["b.3"], law=law(_largest_sides, "<=", factor=1.0, mean=True)
            ),
        ),
        Mutant(
            name="softmax: 1 in place of 2 for F",
            claim=replace(_CLAIM["c.1"], law=law(_residual_sides, "<=", factor=1.0)),
        ),
        Mutant(
            name="logistic: 0.9 in place of 1 for F",
            claim=replace(_CLAIM["c.2"], law=law(_residual_sides, "<=", factor=0.9)),
        ),
        Mutant(
            name="softmax: 1 in place of 2 for H",
            claim=replace(_CLAIM["d.1"], law=law(_hessian_sides, "<=", factor=1.0)),
        ),
        Mutant(
            name="logistic: 0.8 in place of 1 for H",
            claim=replace(_CLAIM["d.2"], law=law(_hessian_sides, "<=", factor=0.8)),
        ),
        Mutant(
            name="decay like e^(-2sγ)",
            claim=replace(_CLAIM["e"], law=law(_margin_sides, "<=", rate=2.0)),
        ),
        Mutant(
            name="s in place of s² for ‖J_i‖²",
            claim=replace(_CLAIM["e"], law=law(_margin_sides, "<=", power=1)),
        ),
    ),
    proof=r"By T02(e) $S_i \le |r_i| \le \ell_i$ for the logistic loss, and"
    r" $\operatorname{tr} S_i \le 2(1 - p_{y_i})$, $\|S_i\| \le 2(1 - p_{y_i})$,"
    r" $\|r_i\|_1 = 2(1 - p_{y_i})$ with $1 - p_{y_i} \le \ell_i$ for softmax. So with"
    r" $\kappa_0 = 1$ and 2 in turn $\operatorname{tr} S_i$, $\|S_i\|$ and $\|r_i\|_1$ are"
    r" at most $\kappa_0\ell_i$."
    r" (a) $\operatorname{tr} G = \frac{1}{n}\sum_i\operatorname{tr}(S_iJ_iJ_i^T) \le"
    r" \frac{1}{n}\sum_i\operatorname{tr}(S_i)\|J_i\|^2$, as $S_i$ is positive"
    r" semi-definite and $J_iJ_i^T \preceq \|J_i\|^2I$."
    r" (b) $G$ is positive semi-definite, so $\lambda_1(G) \le \operatorname{tr} G$, or"
    r" $\lambda_1(G) \le \frac{1}{n}\sum_i\|S_i\|\,\|J_i\|^2$ directly; with the mean of"
    r" $\ell_i$, which is $L$, the largest $\|J_i\|^2$ can be taken out."
    r" (c) $F = \frac{1}{n}\sum_i\sum_cr_{ic}\nabla^2f_c(x_i)$, so $\|F\| \le"
    r" \frac{1}{n}\sum_i\|r_i\|_1\,\max_c\|\nabla^2f_c(x_i)\| \le"
    r" \kappa_0L\,\max_{i,c}\|\nabla^2f_c(x_i)\|$."
    r" (d) $\|H\| \le \|G\| + \|F\|$, and $\|G\| = \lambda_1(G)$."
    r" (e) At $\theta$ with $A$ and $c$ multiplied by $s$ the outputs are $sf$. There the"
    r" logistic $\ell_i = \log(1 + e^{-s(2y_i-1)f(x_i)}) \le e^{-s\gamma}$ and the"
    r" softmax $\ell_i = \log(1 + \sum_{c\ne y_i}e^{s(f_c - f_{y_i})}) \le"
    r" (C-1)e^{-s\gamma}$, since $\log(1 + u) \le u$; so $\kappa_0L \le \kappa"
    r" e^{-s\gamma}$. The columns of $J_i$ for the first layer are multiplied by $s$, the"
    r" others stay: $\|J_i\|$ grows at most by $s$, as $s \ge 1$. In"
    r" $\|\nabla^2f_c(x_i)\| = \max_k\frac{1}{2}(|A_{ck}\sigma''|N +"
    r" \sqrt{N}\sqrt{A_{ck}^2\sigma''^2N + 4\sigma'^2})$, $N = \|\tilde x_i\|^2$"
    r" (T01(iv)), $A_{ck}$ is multiplied by $s$: it grows at most by $s$ too. Insert"
    r" these in (d).",
    source="derived here",
    uses=("T01", "T02"),
    witnesses=(
        Witness(
            labels=("a.1", "b.3"),
            note="one confident sample, f = 12: S/ℓ is within 1e-5 of 1, its limit",
            example=_CONFIDENT,
            ratio=1 - 1e-5,
        ),
        Witness(
            labels=("a.2", "b.1", "b.2"),
            note="softmax with f = (12, 0) and y = 1: ‖S‖/(2ℓ) is within 1e-5 of 1",
            example=_CONFIDENT_SOFTMAX,
            ratio=1 - 1e-5,
        ),
        Witness(
            labels=("c.2", "d.2"),
            note="the same sample, σ = z², a = 10⁶: r/ℓ tends to 1, and G is small"
            " beside F",
            example=_BENT,
            ratio=1 - 1e-5,
        ),
        Witness(
            labels=("c.1", "d.1"),
            note="softmax with f = (12, 0), σ = z², a = (10⁶, -10⁶): ‖r‖_1/(2ℓ) tends"
            " to 1",
            example=_BENT_SOFTMAX,
            ratio=1 - 1e-5,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the factor 2 for softmax: p = (0.9, 0.1) has ‖S‖ = 0.18 but"
            " ℓ = 0.105, ‖J‖ = 1",
            claim=replace(_CLAIM["b.1"], law=law(_sharpness_sides, "<=", factor=1.0)),
            # log 9
            example=_CONFIDENT_SOFTMAX.but(c=(2.1972245773362196, 0)),
        ),
        Counterexample(
            dropped="cross-entropy: the squared loss at interpolation has L = 0 and"
            " λ_1(H) = 1",
            claim=replace(_CLAIM["d.2"], losses=("squared",)),
            example=_CONFIDENT.but(loss="squared", labels=None, residual=((0,),)),
        ),
    ),
)
