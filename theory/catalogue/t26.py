"""T26: the interpolation manifold."""

from dataclasses import replace
from typing import Any, Final

from ..expressions import call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import BOUNDED
from .laws import law

__all__ = ["T26"]

C, H, n = name("C"), name("H"), name("n")


def _length(vector: Any) -> Any:
    return (vector * vector).sum(-1).sqrt()


def _applied(matrix: Any, v: Any) -> Any:
    return (matrix @ v[..., None])[..., 0]


def _least_sides(q: Any, drawn: Any, *, power: int = 2) -> tuple[Any, Any]:
    place = min(q.p, q.n * q.C) - 1
    return q.eigenvalues("H")[:, place], q.sigma[:, place] ** power / float(q.n)


def _normal_sides(q: Any, drawn: Any, *, above: int = 0) -> tuple[Any, Any]:
    """v = Jᵀu with σ_min(J)²/n |v|², and vᵀHv."""
    rows = q.n * q.C
    u = drawn.v[:, max(0, q.p - rows) :]
    v = q.pull_back(u.reshape(q.n, q.C)) if q.p >= rows else drawn.v * 0.0
    sigma = q.sigma[:, max(0, min(q.p, rows) - 1 - above)]
    share = sigma * sigma / float(q.n)
    return share * (v * v).sum(-1), (v * _applied(q.H, v)).sum(-1)


def _kernel_sides(q: Any, drawn: Any, *, less: int = 0) -> tuple[Any, Any]:
    """The eigenvalues of H beyond the first nC, and 0."""
    rest = q.eigenvalues("H")[:, max(0, min(q.p, q.n * q.C) - less) :]
    return rest, rest * 0.0


def _kernel_of_j_sides(q: Any, drawn: Any, *, least: bool = False) -> tuple[Any, Any]:
    v, norm = drawn.v, q.sigma[:, -1 if least else 0]
    there = _length(_applied(q.J, v))
    return _length(_applied(q.H, v)) * float(q.n), norm * there


def _kernel_of_h_sides(q: Any, drawn: Any, *, mean: bool = True) -> tuple[Any, Any]:
    v, along = drawn.v, _applied(q.J, drawn.v)
    product = _length(v) * _length(_applied(q.H, v))
    return (along * along).sum(-1), product * (float(q.n) if mean else 1.0)


def _lipschitz(q: Any, radius: Any) -> Any:
    """Λ(ρ): J changes by at most Λ(ρ) |u| from θ to θ + u, |u| <= ρ."""
    bend = q.second_bound
    rho = radius[:, None, None, None]
    inputs = q.norms_xt[:, :, None, None]
    slopes = q.s1.abs()[:, :, None, :] + rho * inputs * bend
    weights = q.A.abs()[:, None, :, :] + rho
    per_output = (weights * inputs * inputs * bend + slopes * inputs).max(-1)
    return (per_output * per_output).sum(-1, -2).sqrt()


def _off(q: Any) -> Any:
    """f(X; θ) - Y, (nC,)."""
    return q.r.reshape(q.n * q.C)


def _applies(q: Any, *others: Any) -> Any:
    """Where no pre-activation crosses a kink on the way."""
    flags = q.L.value >= 0
    for other in others if q.activation.kinks else ():
        flags = flags & q.same_cell(other)
    return flags


def _tangent_sides(
    q: Any, drawn: Any, *, half: float = 0.5, power: int = 2
) -> tuple[Any, Any, Any]:
    """How far off Y is f at θ + v, v in ker J as far as floats can say, and a bound."""
    v = q.exactly(q.tangent(drawn.v.value))
    there = q.displaced(v.value)
    length = _length(v)
    bound = _lipschitz(q, length) * length**power * half
    left, right = _length(_off(there)), _length(_applied(q.J, v)) + bound
    return left, right, _applies(q, there)


def _newton_sides(
    q: Any, drawn: Any, *, half: float = 0.5, along: float = 1.0
) -> tuple[Any, Any, Any]:
    """The same after w = -J⁺(f(X; θ + v) - Y), as far as floats can say."""
    v = q.tangent(drawn.v.value)
    there = q.displaced(v)
    both = v + q.newton_step(there.r.value)
    after = q.displaced(both)
    w = q.exactly(both) - q.exactly(v)
    first, second = _length(q.exactly(v)), _length(w)
    spread = _lipschitz(q, first + second) * (first * along + second * half) * second
    left = _length(_off(after))
    right = _length(_off(there) + _applied(q.J, w)) + spread
    return left, right, _applies(q, there, after)


_FULL_RANK: Final[dict[str, Any]] = {
    "assumes": ("interpolation", "full_rank_jacobian"),
    "losses": ("squared",),
}
_ANY_RANK: Final[dict[str, Any]] = {
    "assumes": ("interpolation",),
    "losses": ("squared",),
}

_T26 = (
    Claim(
        label="a",
        statement=r"$\lambda_{nC}(H) = \frac{1}{n}\sigma_{nC}(J)^2$, which is positive",
        law=law(_least_sides, "=="),
        **_FULL_RANK,
    ),
    Claim(
        label="b.1",
        statement=r"$v^THv \ge \frac{1}{n}\sigma_{nC}(J)^2\|v\|^2$ for every $v = J^Tu$",
        law=law(_normal_sides, "<=", "directions"),
        **_FULL_RANK,
    ),
    Claim(
        label="b.2",
        statement=r"$\lambda_j(H) = 0$ for $j > nC$: with (a), $\dim \ker H = p - nC$",
        law=law(_kernel_sides, "=="),
        **_FULL_RANK,
    ),
    Claim(
        label="b.3",
        statement=r"$n\|Hv\| \le \|J\|\,\|Jv\|$ for every $v$: $\ker J \subseteq \ker H$",
        law=law(_kernel_of_j_sides, "<=", "directions"),
        **_ANY_RANK,
    ),
    Claim(
        label="b.4",
        statement=r"$\|Jv\|^2 \le n\|v\|\,\|Hv\|$ for every $v$: $\ker H \subseteq \ker J$",
        law=law(_kernel_of_h_sides, "<=", "directions"),
        **_ANY_RANK,
    ),
    Claim(
        label="c.1",
        statement=r"$\|f(X; \theta + v) - Y\| \le"
        r" \frac{1}{2}\Lambda(\|v\|)\,\|v\|^2$ for $v \in \ker J$: along its tangent"
        r" space the manifold is left at second order",
        law=law(_tangent_sides, "<=", "directions"),
        activations=BOUNDED,
        **_FULL_RANK,
    ),
    Claim(
        label="c.2",
        statement=r"with $w = -J^+(f(X; \theta + v) - Y)$, $v \in \ker J$:"
        r" $\|f(X; \theta + v + w) - Y\| \le"
        r" \Lambda(\|v\| + \|w\|)\,(\|v\| + \frac{1}{2}\|w\|)\,\|w\|$, so that Newton's"
        r" steps along the normal space lead back to the manifold",
        law=law(_newton_sides, "<=", "directions"),
        activations=BOUNDED,
        **_FULL_RANK,
    ),
)

_CLAIM: Final = {claim.label: claim for claim in _T26}

_ONLY_OUTPUT_BIAS = Example(
    activation="relu",
    x=((1,),),
    W=((-1,),),
    b=(0,),
    A=((0,),),
    c=(0,),
    residual=((0,),),
)
"""J = (0, 0, 0, 1): the manifold is c = y, and the rest of θ its tangent space."""

T26 = Theorem(
    id="T26",
    title="The interpolation manifold",
    topic="interpolation",
    statement=r"Let $f(X) = Y$ at $\theta$ and let $J$ have full row rank $nC$ there, with"
    r" least singular value $\sigma_{nC}$. Then $\{f(X) = Y\}$ is near $\theta$ a $C^2$"
    r" manifold of dimension $p - nC$ with tangent space $\ker J = \ker H$, and $H$ is"
    r" positive definite on the normal space: $v^THv \ge"
    r" \frac{1}{n}\sigma_{nC}^2\|v\|^2$ there. With a constant: let"
    r" $|\sigma''| \le C_\sigma$ and $\Lambda(\rho)^2 = \sum_{i,c}\max_k((|A_{ck}| +"
    r" \rho)C_\sigma\|\tilde x_i\|^2 + (|\sigma'(z_{ik})| +"
    r" \rho C_\sigma\|\tilde x_i\|)\|\tilde x_i\|)^2$. Every $v \in \ker J$ with"
    r" $\Lambda(2\|v\|)\,\|v\| \le \frac{1}{3}\sigma_{nC}$ has a $w \perp \ker J$ with"
    r" $f(X; \theta + v + w) = Y$ and $\|w\| \le"
    r" \frac{1}{\sigma_{nC}}\Lambda(2\|v\|)\,\|v\|^2$.",
    hypotheses=(
        r"squared loss, $f(X) = Y$",
        r"(a), (b.1), (b.2), (c) $\operatorname{rank} J = nC$, so $p \ge nC$",
        (
            r"$\sigma$ is $C^2$ near the pre-activations; (c) $|\sigma''| \le C_\sigma$,"
            r" and no pre-activation crosses a kink between the points compared"
        ),
    ),
    claims=_T26,
    mutants=(
        Mutant(
            name="σ_nC(J)/n, not squared",
            claim=replace(_CLAIM["a"], law=law(_least_sides, "==", power=1)),
        ),
        Mutant(
            name="σ_(nC-1)(J)² in place of σ_nC(J)²",
            claim=replace(
                _CLAIM["b.1"], law=law(_normal_sides, "<=", "directions", above=1)
            ),
        ),
        Mutant(
            name="dim ker H = p - nC + 1",
            claim=replace(_CLAIM["b.2"], law=law(_kernel_sides, "==", less=1)),
        ),
        Mutant(
            name="σ_nC(J) in place of ‖J‖",
            claim=replace(
                _CLAIM["b.3"],
                law=law(_kernel_of_j_sides, "<=", "directions", least=True),
            ),
        ),
        Mutant(
            name="‖Jv‖² ≤ ‖v‖ ‖Hv‖, without n",
            claim=replace(
                _CLAIM["b.4"],
                law=law(_kernel_of_h_sides, "<=", "directions", mean=False),
            ),
        ),
        Mutant(
            name="left at third order along ker J",
            claim=replace(
                _CLAIM["c.1"], law=law(_tangent_sides, "<=", "directions", power=3)
            ),
        ),
        Mutant(
            name="0.45 Λ‖v‖² in place of ½ Λ‖v‖²",
            claim=replace(
                _CLAIM["c.1"], law=law(_tangent_sides, "<=", "directions", half=0.45)
            ),
        ),
        Mutant(
            name="½ Λ‖w‖² after Newton's step, without Λ‖v‖‖w‖",
            claim=replace(
                _CLAIM["c.2"], law=law(_newton_sides, "<=", "directions", along=0.0)
            ),
        ),
    ),
    proof=r"$J$ is the derivative of $\theta \mapsto f(X; \theta)$, a $C^2$ map, and onto"
    r" at $\theta$: by the implicit function theorem its level set is near $\theta$ a"
    r" $C^2$ manifold of dimension $p - nC$ with tangent space $\ker J$."
    r" (a) $H = \frac{1}{n}J^TJ$ there (T04(a)). Its eigenvalues are the"
    r" $\frac{1}{n}\sigma_j(J)^2$, $j \le nC$, and $p - nC$ zeros; $\sigma_{nC} > 0$ is"
    r" full row rank. (b.2) is the same."
    r" (b.1) The row space of $J$ has the right singular vectors $q_j$ of $\sigma_1 \ge"
    r" \dots \ge \sigma_{nC}$ as an orthonormal basis: $v = \sum_ju_jq_j$ has $v^THv ="
    r" \frac{1}{n}\|Jv\|^2 = \frac{1}{n}\sum_j\sigma_j^2u_j^2 \ge"
    r" \frac{1}{n}\sigma_{nC}^2\|v\|^2$."
    r" (b.3) $n\|Hv\| = \|J^TJv\| \le \|J\|\,\|Jv\|$, of any rank."
    r" (b.4) $\|Jv\|^2 = nv^THv \le n\|v\|\,\|Hv\|$, of any rank."
    r" (c) By T01(iv) $\|\nabla^2f_c(x_i)\| \le \max_k(|A_{ck}\sigma''|\,\|\tilde x_i\|^2"
    r" + |\sigma'|\,\|\tilde x_i\|)$, as $\sqrt{s^2 + t^2} \le s + t$. From $\theta$ to"
    r" $\theta + u$, $\|u\| \le \rho$, $A_{ck}$ changes by at most $\rho$, $z_{ik}$ by at"
    r" most $\rho\|\tilde x_i\|$, so $\sigma'(z_{ik})$ by at most"
    r" $\rho C_\sigma\|\tilde x_i\|$: each maximum in $\Lambda(\rho)$ bounds"
    r" $\|\nabla^2f_c(x_i)\|$ on the ball. Hence row $(i,c)$ of $J$ changes by at most"
    r" $\|u\|$ times it, and $\|J(\theta + u) - J(\theta)\| \le \Lambda(\rho)\|u\|$."
    r" (c.1) $f(X; \theta + v) - Y - Jv = \int_0^1(J(\theta + sv) - J)v\,ds$ has norm at"
    r" most $\int_0^1\Lambda s\|v\|^2\,ds$, and $Jv = 0$."
    r" (c.2) $f(X; \theta + v + w) - f(X; \theta + v) - Jw = \int_0^1(J(\theta + v + sw) -"
    r" J)w\,ds$ has norm at most $\Lambda\int_0^1(\|v\| + s\|w\|)\|w\|\,ds$, and $JJ^+ ="
    r" I$ cancels the rest. Where $Jv = 0$ and $Jw = -(f(X; \theta + v) - Y)$ hold up to"
    r" rounding alone, the same integrals bound the two sides with $\|Jv\|$ and"
    r" $\|f(X; \theta + v) - Y + Jw\|$ added: that is how they are checked."
    r" For the statement let $\Lambda = \Lambda(2\|v\|)$, $h ="
    r" \frac{1}{\sigma_{nC}}\Lambda\|v\| \le \frac{1}{3}$, $w_0 = 0$ and $w_{j+1} = w_j -"
    r" J^+e_j$, $e_j = f(X; \theta + v + w_j) - Y$, all in the row space of $J$, with"
    r" $\|J^+\| = \frac{1}{\sigma_{nC}}$. Suppose that $\|w_j\|$ and $\|w_{j+1}\|$ are at"
    r" most $h\|v\|$, so that all points are within $(1 + h)\|v\| \le 2\|v\|$ of $\theta$."
    r" As in (c.2), $\|e_{j+1}\| \le \Lambda(1 + h)\|v\|\,\|w_{j+1} - w_j\| \le h(1 +"
    r" h)\|e_j\| \le \frac{1}{2}\|e_j\|$. With $\|e_0\| \le \frac{1}{2}\Lambda\|v\|^2$ by"
    r" (c.1), $\|w_{j+1}\| \le \frac{1}{\sigma_{nC}}\sum_{l\le j}\|e_l\| \le"
    r" \frac{2}{\sigma_{nC}}\|e_0\| \le h\|v\|$, which by induction holds for every $j$."
    r" So $w_j$ converges to a $w$ in the row space with $f(X; \theta + v + w) = Y$ and"
    r" $\|w\| \le h\|v\|$.",
    source="Cooper (2018); the constants in (c) are derived here",
    uses=("T01", "T04"),
    witnesses=(
        Witness(
            labels=("b.1", "b.3", "b.4"),
            note="A = 0 and σ(z) = 0: J = (0, 0, 0, 1), and v = (0, 0, 0, 1)",
            example=_ONLY_OUTPUT_BIAS.but(drawn={"v": (0, 0, 0, 1)}),
        ),
        Witness(
            labels=("c.1",),
            note="identity at θ = 0 with x = 0: f = ab + c moves by ab, and"
            " v = (0, 1, 1, 0) times any number",
            example=_ONLY_OUTPUT_BIAS.but(
                activation="identity", x=((0,),), W=((0,),), drawn={"v": (0, 1, 1, 0)}
            ),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="full row rank: the same sample twice has rank H = 1 < 2 = nC",
            claim=replace(
                _CLAIM["b.2"], law=n * C <= call("rank", H), assumes=("interpolation",)
            ),
            example=_ONLY_OUTPUT_BIAS.but(x=((1,), (1,)), residual=((0,), (0,))),
        ),
        Counterexample(
            dropped="f(X) = Y: σ = z², w = b = c = 0, a = x = 1, y = -1 has Jv = 0,"
            " Hv = 2v for v = (1, 1, 0, 0)",
            claim=replace(_CLAIM["b.3"], assumes=()),
            example=Example(
                activation="quadratic",
                x=((1,),),
                W=((0,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((1,),),
                drawn={"v": (1, 1, 0, 0)},
            ),
        ),
    ),
)
