"""The two sides of T18's claims: quantities of a population, and closed forms."""

from typing import Any, Final

from .t18_forms import FIRST, MIXED, SECOND, VALUE, Form, angle_of, dot

__all__ = [
    "POPULATION",
    "bending_sides",
    "gradient_sides",
    "hessian_sides",
    "loss_sides",
    "matrix_loss_sides",
    "one_sided_sides",
    "opposite_sides",
    "parallel_sides",
    "sides_of",
]

POPULATION: Final = "populations"


def sides_of(
    q: Any, *, activation: str, part: str, form: Form, **constants: Any
) -> tuple[Any, Any, bool]:
    """κ or a derivative of it in directions, and its closed form, for one activation."""
    if q.activation != activation:
        return 0, 0, False
    directions = {
        "kappa": (),
        "kappa_slope": (q.t,),
        "kappa_curvature": (q.s, q.t),
        "kappa_mixed": (q.s, q.t),
    }
    if _parallel(q) and part != "kappa":
        return 0, 0, False
    closed = form(q, q.u, q.v, *directions[part], **constants)
    return getattr(q, part), closed, True


def _parallel(q: Any) -> bool:
    """Whether θ is 0 or π, for ReLU."""
    return bool(q.activation == "relu" and angle_of(q, q.u, q.v).aligned)


def parallel_sides(
    q: Any, *, pulled: int = 2, halved: int = 2
) -> tuple[Any, Any, bool]:
    """First, second and mixed derivative of κ, and those of ½u·v or of 0."""
    if not _parallel(q):
        return (), (), False
    left = (q.kappa_slope, q.kappa_curvature, q.kappa_mixed)
    if dot(q.u, q.v) < 0:
        return left, (0, 0, 0), True
    return left, (dot(q.v, q.t) / pulled, 0, dot(q.s, q.t) / halved), True


def loss_sides(q: Any, *, half: int = 2, own: bool = True) -> tuple[Any, Any, bool]:
    """L and ½ΣΣκ(w_i, w_j) - ΣΣκ(w_i, v_j) + ½ΣΣκ(v_i, v_j)."""
    if q.loss is None:
        return 0, 0, False
    value = VALUE[q.activation]

    def total(left: Any, right: Any) -> Any:
        return sum(value(q, u, v) for u in left for v in right)

    right = total(q.W, q.W) / half - total(q.W, q.V)
    return q.loss, right + (total(q.V, q.V) / half if own else 0), True


def gradient_sides(
    q: Any, *, activations: tuple[str, ...], halved: int = 2, teacher: int = 1
) -> tuple[Any, Any, bool]:
    """⟨∇L, T⟩ and the sum of its blocks along the rows of T."""
    if q.activation not in activations:
        return 0, 0, False
    first = FIRST[q.activation]
    total = q.root(0)
    for i, (w, t) in enumerate(zip(q.W, q.T, strict=True)):
        for j, other in enumerate(q.W):
            if i != j:
                total += first(q, w, other, t)
        for other in q.V:
            total -= teacher * first(q, w, other, t)
        total += dot(w, t) / halved if q.activation == "relu" else first(q, w, w, t)
    return q.slope, total, True


def hessian_sides(
    q: Any,
    *,
    activations: tuple[str, ...],
    second: Form | None = None,
    mixed: Form | None = None,
    own: int = 2,
    teacher: int = 1,
    doubled: bool = True,
) -> tuple[Any, Any, bool]:
    """D²L[S, T] and the sum of its blocks between the rows of S and of T."""
    if q.activation not in activations:
        return 0, 0, False
    kinked = q.activation == "relu"
    diagonal = second or SECOND[q.activation]
    beside = mixed or MIXED[q.activation]
    total = q.root(0)
    for i, (w, s) in enumerate(zip(q.W, q.S, strict=True)):
        for j, (other, t) in enumerate(zip(q.W, q.T, strict=True)):
            if i != j:
                total += diagonal(q, w, other, s, q.T[i]) + beside(q, w, other, s, t)
            elif kinked:
                total += dot(s, t) / own
            else:
                total += diagonal(q, w, w, s, t)
                total += beside(q, w, w, s, t) if doubled else 0
        for other in q.V:
            total -= teacher * diagonal(q, w, other, s, q.T[i])
    return q.curvature, total, True


def matrix_loss_sides(
    q: Any, *, twice: int = 2, traced: int = 1
) -> tuple[Any, Any, bool]:
    """L and ½(2‖Δ‖_F² + (tr Δ)²), Δ = WᵀW - VᵀV, for z²."""
    if q.activation != "quadratic":
        return 0, 0, False
    axes = range(q.d)
    gap = [
        [sum(w[a] * w[b] for w in q.W) - sum(v[a] * v[b] for v in q.V) for b in axes]
        for a in axes
    ]
    squares = sum(entry**2 for row in gap for entry in row)
    trace = sum(gap[a][a] for a in axes)
    return q.loss, (twice * squares + traced * trace**2) / 2, True


def bending_sides(
    q: Any, *, share: int = 6, power: int = 3
) -> tuple[tuple[Any, Any], tuple[Any, Any], bool]:
    """0 <= κ - ½u·v <= (1/6π) ‖u‖‖v‖θ³ for ReLU."""
    if q.activation != "relu":
        return (0, 0), (0, 0), False
    at = angle_of(q, q.u, q.v)
    excess = q.kappa - at.r / 2
    bound = at.a * at.b * at.angle**power / (share * q.pi)
    return (0, excess), (excess, bound), True


def opposite_sides(
    q: Any, *, share: int = 6, power: int = 3
) -> tuple[tuple[Any, Any], tuple[Any, Any], bool]:
    """0 <= κ <= (1/6π) ‖u‖‖v‖(π - θ)³ for ReLU."""
    if q.activation != "relu":
        return (0, 0), (0, 0), False
    at = angle_of(q, q.u, q.v)
    # π - θ is the angle to -u, which is 0 exactly where it is so
    beyond = angle_of(q, [-x for x in q.u], q.v).angle
    bound = at.a * at.b * beyond**power / (share * q.pi)
    return (0, q.kappa), (q.kappa, bound), True


def one_sided_sides(q: Any) -> tuple[Any, Any]:
    """Slopes of x ↦ κ(xu, v) at 0 from the right and from the left, for ReLU."""
    return q.kappa, -q.kappa_opposite
