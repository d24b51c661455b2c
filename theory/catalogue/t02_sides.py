"""Both sides of T02's claims, and of their false variants."""

from typing import Any

from .t01_sides import first_layer, functional_norm_formula

__all__ = [
    "block_norm_sides",
    "block_sides",
    "logistic_curvature_sides",
    "logistic_loss_sides",
    "logistic_quarter_sides",
    "neuron_norm_sides",
    "output_sides",
    "positive_part_sides",
    "schwarz_sides",
    "softmax_half_sides",
    "softmax_loss_sides",
    "softmax_norm_sides",
    "softmax_residual_sides",
    "softmax_trace_sides",
    "split_sides",
    "weyl_sides",
]


def split_sides(q: Any, drawn: Any, *, residual: float = 1.0) -> tuple[Any, Any]:
    """(d/dt) ∇L(θ + tv) at t = 0, and (G + F)v."""
    v = drawn.v
    sum_of_parts = ((q.G + q.F * residual) @ v[..., None])[..., 0]
    return q.gradient_along(v.value), sum_of_parts


def output_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """0, and the least eigenvalue of every S_i."""
    least = q.S.eigenvalues()[..., -1]
    return least * 0.0, least


def block_sides(q: Any, drawn: Any, *, cross: float = 2.0) -> tuple[Any, Any]:
    """vᵀFv, and Σ_k ẇ_kᵀM_kẇ_k + 2 ẇ_kᵀU_kȧ_k."""
    moved, columns, _ = first_layer(q, drawn.v)
    weights = q.r @ q.A
    curved = (weights * q.s2 * moved * moved).sum(-1).mean(-1)
    mixed = ((q.s1 * moved) @ columns.T * q.r).sum(-1).mean(-1)
    v = drawn.v[..., None]
    return (v.T @ q.F @ v)[..., 0, 0], curved + mixed * cross


def _largest_gap(q: Any) -> Any:
    return (q.eigenvalues("H") - q.eigenvalues("G")).abs().max(-1)


def _norm(q: Any) -> Any:
    """‖F‖."""
    return q.eigenvalues("F").abs().max(-1)


def weyl_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    """max_j |λ_j(H) - λ_j(G)|, and ‖F‖."""
    return _largest_gap(q), _norm(q) * share


def positive_part_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """The same with λ_1(F) for ‖F‖."""
    return _largest_gap(q), q.eigenvalues("F")[..., 0]


def neuron_norm_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """‖F‖, and max_k ‖F_k‖."""
    return _norm(q), q.neuron_blocks.symmetric_operator().max(-1)


def block_norm_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """‖F‖, and max_k max(‖M_k‖, ‖U_k‖)."""
    M = q.neuron_blocks[..., : q.d + 1, : q.d + 1].symmetric_operator()
    return _norm(q), M.join(q.neuron_crosses.operator()).max(-1)


def schwarz_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """‖F‖, and √(2L) ((1/n) Σ_i Σ_c ‖∇²f_c(x_i)‖²)^½ with the norms of T01(iv)."""
    norms = functional_norm_formula(q)
    mean_square = (norms * norms).sum(-1).mean(-1)
    return _norm(q), (q.L * two).sqrt() * mean_square.sqrt()


# The losses. For the logistic one |r| = 1 - p_y; for softmax r_y = p_y - 1.


def _constant(like: Any, value: float) -> Any:
    return like * 0.0 + value


def _wrong(q: Any) -> Any:
    """1 - p_y for softmax, (n,)."""
    return -(q.r * q.t).sum(-1)


def logistic_curvature_sides(
    q: Any, drawn: Any, *, share: float = 1.0
) -> tuple[Any, Any]:
    """S_i, and |r_i|."""
    return q.S[..., 0, 0], q.r[..., 0].abs() * share


def logistic_loss_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    """|r_i|, and ℓ_i."""
    return q.r[..., 0].abs(), q.ell * share


def logistic_quarter_sides(
    q: Any, drawn: Any, *, bound: float = 0.25
) -> tuple[Any, Any]:
    """S_i, and ¼."""
    curvature = q.S[..., 0, 0]
    return curvature, _constant(curvature, bound)


def softmax_trace_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """tr S_i, and 2(1 - p_y)."""
    return q.S.trace(), _wrong(q) * two


def softmax_norm_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """‖S_i‖, and 2(1 - p_y)."""
    return q.S.symmetric_operator(), _wrong(q) * two


def softmax_half_sides(q: Any, drawn: Any, *, bound: float = 0.5) -> tuple[Any, Any]:
    """‖S_i‖, and ½."""
    norms = q.S.symmetric_operator()
    return norms, _constant(norms, bound)


def softmax_loss_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    """1 - p_y, and ℓ_i."""
    return _wrong(q), q.ell * share


def softmax_residual_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """‖r_i‖_1, and 2(1 - p_y)."""
    return q.r.abs().sum(-1), _wrong(q) * two
