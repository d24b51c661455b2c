"""Both sides of T13's claims, and of their false variants."""

from typing import Any

__all__ = [
    "any_outputs_sides",
    "closed_form_sides",
    "gauss_newton_sides",
    "hessian_sides",
    "orbit_sides",
    "slope_sides",
    "stable_sides",
    "univariate_sides",
]


def _mean_inputs(q: Any) -> Any:
    """u_k = (1/n) Σ_i σ'(z_ik) x̃_i, (m, d + 1)."""
    return q.s1.T @ q.xt / float(q.n)


def _output_norms(q: Any) -> Any:
    """‖a_k‖, (m,): |a_k| for one output."""
    return (q.A * q.A).sum(-2).sqrt()


def _pairs(q: Any, *, apart: bool = False) -> tuple[Any, Any]:
    """‖a_k‖‖u_k‖ and |w̃_k·u_k|, (m,); a mutant has the mean of ‖σ' x̃_i‖ for ‖u_k‖."""
    u = _mean_inputs(q)
    length = (u * u).sum(-1).sqrt()
    if apart:
        length = (q.s1.abs() * q.norms_xt[..., None]).mean(-2)
    return _output_norms(q) * length, (q.Wt * u).sum(-1).abs()


def _bound(q: Any, *, squares: bool, constant: float, two: float, apart: bool) -> Any:
    left, right = _pairs(q, apart=apart)
    if squares:
        return (left * left + right * right).sum(-1) + constant
    return (left * right).sum(-1) * two + constant


def gauss_newton_sides(
    q: Any,
    drawn: Any,
    *,
    squares: bool = False,
    constant: float = 1.0,
    two: float = 2.0,
    apart: bool = False,
    bias: bool = True,
) -> tuple[Any, Any]:
    """1 + 2 Σ_k |a_k|‖u_k‖|w̃_k·u_k| and λ_1(G), or with the sum of squares.

    Without `bias` the row and column of c are left out of G.
    """
    bound = _bound(q, squares=squares, constant=constant, two=two, apart=apart)
    if bias:
        return bound, q.eigenvalues("G")[..., 0]
    return bound, q.G[..., : q.p - q.C, : q.p - q.C].eigenvalues()[..., 0]


def orbit_sides(q: Any, drawn: Any, *, squares: bool = False) -> tuple[Any, Any]:
    """The bound at θ, and λ_1(G) at T_αθ."""
    bound = _bound(q, squares=squares, constant=1.0, two=2.0, apart=False)
    return bound, q.rescaled(drawn.alpha).eigenvalues("G")[..., 0]


def any_outputs_sides(q: Any, drawn: Any, *, trace: bool = False) -> tuple[Any, Any]:
    """1 + λ_1(Σ_k ‖u_k‖² a_k a_kᵀ) + Σ_k (w̃_k·u_k)² and λ_1(G); a mutant has tr."""
    u = _mean_inputs(q)
    weighted = q.A * (u * u).sum(-1)[:, None, :]
    spread = weighted @ q.A.T
    top = spread.trace() if trace else spread.eigenvalues()[..., 0]
    means = (q.Wt * u).sum(-1)
    return top + (means * means).sum(-1) + 1.0, q.eigenvalues("G")[..., 0]


def slope_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """‖v‖² + (2/‖v‖²) Σ_k (w̃_k·u_k) u_k·∇_{w̃_k}L and λ_1(H), v = Jᵀ1/n."""
    u = _mean_inputs(q)
    weights = q.grad[:, q.place["W"]].reshape(q.m, q.d)
    slopes = weights.join(q.grad[:, q.place["b"], None])
    turned = ((q.Wt * u).sum(-1) * (u * slopes).sum(-1)).sum(-1) * two
    size = _bound(q, squares=True, constant=1.0, two=2.0, apart=False)
    return size + turned / size, q.eigenvalues("H")[..., 0]


def hessian_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """1 + 2 Σ_k |a_k|‖u_k‖|w̃_k·u_k| and λ_1(H)."""
    bound = _bound(q, squares=False, constant=1.0, two=two, apart=False)
    return bound, q.eigenvalues("H")[..., 0]


# One input


def _reach(side: Any, *, power: int, whole: bool) -> Any:
    """P² E|X - τ| (1 + E²)^½ on one side; mutants have another power, or |E|."""
    length = side.mean * side.mean + float(whole)
    return side.probability**power * side.distance * length.sqrt()


def _weights(q: Any, *, power: int = 2, whole: bool = True) -> tuple[Any, Any]:
    """g⁻(τ_k) and g⁺(τ_k), (m,)."""
    return (
        _reach(q.kinks.below, power=power, whole=whole),
        _reach(q.kinks.above, power=power, whole=whole),
    )


def _own_weights(q: Any, *, swapped: bool = False, **changes: Any) -> Any:
    """g⁺(τ_k) where w_k > 0, else g⁻(τ_k)."""
    below, above = _weights(q, **changes)
    rising = q.exactly(q.kinks.rising != swapped)
    return above * rising + below * (1.0 - rising)


def closed_form_sides(q: Any, drawn: Any, **changes: Any) -> tuple[Any, Any, Any]:
    """|a_k|‖u_k‖(w̃_k·u_k) and |a_kw_k| g^{sgn w_k}(τ_k), for one input."""
    left, right = _pairs(q)
    size = (q.A[:, 0] * q.kinks.slopes).abs()
    return left * right, size * _own_weights(q, **changes), q.kinks.known


def _bend(q: Any, *, larger: bool = False, power: int = 2) -> Any:
    """∫|f''|g, the sum over the kinks of |Σ a_k|w_k|| g(τ); a mutant has the larger g."""
    below, above = _weights(q, power=power)
    least = -((-below).at_most(-above)) if larger else below.at_most(above)
    masses = q.A[:, 0] * q.kinks.slopes.abs()
    return (q.kinks.merged(masses) * least).sum(-1)


def univariate_sides(
    q: Any,
    drawn: Any,
    *,
    merged: bool,
    matrix: str = "G",
    two: float = 2.0,
    **changes: Any,
) -> tuple[Any, Any, Any]:
    """1 + 2∫|f''|g, or with Σ_k |a_kw_k| g^{sgn w_k}(τ_k), and λ_1 of G or H."""
    if merged:
        total = _bend(q, **changes)
    else:
        size = (q.A[:, 0] * q.kinks.slopes).abs()
        total = (size * _own_weights(q, **changes)).sum(-1)
    return total * two + 1.0, q.eigenvalues(matrix)[..., 0], q.kinks.known


def stable_sides(q: Any, drawn: Any, *, less: float = 0.5) -> tuple[Any, Any, Any]:
    """∫|f''|g and 1/η - ½, where λ_1(H) ≤ 2/η for sure; η is a drawn power of four."""
    eta = drawn.alphas[:, 0]
    stable = (q.eigenvalues("H")[..., 0] * eta).upper <= 2.0
    return _bend(q), 1.0 / eta - less, q.kinks.known & stable
