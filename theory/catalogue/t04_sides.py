"""Both sides of T04's claims, and of their false variants."""

from typing import Any, Final

__all__ = [
    "closed_trace_sides",
    "count_sides",
    "decay_sides",
    "distinct_sides",
    "frobenius_sides",
    "gram_sides",
    "kernel_sides",
    "norm_sides",
    "rank_sides",
    "softmax_rank_sides",
    "spectrum_sides",
    "tail_sides",
    "tensor_sides",
    "trace_sides",
]


JUST_BELOW: Final = 1 + 2.0**-20
THRESHOLDS: Final = 16


def _mean(q: Any, gram: Any, *, mean: bool = True) -> Any:
    return gram / (float(q.n) if mean else 1.0)


def _gram_name(*, weighted: bool) -> str:
    return "KS" if weighted else "K"


def spectrum_sides(
    q: Any, drawn: Any, *, weighted: bool = True, mean: bool = True
) -> tuple[Any, Any]:
    """Eigenvalues of G and of K_S / n, zeros added to the fewer."""
    size = max(q.p, q.n * q.C)
    values = _mean(q, q.eigenvalues(_gram_name(weighted=weighted)), mean=mean)
    return (
        q.eigenvalues("G").padded(size).descending(),
        values.padded(size).descending(),
    )


def trace_sides(q: Any, drawn: Any, *, mean: bool = True) -> tuple[Any, Any]:
    """tr G and tr K_S / n."""
    return q.G.trace(), _mean(q, q.KS.trace(), mean=mean)


def frobenius_sides(q: Any, drawn: Any, *, mean: bool = True) -> tuple[Any, Any]:
    """‖G‖_F and ‖K_S‖_F / n."""
    return q.G.frobenius(), _mean(q, q.KS.frobenius(), mean=mean)


def norm_sides(q: Any, drawn: Any, *, weighted: bool = True) -> tuple[Any, Any]:
    """‖G‖ and ‖K_S‖ / n, or ‖K‖ / n."""
    values = q.eigenvalues(_gram_name(weighted=weighted))
    return q.eigenvalues("G").abs().max(-1), _mean(q, values.abs().max(-1))


def _rows(q: Any) -> int:
    """How many rows of one sample R_iᵀ J_i needs: C, and C - 1 for softmax."""
    return q.C - 1 if q.loss.name == "softmax" else q.C


def rank_sides(q: Any, drawn: Any, *, less: int = 0) -> tuple[Any, Any]:
    """rank G and min(p, nC), for softmax min(p, n(C - 1))."""
    rank = q.eigenvalues("G").count_positive()
    return rank, rank * 0.0 + (min(q.p, q.n * _rows(q)) - less)


def softmax_rank_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """rank G and min(p, n(C - 1)), whatever the loss."""
    rank = q.eigenvalues("G").count_positive()
    return rank, rank * 0.0 + min(q.p, q.n * (q.C - 1))


def tail_sides(q: Any, drawn: Any, *, less: int = 0) -> tuple[Any, Any]:
    """The eigenvalues of G beyond the first nC, or n(C - 1), and 0."""
    rest = q.eigenvalues("G")[:, max(0, min(q.p, q.n * _rows(q)) - less) :]
    return rest, rest * 0.0


def distinct_sides(q: Any, drawn: Any, *, less: int = 0) -> tuple[Any, Any]:
    """rank G and NC, for softmax N(C - 1)."""
    return q.eigenvalues("G").count_positive(), (q.distinct - less) * _rows(q)


def kernel_sides(q: Any, drawn: Any, *, inner: bool = False) -> tuple[Any, Any]:
    """rank J + #{k: (w̃_k, a_k) ≠ 0} and p; a mutant counts d + 1 for each unit."""
    squares = (q.Wt * q.Wt).sum(-1) + (q.A * q.A).sum(-2)
    units = squares.count_positive() * (q.d + 1 if inner else 1)
    rank = q.sigma.count_positive()
    return rank + units, rank * 0.0 + q.p


def tensor_sides(q: Any, drawn: Any, *, less: int = 0) -> tuple[Any, Any, Any]:
    """rank J and C(m + 1) + min(m, C)(n - m - 1), where n > m + 1."""
    rank = q.sigma.count_positive()
    most = q.C * (q.m + 1) + min(q.m, q.C) * (q.n - q.m - 1) - less
    return rank, rank * 0.0 + most, (rank.value >= 0) & (q.n > q.m + 1)


def gram_sides(q: Any, drawn: Any, *, biases: bool = True) -> tuple[Any, Any]:
    """K in closed form, and JJᵀ."""
    rows = q.J if biases else q.J[..., : q.place["c"].start]
    return q.K, rows @ rows.T


def closed_trace_sides(
    q: Any, drawn: Any, *, outputs: float = 1.0, first_biases: bool = True
) -> tuple[Any, Any]:
    """tr G and its closed form for the squared loss."""
    weights = (q.A * q.A).sum(-2)[:, None, :]
    inputs = q.xt if first_biases else q.x
    first = (inputs * inputs).sum(-1) * (q.s1 * q.s1 * weights).sum(-1)
    return q.G.trace(), first.mean(-1) + q.hidden * q.C + q.C * outputs


def decay_sides(q: Any, drawn: Any, *, shift: int = 0) -> tuple[Any, Any]:
    """λ_j(G) and tr G / j, (p,)."""
    places = q.counting + shift
    return q.eigenvalues("G"), q.G.trace()[:, None] / places


def count_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    """How many eigenvalues exceed t just below tr G / j, and tr G / t, j = 1, …, 16."""
    shares = q.counting[:, :THRESHOLDS] * JUST_BELOW
    t = q.G.trace()[:, None] / shares
    beyond = q.eigenvalues("G")[:, None, :] - t[:, :, None]
    return beyond.count_positive(), shares * share
