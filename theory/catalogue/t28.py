"""T28: unbounded sharpness at a fixed function."""

from dataclasses import replace
from typing import Any, Final

from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR
from .laws import law
from .t11_sides import orbit_shares

__all__ = ["T28"]

lambda_1 = call("lmax", name("H"))


def _moved(q: Any, drawn: Any, *, targets: bool = False) -> Any:
    """The network at T_αθ; with the targets kept, where f may change."""
    return q.rescaled_otherwise(drawn.alpha) if targets else q.rescaled(drawn.alpha)


def _function_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return _moved(q, drawn, targets=True).f, q.f


def _shares(q: Any, *, weighted: bool = True) -> Any:
    """P_k = (1/n) Σ_i σ'² ‖x̃_i‖² a_kᵀS_ia_k, or with ‖a_k‖² for a_kᵀS_ia_k, (m,)."""
    if weighted:
        return orbit_shares(q)[0]
    squares = (q.xt * q.xt).sum(-1)[..., None]
    return (q.A * q.A).sum(-2) * (q.s1 * q.s1 * squares).mean(-2)


def _block_trace_sides(
    q: Any, drawn: Any, *, power: int = 2, weighted: bool = True
) -> tuple[Any, Any]:
    """tr H_{w̃_k w̃_k} at T_αθ, and P_k / α_k², (m,)."""
    P = _shares(q, weighted=weighted)
    diagonal = _moved(q, drawn).H[..., range(q.p), range(q.p)]
    weights = diagonal[..., q.place["W"]].reshape(q.m, q.d).sum(-1)
    return weights + diagonal[..., q.place["b"]], P / drawn.alphas**power


def _sharpness_sides(
    q: Any,
    drawn: Any,
    *,
    power: int = 2,
    more: int = 1,
    targets: bool = False,
    weighted: bool = True,
) -> tuple[Any, Any]:
    """P_k / α_k² / (d + 1), (m,), and λ_1 at T_αθ."""
    P = _shares(q, weighted=weighted)
    share = P / drawn.alphas**power / float(q.d + more)
    return share, _moved(q, drawn, targets=targets).eigenvalues("H")[..., :1]


_T28 = (
    Claim(
        label="a.1",
        statement=r"$f(X; T_\alpha\theta) = f(X; \theta)$",
        law=law(_function_sides, "==", "rescaling"),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="a.2",
        statement=r"$\operatorname{tr} H_{\tilde w_k\tilde w_k}(T_\alpha\theta) ="
        r" \alpha_k^{-2}P_k$",
        law=law(_block_trace_sides, "==", "rescaling"),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="a.3",
        statement=r"$\lambda_1(H(T_\alpha\theta)) \ge \frac{1}{d+1}\alpha_k^{-2}P_k$ for"
        r" every $k$",
        law=law(_sharpness_sides, "<=", "rescaling"),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="b",
        statement=r"$\lambda_1(H) \ge 1$",
        law=Constant(1) <= lambda_1,
        losses=("squared",),
    ),
)

_CLAIM: Final = {claim.label: claim for claim in _T28}

_DEAD = Example(
    activation="relu",
    x=((1,), (2,)),
    W=((-1,),),
    b=(0,),
    A=((0,),),
    c=(0,),
    residual=((0,), (0,)),
)
"""A = 0 and σ(z) = 0: only the output bias moves f."""

_STEEP = Example(
    activation="identity",
    x=((1,), (-1,)),
    W=((0,),),
    b=(0,),
    A=((1000,),),
    c=(0,),
    residual=((0,), (0,)),
    drawn={"alpha": (1,)},
)
"""The weights into the unit see a multiple of the unit matrix: H_{w̃w̃} = 10⁶ I."""

T28 = Theorem(
    id="T28",
    title="Unbounded sharpness at a fixed function",
    topic="symmetry",
    statement=r"Let $\sigma$ be piecewise linear and positively homogeneous, and let"
    r" $T_\alpha$ multiply $\tilde w_k$ by $\alpha_k > 0$ and divide $a_k$ by it. Then $f$"
    r" is the same at $T_\alpha\theta$, while $\lambda_1(H(T_\alpha\theta)) \ge"
    r" \frac{1}{d+1}\alpha_k^{-2}P_k$ with $P_k = \frac{1}{n}\sum_i\sigma'(z_{ik})^2"
    r"\|\tilde x_i\|^2\,a_k^TS_ia_k$ (squared loss: $a_k^TS_ia_k = \|a_k\|^2$). So if some"
    r" $P_k > 0$, the sharpness of the same function is unbounded as $\alpha_k \to 0$. For"
    r" the squared loss it cannot tend to 0: $\lambda_1(H) \ge 1$ for every $\sigma$ and"
    r" $\theta$.",
    hypotheses=(
        (
            r"(a) $\sigma$ is piecewise linear and positively homogeneous, no"
            r" pre-activation is on a kink"
        ),
        r"(a.2), (a.3) $\ell$ is twice differentiable in $f$, as all three losses are",
        (
            r"(b) squared loss, $\sigma$ is twice differentiable at the pre-activations,"
            r" and the output bias $c$ is a parameter"
        ),
    ),
    claims=_T28,
    mutants=(
        Mutant(
            name="f(X; T_αθ) = f(X; θ) for smooth σ",
            claim=replace(_CLAIM["a.1"], activations=("tanh", "softplus", "quadratic")),
        ),
        Mutant(
            name="α⁻¹ in place of α⁻² in the trace",
            claim=replace(
                _CLAIM["a.2"], law=law(_block_trace_sides, "==", "rescaling", power=1)
            ),
        ),
        Mutant(
            name="‖a_k‖² in place of a_kᵀS_ia_k",
            claim=replace(
                _CLAIM["a.2"],
                law=law(_block_trace_sides, "==", "rescaling", weighted=False),
            ),
        ),
        Mutant(
            name="α⁻³ in place of α⁻²",
            claim=replace(
                _CLAIM["a.3"], law=law(_sharpness_sides, "<=", "rescaling", power=3)
            ),
        ),
        Mutant(
            name="α⁻¹ in place of α⁻²",
            claim=replace(
                _CLAIM["a.3"], law=law(_sharpness_sides, "<=", "rescaling", power=1)
            ),
        ),
        Mutant(
            name="P_k/d in place of P_k/(d + 1)",
            claim=replace(
                _CLAIM["a.3"], law=law(_sharpness_sides, "<=", "rescaling", more=0)
            ),
        ),
        Mutant(
            name="λ_1(H) ≥ 1.01",
            claim=replace(_CLAIM["b"], law=Constant(101) <= Constant(100) * lambda_1),
        ),
    ),
    proof=r"(a.1) $\sigma(\alpha z) = \alpha\sigma(z)$ for $\alpha > 0$, so unit $k$ adds"
    r" $\frac{1}{\alpha_k}a_k\sigma(\alpha_kz_{ik}) = a_k\sigma(z_{ik})$ to the outputs."
    r" (a.2) By T03(a) $F$ is 0 on the weights into a unit, so $H_{\tilde w_k\tilde w_k} ="
    r" G_{\tilde w_k\tilde w_k} = \frac{1}{n}\sum_i(a_k^TS_ia_k)\,\sigma'(z_{ik})^2"
    r"\tilde x_i\tilde x_i^T$, as $\partial f_c/\partial\tilde w_k ="
    r" A_{ck}\sigma'(z_{ik})\tilde x_i$ (T01): its trace is $P_k$. At $T_\alpha\theta$"
    r" $a_k$ is divided by $\alpha_k$, while $\sigma'(\alpha_kz_{ik}) = \sigma'(z_{ik})$"
    r" and $S_i$, which depends on $f(x_i)$ and $y_i$, stay: the trace is"
    r" $\alpha_k^{-2}P_k$."
    r" (a.3) This block has $d + 1$ rows. Its largest eigenvalue is at least the mean of"
    r" all, $\frac{1}{d+1}\alpha_k^{-2}P_k$, and by Rayleigh's quotient on vectors that"
    r" are 0 outside the block at most that of $H$."
    r" (b) $f_e$ depends on $c_c$ through $\delta_{ce}c_c$ alone, so $\partial^2L/"
    r"\partial c_c^2 = \frac{1}{n}\sum_i1 = 1$; $\lambda_1(H)$ is at least every diagonal"
    r" entry.",
    source="Dinh et al. (2017)",
    uses=("T01", "T03", "T10", "T11"),
    witnesses=(
        Witness(
            labels=("a.3",),
            note="identity, x = ±1, w = b = 0, a = 1000, α = 1: λ_1 = 10⁶ + 1 and"
            " P/(d + 1) = 10⁶",
            example=_STEEP,
            ratio=1 - 1e-6,
        ),
        Witness(
            labels=("b",),
            note="A = 0 and σ(z) = 0: λ_1(H) = 1",
            example=_DEAD,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="homogeneity in (a.1): tanh, α = 4",
            claim=replace(_CLAIM["a.1"], activations=("tanh",)),
            example=_DEAD.but(
                activation="tanh", W=((1,),), A=((1,),), drawn={"alpha": (4,)}
            ),
        ),
        Counterexample(
            dropped="homogeneity in (a.3): tanh with a = 1000 is flat in w̃ at α = 4",
            claim=replace(
                _CLAIM["a.3"],
                law=law(_sharpness_sides, "<=", "rescaling", targets=True),
                activations=("tanh",),
            ),
            example=_STEEP.but(
                activation="tanh",
                x=((1,),),
                W=((1,),),
                residual=((0,),),
                drawn={"alpha": (4,)},
            ),
        ),
        Counterexample(
            dropped="S_i in P_k: the logistic loss has S ≤ ¼, so ‖a_k‖² is too much",
            claim=replace(
                _CLAIM["a.3"],
                law=law(_sharpness_sides, "<=", "rescaling", weighted=False),
                losses=("logistic",),
            ),
            example=_STEEP.but(loss="logistic", residual=None, labels=(1, 1)),
        ),
        Counterexample(
            dropped="squared loss in (b): the logistic loss at f = 0 has λ_1(H) = ¼",
            claim=replace(_CLAIM["b"], losses=("logistic",)),
            example=_DEAD.but(x=((1,),), loss="logistic", residual=None, labels=(1,)),
        ),
    ),
)
