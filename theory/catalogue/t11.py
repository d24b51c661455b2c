"""T11: the least trace on a rescaling orbit, and a scale-free complexity bound."""

from dataclasses import replace
from typing import Any

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR
from .laws import law

__all__ = ["T11", "UNIT", "orbit_shares"]


def orbit_shares(q: Any) -> tuple[Any, Any]:
    """P_k = ‖a_k‖² mean σ'² ‖x̃‖² and Q_k = C mean σ², (m,)."""
    squares = (q.xt * q.xt).sum(-1)[..., None]
    P = (q.A * q.A).sum(-2) * (q.s1 * q.s1 * squares).mean(-2)
    return P, (q.s0 * q.s0).mean(-2) * float(q.C)


def flatness(q: Any, *, two: float = 2.0) -> Any:
    """Flat(θ) = 2 Σ_k √(P_k Q_k) + C."""
    P, Q = orbit_shares(q)
    return (P * Q).sqrt().sum(-1) * two + float(q.C)


def path_norm(q: Any, *, bias: bool) -> Any:
    """Σ_k ‖a_k‖ ‖w̃_k‖, or with ‖w_k‖."""
    weights = q.Wt if bias else q.W
    lengths = (weights * weights).sum(-1).sqrt()
    return ((q.A * q.A).sum(-2).sqrt() * lengths).sum(-1)


def _orbit_trace_sides(q: Any, drawn: Any, *, power: int = 2) -> tuple[Any, Any]:
    P, Q = orbit_shares(q)
    square = drawn.alphas * drawn.alphas
    formula = P / drawn.alphas**power + square * Q
    return q.rescaled(drawn.alpha).H.trace(), formula.sum(-1) + float(q.C)


def _least_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    return flatness(q, two=two), q.rescaled(drawn.alpha).H.trace()


def _attained_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any, Any]:
    P, Q = orbit_shares(q)
    ratio = (P / Q).sqrt().sqrt()
    there = q.rescaled(ratio.value_or_one())
    applies = P.certainly_positive() & Q.certainly_positive()
    return there.H.trace(), flatness(q, two=two), applies


def _invariant_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return flatness(q.rescaled(drawn.alpha)), flatness(q)


def _densities(q: Any) -> tuple[Any, Any, Any]:
    """‖a_k‖ ‖w̃_k‖, ρ_k and R_k², (m,)."""
    lengths = (q.Wt * q.Wt).sum(-1)
    rho = (q.s0 * q.s0).mean(-2) / lengths
    squares = (q.xt * q.xt).sum(-1)[..., None]
    reach = (q.s1 * q.s1 * squares).mean(-2)
    return (q.A * q.A).sum(-2).sqrt() * lengths.sqrt(), rho, reach


def _sandwich_below_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    weights, rho, _ = _densities(q)
    root = float(q.C) ** 0.5
    return (weights * rho).sum(-1) * (two * root), flatness(q) - float(q.C)


def _sandwich_above_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    weights, _, reach = _densities(q)
    root = float(q.C) ** 0.5
    return flatness(q) - float(q.C), (weights * reach).sum(-1) * (two * root)


def _slope_sides(q: Any, drawn: Any, *, output: bool = True) -> tuple[Any, Any]:
    squares = (q.Jx * q.Jx).sum(-1, -2)
    bound = path_norm(q, bias=False)
    if not output:
        bound = (q.W * q.W).sum(-1).sqrt().sum(-1)
    return squares.sqrt().max(-1), bound


def _complexity_path_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.Cx.sqrt(), path_norm(q, bias=False)


def _scale_free_sides(
    q: Any, drawn: Any, *, two: float = 2.0, flat: bool = True
) -> tuple[Any, Any, Any]:
    _, rho, _ = _densities(q)
    root = float(q.C) ** 0.5
    size = flatness(q) if flat else q.H.trace()
    applies = (q.A * q.A).sum(-2).certainly_positive()
    left = path_norm(q, bias=True) * rho.min(-1) * (two * root)
    return left, size - float(q.C), applies


_SQ: dict[str, Any] = {"activations": PIECEWISE_LINEAR, "losses": ("squared",)}

_T11 = (
    Claim(
        label="a",
        statement=r"tr H(T_\alpha\theta) = \sum_k(\alpha_k^{-2}P_k + \alpha_k^2Q_k) + C",
        law=law(_orbit_trace_sides, "==", "rescaling"),
        **_SQ,
    ),
    Claim(
        label="b.1",
        statement=r"Flat(\theta) = 2\sum_k\sqrt{P_kQ_k} + C \le tr H(T_\alpha\theta)",
        law=law(_least_sides, "<=", "rescaling"),
        **_SQ,
    ),
    Claim(
        label="b.2",
        statement=r"tr H(T_\alpha\theta) = Flat(\theta) at \alpha_k = (P_k/Q_k)^{1/4}",
        law=law(_attained_sides, "=="),
        **_SQ,
    ),
    Claim(
        label="b.3",
        statement=r"Flat(T_\alpha\theta) = Flat(\theta)",
        law=law(_invariant_sides, "==", "rescaling"),
        **_SQ,
    ),
    Claim(
        label="c.1",
        statement=r"2\sqrt{C}\sum_k\|a_k\|\|\tilde w_k\|\rho_k \le Flat - C",
        law=law(_sandwich_below_sides, "<="),
        **_SQ,
    ),
    Claim(
        label="c.2",
        statement=r"Flat - C \le 2\sqrt{C}\sum_k\|a_k\|\|\tilde w_k\|R_k^2",
        law=law(_sandwich_above_sides, "<="),
        **_SQ,
    ),
    Claim(
        label="d.1",
        statement=r"\|Jx\|_F \le \sum_k\|a_k\|\|w_k\|",
        law=law(_slope_sides, "<="),
        **_SQ,
    ),
    Claim(
        label="d.2",
        statement=r"\sqrt{Cx} \le \sum_k\|a_k\|\|w_k\|",
        law=law(_complexity_path_sides, "<="),
        **_SQ,
    ),
    Claim(
        label="d.3",
        statement=r"2\sqrt{C}\min_k\rho_k\sum_k\|a_k\|\|\tilde w_k\| \le Flat - C",
        law=law(_scale_free_sides, "<="),
        **_SQ,
    ),
    Claim(
        label="d.4",
        statement=r"2\sqrt{C}\min_k\rho_k\sum_k\|a_k\|\|\tilde w_k\| \le tr H - C",
        law=law(_scale_free_sides, "<=", flat=False),
        **_SQ,
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

T11 = Theorem(
    id="T11",
    title="The least trace on a rescaling orbit, and a scale-free complexity bound",
    topic="symmetry",
    statement=r"\sigma piecewise linear and positively homogeneous with slopes of at most 1,"
    r" squared loss. With P_k = \|a_k\|^2\frac{1}{n}\sum_i\sigma'(z_{ik})^2\|\tilde x_i\|^2"
    r" and Q_k = C\,\frac{1}{n}\sum_i\sigma(z_{ik})^2, the least trace of H on the orbit of"
    r" \theta is Flat(\theta) = 2\sum_k\sqrt{P_kQ_k} + C, and \sqrt{Cx} \le"
    r" \sum_k\|a_k\|\|w_k\| \le (Flat - C)/(2\sqrt{C}\min_k\rho_k) with \rho_k ="
    r" \frac{1}{n}\sum_i\sigma(\tilde w_k\cdot\tilde x_i/\|\tilde w_k\|)^2 > 0, R_k^2 ="
    r" \frac{1}{n}\sum_i\sigma'(z_{ik})^2\|\tilde x_i\|^2.",
    hypotheses=(
        r"\sigma piecewise linear, positively homogeneous, |\sigma'| \le 1; off the kinks",
        r"squared loss",
        r"(d): \rho_k > 0 for every neuron with a_k \ne 0 and \tilde w_k \ne 0",
    ),
    claims=_T11,
    mutants=(
        Mutant(
            name="α⁻¹ in place of α⁻²",
            claim=replace(
                _T11[0], law=law(_orbit_trace_sides, "==", "rescaling", power=1)
            ),
        ),
        Mutant(
            name="3 in place of 2 in Flat",
            claim=replace(_T11[1], law=law(_least_sides, "<=", "rescaling", two=3.0)),
        ),
        Mutant(
            name="1 in place of 2 in Flat",
            claim=replace(_T11[2], law=law(_attained_sides, "==", two=1.0)),
        ),
        Mutant(
            name="3 in place of 2 in (c), below",
            claim=replace(_T11[4], law=law(_sandwich_below_sides, "<=", two=3.0)),
        ),
        Mutant(
            name="1 in place of 2 in (c), above",
            claim=replace(_T11[5], law=law(_sandwich_above_sides, "<=", two=1.0)),
        ),
        Mutant(
            name="‖a_k‖ dropped in (d)",
            claim=replace(_T11[6], law=law(_slope_sides, "<=", output=False)),
        ),
        Mutant(
            name="4 in place of 2 in (d)",
            claim=replace(_T11[8], law=law(_scale_free_sides, "<=", two=4.0)),
        ),
    ),
    proof=r"(a) tr H = tr G (T03a), the closed form of T04(d), and \sigma(\alpha z) ="
    r" \alpha\sigma(z). (b) P/\alpha^2 + \alpha^2Q \ge 2\sqrt{PQ}, with equality at \alpha^4"
    r" = P/Q; P_k and Q_k scale inversely. (c) \sqrt{P_kQ_k} = \sqrt{C}\|a_k\|"
    r"\|\tilde w_k\|\sqrt{R_k^2\rho_k} and \rho_k \le R_k^2 by Cauchy-Schwarz. (d) Jx ="
    r" \sum_k\sigma'(z_k)a_kw_k^T, |\sigma'| \le 1, \|w_k\| \le \|\tilde w_k\|, then (c)"
    r" and (b). \blacksquare",
    source="derived here",
    uses=("T03", "T04", "T10"),
    witnesses=(
        Witness(
            labels=("b.1", "c.1", "c.2", "d.3", "d.4"),
            note="P = Q = 1: θ is already the flattest point of its orbit",
            example=UNIT,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the factor 2: P = Q = 1 has the least trace 3",
            claim=replace(_T11[2], law=law(_attained_sides, "==", two=1.0)),
            example=UNIT,
        ),
    ),
)
