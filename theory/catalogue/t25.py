"""T25: small population complexity means small variance."""

from typing import Any, Final

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from .laws import changed, law_of

__all__ = ["T25"]

WORLD: Final = "gaussian-networks"


def _energy(q: Any) -> Any:
    """s²E‖∇f‖²: the constant of N(0, s²I) is s² = v."""
    return q.energy * q.v


def _identity_sides(q: Any, *, diagonal: bool = False) -> tuple[Any, Any]:
    """E‖∇f‖² and ⟨WWᵀ, G_bb⟩; a mutant adds up the diagonal alone."""
    total = 0
    for k in q.units:
        for h in q.units:
            if k == h or not diagonal:
                total = total + q.bias_block[k][h] * q.gram[k][h]
    return q.energy, total


def _interpolated_sides(q: Any, *, weight: str = "cos") -> tuple[Any, Any]:
    """Var f and s²∫ E∇f(x)·∇f(x_φ) cos φ dφ; a mutant has sin φ."""
    return q.variance, q.along(weight=weight) * q.v


def _variance_sides(q: Any, *, halves: int = 2, root: bool = False) -> tuple[Any, Any]:
    """Var f and s²E‖∇f‖²; mutants have half of it, or s for s²."""
    size = q.energy * q.scale if root else _energy(q)
    return q.variance, size * halves / 2


def _affine_part_sides(q: Any, *, times: int = 1) -> tuple[Any, Any]:
    """s²‖E∇f‖² and Var f; a mutant has a multiple on the left."""
    return q.mean_slope_squared * q.v * times, q.variance


def _refined_sides(q: Any, *, below: int = 2, affine: int = 1) -> tuple[Any, Any]:
    """Var f and ½s²(E‖∇f‖² + ‖E∇f‖²); mutants have 1/3 and 2/3, or lack the second."""
    mean = q.mean_slope_squared * (affine * (below - 1))
    return q.variance, (q.energy + mean) * q.v / below


def _affine_sides(q: Any, *, every: bool = False) -> tuple[Any, Any, bool]:
    """Var f and s²E‖∇f‖² where f is affine; a mutant has every f."""
    return q.variance, _energy(q), every or q.activation == "identity"


def _norm_sides(q: Any, *, power: int = 2, trace: bool = True) -> tuple[Any, Any]:
    """E‖∇f‖² and ‖W‖² tr G_bb; mutants have ‖W‖, or the largest entry of G_bb."""
    diagonal = [q.bias_block[k][k] for k in q.units]
    size = sum(diagonal) if trace else q.largest(diagonal)
    norm = q.weight_norm_squared
    return q.energy, size * (norm if power == 2 else norm.sqrt())


def _error_sides(q: Any, *, two: int = 2) -> tuple[Any, Any]:
    """Var(f - f*) and 2s²(E‖∇f‖² + E‖∇f*‖²); a mutant has 1 for 2."""
    return q.difference.variance, (_energy(q) + _energy(q.target)) * two


def _training_sides(q: Any) -> tuple[Any, Any]:
    """Var f and s² times the mean of ‖∇f‖² over training inputs."""
    return q.variance, q.training_slopes * q.v


def _claim(label: str, statement: str, side: Any, relation: Any) -> Claim:
    return Claim(label=label, statement=statement, law=law_of(WORLD, side, relation))


_CLAIMS = (
    _claim(
        "a.1",
        r"$E\|\nabla_xf\|^2 = \langle WW^T, G_{bb}\rangle$ with $G_{bb} ="
        r" E\,\nabla_bf\,\nabla_bf^T$",
        _identity_sides,
        "==",
    ),
    _claim(
        "a.2",
        r"$\operatorname{Var} f = s^2\int_0^{\pi/2} E\,\nabla f(x)\cdot\nabla"
        r" f(x_{\varphi})\,\cos\varphi\,d\varphi$, $x_{\varphi} = x\sin\varphi +"
        r" x'\cos\varphi$",
        _interpolated_sides,
        "==",
    ),
    _claim(
        "b.1",
        r"$\operatorname{Var} f \le s^2E\|\nabla_xf\|^2$",
        _variance_sides,
        "<=",
    ),
    _claim(
        "b.2",
        r"$s^2\|E\,\nabla_xf\|^2 \le \operatorname{Var} f$",
        _affine_part_sides,
        "<=",
    ),
    _claim(
        "b.3",
        r"$\operatorname{Var} f \le \frac{1}{2}s^2(E\|\nabla_xf\|^2 +"
        r" \|E\,\nabla_xf\|^2)$",
        _refined_sides,
        "<=",
    ),
    _claim(
        "b.4",
        r"$f$ affine: $\operatorname{Var} f = s^2E\|\nabla_xf\|^2$",
        _affine_sides,
        "==",
    ),
    _claim(
        "c",
        r"$E\|\nabla_xf\|^2 \le \|W\|^2\operatorname{tr} G_{bb}$",
        _norm_sides,
        "<=",
    ),
    _claim(
        "d",
        r"$\operatorname{Var}(f-f^*) \le 2s^2(E\|\nabla_xf\|^2 +"
        r" E\|\nabla_xf^*\|^2)$",
        _error_sides,
        "<=",
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}


def _mutant(name: str, label: str, side: Any, **changes: Any) -> Mutant:
    return Mutant(name=name, claim=changed(_CLAIM[label], side, **changes))


_LINE = WorldExample(
    world=WORLD,
    values={
        "activation": "identity",
        "own": {"W": ((1,),), "b": (0,), "a": (1,)},
        "target": {"W": ((1,),), "b": (0,), "a": (-1,)},
        "inputs": ((1,),),
    },
)
"""f = x, f* = -x."""

_RAMP = _LINE.but(activation="relu", inputs=((-1,),))
"""f = relu(x), with the only training input where f is 0."""

T25 = Theorem(
    id="T25",
    title="Small population complexity means small variance",
    topic="generalisation",
    statement=r"Let $x$ be Gaussian, $N(0, s^2I_d)$, and $f(x) = \sum_k a_k\sigma(w_k\cdot"
    r" x+b_k)+c$ with $\sigma$ locally Lipschitz, its slope of polynomial growth. Then"
    r" $\operatorname{Var} f \le s^2E\|\nabla_xf\|^2 = s^2\langle WW^T, G_{bb}\rangle \le"
    r" s^2\|W\|^2\operatorname{tr} G_{bb}$, where $G_{bb}$ is the population bias block"
    r" of the Gauss-Newton matrix. The first inequality is an equality if and only if"
    r" $f$ is affine, for by (b.3) the gap is at least $\frac{1}{2}s^2E\|\nabla_xf -"
    r" E\,\nabla_xf\|^2$. For any other law of $x$ the factor $s^2$ becomes its Poincaré"
    r" constant. Applied to the error, $\operatorname{Var}(f-f^*) \le"
    r" 2s^2(E\|\nabla_xf\|^2+E\|\nabla_xf^*\|^2)$: low complexity of a network and of its"
    r" target leaves little but a constant to be wrong by. The averages are over the"
    r" population; those over training inputs say nothing of the kind. Judged where"
    r" every average has a closed form: the identity, ReLU, leaky ReLU and the modulus"
    r" (arc-cosine kernels), erf, the square and the sine.",
    hypotheses=(
        r"$x$ distributed as $N(0, s^2I_d)$, $s > 0$; $x'$ an independent copy",
        r"$\sigma$ locally Lipschitz with a slope of polynomial growth",
        r"(b.4): $f$ affine",
        r"(d): $f^*$ locally Lipschitz with a slope of polynomial growth",
    ),
    claims=_CLAIMS,
    mutants=(
        _mutant("the diagonal of G_bb alone", "a.1", _identity_sides, diagonal=True),
        _mutant("sin φ in place of cos φ", "a.2", _interpolated_sides, weight="sin"),
        _mutant("½ in place of 1", "b.1", _variance_sides, halves=1),
        _mutant("s in place of s²", "b.1", _variance_sides, root=True),
        _mutant("2 in place of 1 below", "b.2", _affine_part_sides, times=2),
        _mutant("1/3 and 2/3 in place of ½", "b.3", _refined_sides, below=3),
        _mutant("‖E∇f‖² left out of (b.3)", "b.3", _refined_sides, affine=0),
        _mutant("equality for every f", "b.4", _affine_sides, every=True),
        _mutant("‖W‖ in place of ‖W‖²", "c", _norm_sides, power=1),
        _mutant("max_k in place of Σ_k in tr G_bb", "c", _norm_sides, trace=False),
        _mutant("1 in place of 2", "d", _error_sides, two=1),
    ),
    proof=r"(a) $\nabla_xf = \sum_k a_k\sigma'(z_k)w_k = W^T\nabla_bf$, so"
    r" $E\|\nabla_xf\|^2 = \operatorname{tr}(W^TG_{bb}W)$, which is (a.1). For the rest"
    r" take $s = 1$ first. Let $h_{\alpha}$ be the Hermite polynomials that are"
    r" orthonormal under $N(0, I_d)$, and $f_{\alpha} = E\,fh_{\alpha}$. The growth of"
    r" $\sigma$ and $\sigma'$ puts $f$ and $\partial_jf$ into $L^2$, and integration by"
    r" parts, allowed for locally Lipschitz $f$, gives $E\,\partial_jf\,h_{\beta} ="
    r" (\beta_j+1)^{1/2}f_{\beta+e_j}$. By Parseval's identity $\operatorname{Var} f ="
    r" \sum_{|\alpha|\ge 1} f_{\alpha}^2$ and $E\|\nabla f\|^2 = \sum_{\alpha}"
    r" |\alpha|f_{\alpha}^2$; the coefficients of degree 1 are $E\,\partial_jf$, so"
    r" $\|E\,\nabla f\|^2 = \sum_{|\alpha|=1} f_{\alpha}^2$. As $x$ and $x_{\varphi}$ are"
    r" jointly Gaussian with the correlation $\sin\varphi$, Mehler's formula gives"
    r" $E\,\nabla f(x)\cdot\nabla f(x_{\varphi}) = \sum_{\alpha}"
    r" |\alpha|(\sin\varphi)^{|\alpha|-1}f_{\alpha}^2$, and $\int_0^{\pi/2}"
    r" k(\sin\varphi)^{k-1}\cos\varphi\,d\varphi = 1$: (a.2). (b) Comparing the sums term"
    r" by term: $1 \le |\alpha|$ for $|\alpha| \ge 1$ is (b.1); leaving out degrees above 1"
    r" is (b.2); and $1 \le \frac{1}{2}|\alpha|$ for $|\alpha| \ge 2$, $1 = \frac{1}{2} +"
    r" \frac{1}{2}$ for $|\alpha| = 1$, is (b.3). For affine $f$ only degrees 0 and 1"
    r" occur: (b.4). By (b.3) the gap in (b.1) is at least $\frac{1}{2}(E\|\nabla f\|^2 -"
    r" \|E\,\nabla f\|^2)$, so equality makes $\nabla f$ constant almost everywhere, and"
    r" a locally Lipschitz $f$ affine. For another $s$ apply all this to $g(y) = f(sy)$"
    r" with $y$ standard: $\nabla g = s\nabla f$. (c) $\operatorname{tr}(W^TG_{bb}W) ="
    r" \operatorname{tr}(G_{bb}WW^T) \le \|W\|^2\operatorname{tr} G_{bb}$, as $G_{bb}$ is"
    r" positive semi-definite. (d) (b.1) for $f-f^*$, and $\|u-v\|^2 \le"
    r" 2\|u\|^2+2\|v\|^2$.",
    source="Gaussian Poincaré inequality (Nash 1958) with theorem T06; (b.3) by the"
    " same expansion",
    uses=("T06",),
    witnesses=(
        Witness(
            labels=("b.1", "b.2", "b.3", "c", "d"),
            note="f = x and f* = -x: Var f = 1, Var(f - f*) = 4 = 2(1 + 1)",
            example=_LINE,
        ),
        Witness(
            labels=("b.3",),
            note="f = x²: Var f = 2 = ½E(2x)²",
            example=_LINE.but(activation="quadratic"),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the average over the population: f = relu(x) has slope 0 at x = -1"
            " and the variance ½ - 1/2π",
            claim=changed(_CLAIM["b.1"], _training_sides),
            example=_RAMP,
        ),
        Counterexample(
            dropped="the variance of the inputs: f = x at s = 2 has the variance 4",
            claim=changed(_CLAIM["b.1"], _variance_sides, root=True),
            example=_LINE.but(variance=4),
        ),
        Counterexample(
            dropped="the factor 1 in (b.1): f = x",
            claim=changed(_CLAIM["b.1"], _variance_sides, halves=1),
            example=_LINE,
        ),
        Counterexample(
            dropped="f affine in (b.4): f = x² has Var f = 2 and E f'² = 4",
            claim=changed(_CLAIM["b.4"], _affine_sides, every=True),
            example=_LINE.but(activation="quadratic"),
        ),
    ),
)
