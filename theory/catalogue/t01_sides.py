"""Both sides of T01's claims, and of their false variants."""

from typing import Any

__all__ = [
    "arrowhead_sides",
    "eigenvalue_sides",
    "first_layer",
    "frobenius_sides",
    "frozen_sides",
    "functional_norm_formula",
    "gap_sides",
    "gradient_sides",
    "norm_sides",
    "rank_sides",
    "relu_norm_sides",
    "sign_sides",
    "without_bias_sides",
]


def first_layer(q: Any, v: Any) -> tuple[Any, Any, Any]:
    """v split: (ẇ_k·x̃_i) (n, m), ȧ (C, m), ċ (C,)."""
    weights = v[:, q.place["W"]].reshape(q.m, q.d)
    moved = q.x @ weights.T + v[:, None, q.place["b"]]
    columns = v[:, q.place["A"]].reshape(q.m, q.C).T
    return moved, columns, v[:, q.place["c"]]


def gradient_sides(
    q: Any, drawn: Any, *, own: str = "s0", output_bias: float = 1.0
) -> tuple[Any, Any]:
    """(d/dt) f(X; θ + tv) at t = 0, and (a) applied to v: (n, C)."""
    moved, columns, constant = first_layer(q, drawn.v)
    formula = (q.s1 * moved) @ q.A.T + getattr(q, own) @ columns.T
    return q.output_along(drawn.v.value), formula + constant[:, None, :] * output_bias


def arrowhead_sides(
    q: Any, drawn: Any, *, cross: float = 2.0, bend: str = "s2"
) -> tuple[Any, Any]:
    """vᵀ(d/dt) ∇f_c(x_i; θ + tv) at t = 0, and (b): (n, C)."""
    moved, columns, _ = first_layer(q, drawn.v)
    form = (getattr(q, bend) * moved * moved) @ q.A.T
    form = form + (q.s1 * moved) @ columns.T * cross
    along = q.functional_gradient_along(drawn.v.value)
    return (along * drawn.v[:, None, None, :]).sum(-1), form


# The spectrum: A_ck σ'' and σ' as (n, C, m), N as (n, 1, 1)


def _corner(q: Any, *, bias: bool = True) -> tuple[Any, Any, Any]:
    """A_ck σ'', σ', and N = ‖x̃‖², or ‖x‖² without biases."""
    x = q.xt if bias else q.x
    square = (x * x).sum(-1)[..., None, None]
    return q.A[:, None] * q.s2[..., None, :], q.s1[..., None, :], square


def _both(bend: Any, slope: Any, N: Any, *, four: float = 4.0) -> Any:
    """λ_± of every block, (n, C, 2m)."""
    root = N.sqrt() * (bend * bend * N + slope * slope * four).sqrt()
    return ((bend * N + root) * 0.5).join((bend * N - root) * 0.5)


def eigenvalue_sides(
    q: Any, drawn: Any, *, four: float = 4.0, bias: bool = True
) -> tuple[Any, Any]:
    """Eigenvalues of ∇²f_c(x_i), and λ_± with zeros: (n, C, p)."""
    bend, slope, N = _corner(q, bias=bias)
    formula = _both(bend, slope, N, four=four).padded(q.p)
    return q.functional_eigenvalues, formula.descending()


def _part(q: Any, *gone: str) -> Any:
    """∇²f_c without the rows and columns of some parameters."""
    out = {row for name in gone for row in range(q.p)[q.place[name]]}
    kept = [row for row in range(q.p) if row not in out]
    return q.functional_hessians[..., [[row] for row in kept], kept]


def without_bias_sides(q: Any, drawn: Any, *, four: float = 4.0) -> tuple[Any, Any]:
    """Those of what is left without the biases, and λ_± with N = ‖x‖²."""
    values = _part(q, "b").eigenvalues()
    bend, slope, N = _corner(q, bias=False)
    formula = _both(bend, slope, N, four=four).padded(values.shape[-1])
    return values, formula.descending()


def frozen_sides(q: Any, drawn: Any, *, bias: bool = True) -> tuple[Any, Any]:
    """Those of what is left without A, and A_ck σ'' N with zeros."""
    values = _part(q, "A").eigenvalues()
    bend, _, N = _corner(q, bias=bias)
    return values, (bend * N).padded(values.shape[-1]).descending()


# How many eigenvalues are not 0. No float says that one is 0; but none lies between 0
# and the gap β of (v), so those beyond ±β/2 are counted.


def _gap(q: Any, *, slopes: float = 1.0) -> Any:
    """β (n, C), the least |λ_±| that (v) allows; ‖∇²f_c‖ = 0 where all of them are 0."""
    bend, slope, N = _corner(q)
    steep, curved = _steep_and_curved(q)
    flat, size, root = 1.0 - steep, bend.abs(), N.sqrt()
    # `flat` only keeps the denominator from 0 where the quotient does not count
    below = root * size + slope.abs() * slopes + flat
    least = root * slope * slope / below * steep + size * N * flat
    nothing = flat * (1.0 - curved)
    # a neuron without eigenvalues must not be the least one
    return (least + functional_norm_formula(q)[..., None] * nothing).min(-1)


def _steep_and_curved(q: Any) -> tuple[Any, Any]:
    """1 where σ' ≠ 0 (n, 1, m), and where A_ck σ'' ≠ 0 (n, C, m)."""
    curved = q.A[:, None].nonzero() * q.s2[..., None, :].nonzero()
    return q.s1[..., None, :].nonzero(), curved


def _positive(a: Any) -> Any:
    """1 where an entry is positive, 0 where it is not, ½ ± ½ where that is open."""
    return a[..., None].count_positive()


def sign_sides(
    q: Any, drawn: Any, *, extra: float = 0.0, all_steep: bool = False
) -> tuple[Any, Any]:
    """Numbers of positive and of negative eigenvalues, and (i): (n, C, 2)."""
    half = _gap(q)[..., None] * 0.5
    values = q.functional_eigenvalues
    above = (values - half).count_positive()[..., None]
    below = (values + half).count_negative()[..., None]
    steep, _ = _steep_and_curved(q)
    flat = (1.0 - steep) * (0.0 if all_steep else 1.0)
    a, bend = q.A[:, None], q.s2[..., None, :]
    up = _positive(a) * _positive(bend) + _positive(-a) * _positive(-bend)
    down = _positive(a) * _positive(-bend) + _positive(-a) * _positive(bend)
    counts = [1.0 - flat + flat * sign for sign in (up, down)]
    positive, negative = (count.sum(-1)[..., None] for count in counts)
    return above.join(below), positive.join(negative) + extra


def rank_sides(
    q: Any, drawn: Any, *, bent: float = 1.0, extra: float = 0.0
) -> tuple[Any, Any]:
    """Number of eigenvalues that are not 0, and (ii): (n, C)."""
    beyond = q.functional_eigenvalues.abs() - _gap(q)[..., None] * 0.5
    steep, curved = _steep_and_curved(q)
    formula = (steep * 2.0 + (1.0 - steep) * curved * bent).sum(-1)
    return beyond.count_positive(), formula + extra


def gap_sides(q: Any, drawn: Any, *, slopes: float = 1.0) -> tuple[Any, Any]:
    """β|λ| and λ² of every eigenvalue λ: (n, C, p)."""
    size = q.functional_eigenvalues.abs()
    return size * _gap(q, slopes=slopes)[..., None], size * size


def frobenius_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    """Σ of the squares of all entries, and (iii): (n, C)."""
    bend, slope, N = _corner(q)
    form = (bend * bend * N * N + slope * slope * N * two).sum(-1)
    hessians = q.functional_hessians
    return (hessians * hessians).sum(-1, -2), form


def functional_norm_formula(q: Any, *, root: bool = True) -> Any:
    """max_k ½(|A_ck σ''|N + √N √(A_ck² σ''² N + 4σ'²)), (n, C)."""
    bend, slope, N = _corner(q)
    side = N.sqrt() if root else N
    size = (bend * N).abs() + side * (bend * bend * N + slope * slope * 4.0).sqrt()
    return (size * 0.5).max(-1)


def norm_sides(q: Any, drawn: Any, *, root: bool = True) -> tuple[Any, Any]:
    """‖∇²f_c(x_i)‖, and (iv): (n, C)."""
    return q.functional_norms, functional_norm_formula(q, root=root)


def relu_norm_sides(q: Any, drawn: Any, *, every: bool = False) -> tuple[Any, Any]:
    """The same, and √N where some z_k > 0."""
    active = _positive(q.z)
    some = active.min(-1) if every else active.max(-1)
    return q.functional_norms, (q.norms_xt * some)[..., None]
