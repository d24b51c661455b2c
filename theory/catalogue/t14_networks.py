"""Both sides of T14's claims about networks, and of their false variants."""

from typing import Any

__all__ = ["complexity_sides", "slope_sides", "stable_slope_sides"]


def _slopes(q: Any) -> Any:
    """‖∇ₓf(x_i)‖², (n,)."""
    return (q.Jx * q.Jx).sum(-1, -2)


def _spread(q: Any, *, least: bool = False) -> Any:
    """‖W‖²/(1 + ‖x_i‖²), (n,); a mutant has the least eigenvalue of WWᵀ for ‖W‖²."""
    size = q.mu[..., -1:] if least else q.mu[..., :1]
    return size / (q.xt * q.xt).sum(-1)


def slope_sides(
    q: Any, drawn: Any, *, samples: bool = True, least: bool = False
) -> tuple[Any, Any]:
    """‖∇ₓf(x_i)‖² and nλ_1(H)‖W‖²/(1 + ‖x_i‖²): 2/η is λ_1(H) for the largest η."""
    sharpness = q.eigenvalues("H")[..., :1] * float(q.n if samples else 1)
    return _slopes(q), sharpness * _spread(q, least=least)


def complexity_sides(q: Any, drawn: Any, *, ranks: bool = True) -> tuple[Any, Any]:
    """Cx and min(n, p)λ_1(H)‖W‖²/(1 + min ‖x‖²); a mutant has 1 for min(n, p)."""
    rank = float(min(q.n, q.p) if ranks else 1)
    spread = _spread(q).max(-1)
    return q.Cx, q.eigenvalues("H")[..., 0] * spread * rank


def stable_slope_sides(
    q: Any, drawn: Any, *, halvings: int, less: float = 0.0
) -> tuple[Any, Any, Any]:
    """‖∇ₓf(x_i)‖² and ‖W‖²(1 + n^(1/k))/(η(1 + ‖x_i‖²)), k = 2^halvings.

    Where η max ‖g_i‖² ≤ 1 + n^(1/k) for sure; η is a drawn power of four.
    """
    eta = drawn.alphas[:, 0]
    root = q.exactly(float(q.n))
    for _ in range(halvings):
        root = root.sqrt()
    limit = root + 1.0
    squares = (q.J * q.J).sum(-1).max(-1)
    stable = (squares * eta).upper <= limit.lower
    right = _spread(q) * ((limit - less) / eta)[:, None]
    return _slopes(q), right, stable
