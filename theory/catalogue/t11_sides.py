"""Both sides of T11's claims, and of their false variants."""

from typing import Any

__all__ = [
    "approach_sides",
    "bias_sides",
    "complexity_path_sides",
    "density_sides",
    "excess_sides",
    "least_sides",
    "orbit_shares",
    "orbit_trace_sides",
    "permuted_sides",
    "rescaled_sides",
    "sandwich_above_sides",
    "sandwich_below_sides",
    "scale_free_sides",
    "slope_sides",
    "trace_sides",
]


def _squares(q: Any, *, bias: bool = True) -> Any:
    """‖x̃_i‖² beside every unit, (n, 1); a mutant has ‖x_i‖²."""
    inputs = q.xt if bias else q.x
    return (inputs * inputs).sum(-1)[..., None]


def orbit_shares(q: Any) -> tuple[Any, Any]:
    """P_k = (1/n) Σ_i σ'² ‖x̃_i‖² a_kᵀS_ia_k and Q_k = (1/n) Σ_i σ² tr S_i, (m,)."""
    A = q.A[:, None]
    curvatures = (A * (q.S @ A)).sum(-2)
    P = (curvatures * q.s1 * q.s1 * _squares(q)).mean(-2)
    return P, (q.s0 * q.s0 * q.S.trace()[..., None]).mean(-2)


def _constant(q: Any) -> Any:
    """s = (1/n) Σ_i tr S_i."""
    return q.S.trace().mean(-1)


def _flatness(q: Any, *, two: float = 2.0) -> Any:
    """Flat(θ) = 2 Σ_k √(P_k Q_k) + s."""
    P, Q = orbit_shares(q)
    return (P * Q).sqrt().sum(-1) * two + _constant(q)


def orbit_trace_sides(
    q: Any, drawn: Any, *, power: int = 2, outputs: bool = False
) -> tuple[Any, Any]:
    """tr H(T_αθ) and Σ_k (α_k⁻² P_k + α_k² Q_k) + s; a mutant has C for s."""
    P, Q = orbit_shares(q)
    formula = P / drawn.alphas**power + drawn.alphas * drawn.alphas * Q
    constant = float(q.C) if outputs else _constant(q)
    return q.rescaled(drawn.alpha).H.trace(), formula.sum(-1) + constant


def least_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """Flat(θ) and tr H(T_αθ)."""
    return _flatness(q, two=two), q.rescaled(drawn.alpha).H.trace()


def approach_sides(
    q: Any, drawn: Any, *, two: float = 2.0, rest: bool = True
) -> tuple[Any, Any]:
    """tr H(T_αθ) and Flat + τ² Σ_k (P_k + Q_k) over the k with P_k = 0 or Q_k = 0.

    α_k = (P_k/Q_k)^¼ where both are positive for sure, else τ where P_k looks like 0
    and 1/τ where Q_k does. What is added up for the latter is P_k/α_k² + α_k²Q_k, which
    is right even where neither is 0 but the floats cannot tell.
    """
    P, Q = orbit_shares(q)
    inner = (P.lower > 0) & (Q.lower > 0)
    tau = drawn.alpha.min(axis=-1, keepdims=True)
    edge = tau ** (1.0 - 2.0 * (P.value > 0))
    alpha = inner * (P / Q).sqrt().sqrt().value + ~inner * edge
    squares = q.exactly(alpha) ** 2
    total = (P * Q).sqrt() * q.exactly(inner) * two
    if rest:
        total = total + (P / squares + squares * Q) * q.exactly(~inner)
    return q.rescaled(alpha).H.trace(), total.sum(-1) + _constant(q)


def rescaled_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Flat(T_αθ) and Flat(θ)."""
    return _flatness(q.rescaled(drawn.alpha)), _flatness(q)


def trace_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """tr H(T_αθ) and tr H(θ), which are not equal."""
    return q.rescaled(drawn.alpha).H.trace(), q.H.trace()


def permuted_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Flat(Pθ) and Flat(θ)."""
    return _flatness(q.permuted(drawn.permutation)), _flatness(q)


def excess_sides(q: Any, drawn: Any, *, sign: float = -1.0) -> tuple[Any, Any]:
    """tr H(T_αθ) - Flat(θ) and Σ_k (√P_k/α_k - α_k√Q_k)²."""
    P, Q = orbit_shares(q)
    root = P.sqrt() / drawn.alphas + drawn.alphas * Q.sqrt() * sign
    return q.rescaled(drawn.alpha).H.trace() - _flatness(q), (root * root).sum(-1)


def _output_norms(q: Any) -> Any:
    """‖a_k‖, (m,)."""
    return (q.A * q.A).sum(-2).sqrt()


def _path_norm(q: Any, *, bias: bool) -> Any:
    """Σ_k ‖a_k‖ ‖w̃_k‖, or with ‖w_k‖."""
    weights = q.Wt if bias else q.W
    return (_output_norms(q) * (weights * weights).sum(-1).sqrt()).sum(-1)


def _densities(q: Any, *, bias: bool = True) -> tuple[Any, Any, Any]:
    """‖a_k‖ ‖w̃_k‖, ρ_k and R_k², (m,)."""
    lengths = (q.Wt * q.Wt).sum(-1)
    rho = (q.s0 * q.s0).mean(-2) / lengths
    reach = (q.s1 * q.s1 * _squares(q, bias=bias)).mean(-2)
    return _output_norms(q) * lengths.sqrt(), rho, reach


def _root(q: Any) -> Any:
    """√C."""
    return q.exactly(q.C).sqrt()


def sandwich_below_sides(
    q: Any, drawn: Any, *, two: float = 2.0, power: int = 1
) -> tuple[Any, Any]:
    """2√C Σ_k ‖a_k‖ ‖w̃_k‖ ρ_k and Flat - C; mutants have another power of √C."""
    weights, rho, _ = _densities(q)
    scale = _root(q) ** power * two
    return (weights * rho).sum(-1) * scale, _flatness(q) - float(q.C)


def sandwich_above_sides(
    q: Any, drawn: Any, *, two: float = 2.0, power: int = 1
) -> tuple[Any, Any]:
    """Flat - C and 2√C Σ_k ‖a_k‖ ‖w̃_k‖ R_k²; mutants have another power of √C."""
    weights, _, reach = _densities(q)
    scale = _root(q) ** power * two
    return _flatness(q) - float(q.C), (weights * reach).sum(-1) * scale


def density_sides(q: Any, drawn: Any, *, bias: bool = True) -> tuple[Any, Any]:
    """ρ_k and R_k²."""
    _, rho, reach = _densities(q, bias=bias)
    return rho, reach


def slope_sides(
    q: Any, drawn: Any, *, output: bool = True, largest: bool = False
) -> tuple[Any, Any]:
    """‖Jx‖_F at the data and at another input, and Σ_k ‖a_k‖ ‖w_k‖.

    Mutants have Σ_k ‖w_k‖, or the largest term for the sum.
    """
    elsewhere = q.at_inputs(drawn.v.value[:, None, : q.d])
    slopes = [(at.Jx * at.Jx).sum(-1, -2).sqrt() for at in (q, elsewhere)]
    lengths = (q.W * q.W).sum(-1).sqrt()
    terms = _output_norms(q) * lengths if output else lengths
    bound = terms.max(-1) if largest else terms.sum(-1)
    return slopes[0].join(slopes[1]), bound[:, None]


def complexity_path_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """√Cx and Σ_k ‖a_k‖ ‖w_k‖."""
    return q.Cx.sqrt(), _path_norm(q, bias=False)


def bias_sides(q: Any, drawn: Any, *, swapped: bool = False) -> tuple[Any, Any]:
    """Σ_k ‖a_k‖ ‖w_k‖ and Σ_k ‖a_k‖ ‖w̃_k‖."""
    without, whole = _path_norm(q, bias=False), _path_norm(q, bias=True)
    return (whole, without) if swapped else (without, whole)


def _least_density(q: Any, *, positive: bool = False) -> Any:
    """min_k ρ_k over the k with a_k ≠ 0 and w̃_k ≠ 0; unknown where there is none.

    Their entries are exact, so there is no doubt which these are. The mutant takes the
    least over those with ρ_k > 0.
    """
    _, rho, _ = _densities(q)
    kept = (q.A.nonzero().value.max(-2) == 1) & (q.Wt.nonzero().value.max(-1) == 1)
    return rho.least(kept & (rho.lower > 0) if positive else kept)


def scale_free_sides(
    q: Any,
    drawn: Any,
    *,
    size: str,
    two: float = 2.0,
    trace: bool = False,
    positive: bool = False,
) -> tuple[Any, Any]:
    """2√C min_k ρ_k times a size (path or complexity), and Flat - C or tr H - C."""
    left = _path_norm(q, bias=True) if size == "path" else q.Cx.sqrt()
    scale = _least_density(q, positive=positive) * _root(q) * two
    return left * scale, (q.H.trace() if trace else _flatness(q)) - float(q.C)
