"""Both sides of T03's claims, and of their false variants."""

from typing import Any

__all__ = [
    "cell_sides",
    "convex_sides",
    "first_layer_sides",
    "first_order_sides",
    "negative_sides",
    "negative_width_sides",
    "rank_sides",
    "second_layer_sides",
    "spectrum_sides",
]


def spectrum_sides(q: Any, drawn: Any, *, minus: float = 1.0) -> tuple[Any, Any]:
    """Spectrum of F, and ± the singular values of every U_k, with zeros."""
    flat = _cross_values(q)
    both = flat.join(flat * -minus)
    return q.eigenvalues("F"), both.padded(q.p).descending()


def _cross_values(q: Any) -> Any:
    """Singular values of all U_k together."""
    return q.cross_values.reshape(q.m * q.cross_values.shape[-1])


def rank_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """How many |λ(F)|, and how many singular values of the U_k, are not 0.

    No float says that a number is 0: those are counted that exceed half of the least
    singular value that surely is not.
    """
    values = _cross_values(q)
    least = values.least_positive()[..., None] * 0.5
    own = (q.eigenvalues("F").abs() - least).count_positive()
    return own, (values - least).count_positive() * two


def negative_sides(q: Any, drawn: Any, *, less: float = 0.0) -> tuple[Any, Any]:
    """n_-(H), and Σ_k rank U_k."""
    count = q.eigenvalues("H").count_negative()
    return count, q.neuron_crosses.rank().sum(-1) - less


def negative_width_sides(
    q: Any, drawn: Any, *, less: float = 0.0, inputs: int = 1, outputs: bool = True
) -> tuple[Any, Any]:
    """n_-(H), and m min(C, d + 1)."""
    count = q.eigenvalues("H").count_negative()
    each = min(q.C, q.d + inputs) if outputs else 1
    return count, count * 0.0 + (q.m * each - less)


def first_layer_sides(q: Any, drawn: Any, *, factor: float = 1.0) -> tuple[Any, Any]:
    """∇_{w̃_k}L, and U_k a_k."""
    weights = q.grad[:, q.place["W"]].reshape(q.m, q.d)
    own = weights.join(q.grad[:, q.place["b"], None])
    return own, (q.neuron_crosses @ q.A.T[..., None])[..., 0] * factor


def second_layer_sides(q: Any, drawn: Any, *, factor: float = 1.0) -> tuple[Any, Any]:
    """∇_{a_k}L, and U_kᵀ w̃_k."""
    own = q.grad[:, q.place["A"]].reshape(q.m, q.C)
    return own, (q.neuron_crosses.T @ q.Wt[..., None])[..., 0] * factor


def convex_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """0, and λ_p(H) where the same r belong to a loss with drawn S_i >= 0."""
    least = q.with_curvatures(drawn.v.value).eigenvalues("H")[..., -1]
    return least * 0.0, least


def cell_sides(q: Any, drawn: Any, *, cell: bool = True) -> tuple[Any, Any, Any]:
    """L at θ and at a neighbour in its activation cell."""
    other = q.at(drawn.neighbour)
    return q.L, other.L, q.same_cell(other) | (not cell)


def first_order_sides(q: Any, drawn: Any) -> tuple[Any, Any, Any]:
    """(1/n) Σ_i r_i·(f(x_i; θ') - f(x_i; θ)) for a neighbour θ' in the cell, and 0."""
    other = q.at(drawn.neighbour)
    change = (q.r * (other.f - q.f)).sum(-1).mean(-1)
    return change, change * 0.0, q.same_cell(other)
