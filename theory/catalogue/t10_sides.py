"""Both sides of T10's claims, and of their false variants."""

from typing import Any

__all__ = [
    "NEGATIVE",
    "POSITIVE",
    "RANK",
    "conservation_sides",
    "copies_sides",
    "determinant_sides",
    "first_layer_alone_sides",
    "flip_sides",
    "flipped_spectrum_sides",
    "form_sides",
    "gradient_sides",
    "inertia_sides",
    "invariance_sides",
    "kernel_sides",
    "matrix_sides",
    "null_sides",
    "nullity_sides",
    "permutation_sides",
    "pseudo_determinant_sides",
    "same_spectrum_sides",
    "tangent_sides",
    "threshold_sides",
    "top_eigenvalue_sides",
]

POSITIVE, NEGATIVE, RANK = range(3)


def _moved(q: Any, drawn: Any, how: str) -> Any:
    """At θ moved by a symmetry, with f computed anew there."""
    by = {"rescaled": "alpha", "permuted": "permutation", "flipped": "flips"}[how]
    return getattr(q, f"{how}_otherwise")(getattr(drawn, by))


def invariance_sides(
    q: Any, drawn: Any, *, what: str, how: str = "rescaled"
) -> tuple[Any, Any]:
    """f, L, Cx or Cx_S at θ moved, by a forward pass there, and at θ."""
    return getattr(_moved(q, drawn, how), what), getattr(q, what)


def first_layer_alone_sides(q: Any, drawn: Any, *, how: str) -> tuple[Any, Any]:
    """f with the second layer left as it is."""
    hidden = _moved(q, drawn, how).s0
    return hidden @ q.A.T + q.theta[:, None, q.place["c"]], q.f


def _inverse(q: Any, drawn: Any) -> Any:
    """T_α⁻¹ as a diagonal, (p,), exact: α is a power of two."""
    return 1.0 / drawn.on_parameters(q.d, q.C)


def gradient_sides(q: Any, drawn: Any, *, inverse: bool = True) -> tuple[Any, Any]:
    """∇L(T_αθ) and T_α⁻¹∇L(θ)."""
    scale = _inverse(q, drawn) if inverse else drawn.on_parameters(q.d, q.C)
    return q.rescaled(drawn.alpha).grad, scale * q.grad


def matrix_sides(
    q: Any, drawn: Any, *, what: str, inverse: bool = True, both: bool = True
) -> tuple[Any, Any]:
    """M(T_αθ) and T_α⁻¹M(θ)T_α⁻¹ for H, G or F."""
    scale = _inverse(q, drawn) if inverse else drawn.on_parameters(q.d, q.C)
    moved = scale[..., :, None] * getattr(q, what)
    if both:
        moved = moved * scale[..., None, :]
    return getattr(q.rescaled(drawn.alpha), what), moved


def same_spectrum_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """λ(H(T_αθ)) and λ(H(θ))."""
    return q.rescaled(drawn.alpha).eigenvalues("H"), q.eigenvalues("H")


def inertia_sides(q: Any, drawn: Any, *, part: int) -> tuple[Any, Any, Any]:
    """n₊, n₋ or the rank of H(T_αθ) and of H(θ), where both are certain."""
    there, here = q.rescaled(drawn.alpha).inertia[:, part], q.inertia[:, part]
    return there, here, (there.radius == 0) & (here.radius == 0)


def threshold_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """How many eigenvalues are above 1, where the theorem counts those above 0."""
    there = (q.rescaled(drawn.alpha).eigenvalues("H") - 1.0).count_positive()
    return there, (q.eigenvalues("H") - 1.0).count_positive()


def _growth(q: Any, drawn: Any, *, first: int = 1) -> Any:
    """Π_k α_k^(2C - 2(d + 1))."""
    return (drawn.alphas ** (2 * q.C - 2 * (q.d + first))).product()


def determinant_sides(q: Any, drawn: Any, *, first: int = 1) -> tuple[Any, Any]:
    """det H(T_αθ) and det H(θ) times the factor."""
    there = q.rescaled(drawn.alpha).eigenvalues("H").product()
    return there, q.eigenvalues("H").product() * _growth(q, drawn, first=first)


def pseudo_determinant_sides(q: Any, drawn: Any) -> tuple[Any, Any, Any]:
    """The same for the product of the eigenvalues of G other than 0, if K is regular.

    Squared loss: they are those of K / n, and the powers of n cancel.
    """
    there, here = q.rescaled(drawn.alpha).K.eigenvalues(), q.K.eigenvalues()
    applies = there.certainly_positive() & here.certainly_positive()
    return there.product(), here.product() * _growth(q, drawn), applies


def top_eigenvalue_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """The same for ‖H‖, the product of the one largest |λ|."""
    there = q.rescaled(drawn.alpha).eigenvalues("H").abs().max(-1)
    return there, q.eigenvalues("H").abs().max(-1) * _growth(q, drawn)


def _slopes(q: Any) -> Any:
    """∇_{a_k}L, (m, C)."""
    return q.grad[:, q.place["A"]].reshape(q.m, q.C)


def conservation_sides(q: Any, drawn: Any, *, sign: float = 1.0) -> tuple[Any, Any]:
    """w̃_k·∇_{w̃_k}L and a_k·∇_{a_k}L."""
    weights = q.grad[:, q.place["W"]].reshape(q.m, q.d)
    first = weights.join(q.grad[:, q.place["b"], None])
    return (q.Wt * first).sum(-1), (q.A.T * _slopes(q)).sum(-1) * sign


def _null(q: Any) -> Any:
    """v_k = E_kθ as columns, (p, m)."""
    return q.theta[..., None] * q.neuron_signs


def null_sides(q: Any, drawn: Any, *, factor: float = 1.0) -> tuple[Any, Any]:
    """Hv_k and -E_k∇L."""
    return q.H @ _null(q), q.neuron_signs * q.grad[..., None] * -factor


def form_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """v_kᵀHv_k and -2 a_k·∇_{a_k}L."""
    v = _null(q)
    return (v * (q.H @ v)).sum(-2), (q.A.T * _slopes(q)).sum(-1) * -two


def kernel_sides(q: Any, drawn: Any, *, what: str) -> tuple[Any, Any]:
    """Jv_k or Gv_k, and 0."""
    moved = getattr(q, what) @ _null(q)
    return moved, moved * 0.0


def tangent_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """J(w̃_k, a_k), both with the same sign, and 0."""
    moved = q.J @ (q.theta[..., None] * q.neuron_signs.abs())
    return moved, moved * 0.0


def nullity_sides(q: Any, drawn: Any, *, extra: float = 0.0) -> tuple[Any, Any]:
    """How many units are not 0, and the nullity of H."""
    entries = q.Wt.nonzero().sum(-1) + q.A.nonzero().sum(-2)
    return entries.nonzero().sum(-1) + extra, q.p - q.H.rank()


def permutation_sides(q: Any, drawn: Any, *, permute: bool = True) -> tuple[Any, Any]:
    """H(Pθ) and PH(θ)Pᵀ."""
    there = q.permuted(drawn.permutation).H
    return there, q.permuted_matrix("H", drawn.permutation) if permute else q.H


def flip_sides(q: Any, drawn: Any, *, flip: bool = True) -> tuple[Any, Any]:
    """H(Dθ) and DH(θ)D."""
    there = q.flipped(drawn.flips).H
    if not flip:
        return there, q.H
    signs = q.signs(drawn.flips)
    return there, signs[..., :, None] * q.H * signs[..., None, :]


def flipped_spectrum_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """λ(H(Dθ)) and λ(H(θ))."""
    return q.flipped(drawn.flips).eigenvalues("H"), q.eigenvalues("H")


def _units(q: Any) -> Any:
    """(w̃_k, a_k) as rows, (m, d + 1 + C)."""
    return q.Wt.join(q.A.T)


def _all_different(q: Any) -> Any:
    """(T,): whether no unit is 0, nor another one, nor -1 times it."""
    units = _units(q)
    first, second = units[:, :, None], units[:, None]
    different, opposite = (
        pairs.nonzero().sum(-1).nonzero().sum(-1, -2).value
        for pairs in (first - second, first + second)
    )
    return (different == q.m * (q.m - 1)) & (opposite == q.m**2)


def copies_sides(
    q: Any, drawn: Any, *, different: bool = True
) -> tuple[Any, Any, Any] | tuple[Any, Any]:
    """Whether PD moves unit k, and in how many entries PDθ differs from θ there."""
    moved = q.permuted(drawn.permutation).flipped(drawn.flips)
    entries = (_units(moved) - _units(q)).nonzero().sum(-1)
    if not different:
        return drawn.displaced, entries
    return drawn.displaced, entries, _all_different(q)
