"""The claims of T07, as laws.

What (b) to (e) say of G holds of H wherever both have the same diagonal blocks: (f) for
piecewise linear σ, (g) at interpolation. So these bounds are written once, in `_bounds`.
"""

from dataclasses import replace
from typing import Any

from ..expressions import Comparison, Expression, call, name
from ..theorems import Claim
from .coverage import PIECEWISE_LINEAR
from .laws import law

__all__ = [
    "CLAIMS",
    "GRAM",
    "SHARP",
    "bias_sides",
    "first_layer",
    "fro",
    "layer_sides",
    "max_x",
    "max_xt",
    "min_x",
    "min_xt",
    "mu_1",
    "mu_m",
    "neumann_sides",
    "operator_sides",
    "rank_sides",
    "root_of_rank",
    "tr",
    "weight_sides",
]

C, m, n, d = name("C"), name("m"), name("n"), name("d")
Cx, CxS, W, H = name("Cx"), name("CxS"), name("W"), name("H")
G_bb, G_tt, G_ww = name("G_bb"), name("G_tt"), name("G_ww")
GRAM = W @ W.T
mu_1, mu_m = call("op", W) ** 2, call("lmin", GRAM)
min_x, max_x = name("min_x") ** 2, name("max_x") ** 2
min_xt, max_xt = name("min_xt") ** 2, name("max_xt") ** 2


def tr(matrix: Expression) -> Expression:
    """Trace."""
    return call("tr", matrix)


def fro(matrix: Expression) -> Expression:
    """Frobenius norm."""
    return call("fro", matrix)


def first_layer(size: Expression) -> Expression:
    """Less the traces of the blocks of A and c: what is left of tr G is tr G_tt."""
    return size - C * name("hidden") - C


def root_of_rank(per_sample: Expression) -> Expression:
    """√min(n per_sample, md), with per_sample a bound on the rank of S_i."""
    return call("sqrt", call("min", n * per_sample, m * d))


def _bounds(
    M: str, letter: str = "", where: str = "", **coverage: Any
) -> tuple[Claim, ...]:
    """(b) to (e) with the blocks of M = G or H.

    Parameters
    ----------
    M : str
        The matrix.
    letter : str
        Claims are numbered after it; without one they keep their own labels.
    where : str
        Where the bounds hold, in words; of those for the squared loss only this is said
        as well.
    **coverage
        The same for the engine.
    """
    bb, ww, tt, whole = (name(f"{M}{block}") for block in ("_bb", "_ww", "_tt", ""))
    second_layer = r"C\,\frac{1}{n}\sum_i\|\sigma(z_i)\|^2 - C"
    claims: list[Claim] = []

    def bound(
        label: str, text: str, comparison: Comparison, *, squared: bool = False
    ) -> None:
        said = [part for part in (where, "squared loss" * squared) if part]
        claim = Claim(
            label=f"{letter}.{len(claims) + 1}" if letter else label,
            statement=", ".join(said) + ": " * bool(said) + text.replace("G", M),
            law=comparison,
            **coverage,
        )
        claims.append(replace(claim, losses=("squared",)) if squared else claim)

    bound(
        "b.1",
        r"$\mathrm{Cx}_S \le \|W\|^2\operatorname{tr} G_{bb}$",
        CxS <= mu_1 * tr(bb),
    )
    bound(
        "b.2",
        r"$\mu_m\operatorname{tr} G_{bb} \le \mathrm{Cx}_S$",
        mu_m * tr(bb) <= CxS,
    )
    bound(
        "b.3",
        r"$\mathrm{Cx}_S \le \|W\|_F^2\,\|G_{bb}\|$",
        CxS <= fro(W) ** 2 * call("lmax", bb),
    )
    bound(
        "b.4",
        r"$\mathrm{Cx}_S \le \|WW^T\|_F\,\|G_{bb}\|_F$",
        CxS <= fro(GRAM) * fro(bb),
    )
    bound(
        "c.1",
        r"$\min_i\|x_i\|^2\,\mathrm{Cx}_S \le \|W\|^2\operatorname{tr} G_{ww}$",
        min_x * CxS <= mu_1 * tr(ww),
    )
    bound(
        "c.2",
        r"$\mu_m\operatorname{tr} G_{ww} \le \max_i\|x_i\|^2\,\mathrm{Cx}_S$",
        mu_m * tr(ww) <= max_x * CxS,
    )
    bound(
        "c.3",
        r"$\min_i\|\tilde x_i\|^2\,\mathrm{Cx}_S"
        r" \le \|W\|^2\operatorname{tr} G_{\tilde w\tilde w}$",
        min_xt * CxS <= mu_1 * tr(tt),
    )
    bound(
        "c.4",
        r"$\mu_m\operatorname{tr} G_{\tilde w\tilde w}"
        r" \le \max_i\|\tilde x_i\|^2\,\mathrm{Cx}_S$",
        mu_m * tr(tt) <= max_xt * CxS,
    )
    bound(
        "d.1",
        r"$\min_i\|x_i\|^2\,\mathrm{Cx}_S"
        r" \le \|W\|^2\sqrt{\min(nC, md)}\,\|G_{ww}\|_F$",
        min_x * CxS <= mu_1 * root_of_rank(C) * fro(ww),
    )
    bound(
        "d.2",
        r"$\mu_m\|G_{ww}\|_F \le \max_i\|x_i\|^2\,\mathrm{Cx}_S$",
        mu_m * fro(ww) <= max_x * CxS,
    )
    bound(
        "d.3",
        rf"$\mu_m(\operatorname{{tr}} G - {second_layer})"
        r" \le \max_i\|\tilde x_i\|^2\,\mathrm{Cx}$",
        mu_m * first_layer(tr(whole)) <= max_xt * Cx,
        squared=True,
    )
    bound(
        "e",
        r"$\min_i\|\tilde x_i\|^2\,\mathrm{Cx}"
        rf" \le \|W\|^2(\operatorname{{tr}} G - {second_layer})$",
        min_xt * Cx <= mu_1 * first_layer(tr(whole)),
        squared=True,
    )
    return tuple(claims)


def neumann_sides(
    q: Any, drawn: Any, *, upper: bool, swapped: bool = False
) -> tuple[Any, Any]:
    """Cx_S beside Σ_j μ_j γ_j (upper) or Σ_j μ_j γ_{m+1-j}."""
    gamma = q.block_eigenvalues("G", "bb")
    same, opposite = (q.mu * gamma).sum(-1), (q.mu * gamma[..., ::-1]).sum(-1)
    if upper:
        return q.CxS, opposite if swapped else same
    return same if swapped else opposite, q.CxS


def weight_sides(q: Any, drawn: Any, *, apart: bool = False) -> tuple[Any, Any]:
    """tr G_ww and (1/n) Σ_i ‖x_i‖² ω_i, or the product of the two means."""
    lengths = (q.x * q.x).sum(-1)
    mean = (lengths * q.omega).mean(-1)
    right = lengths.mean(-1) * q.omega.mean(-1) if apart else mean
    return q.block("G", "ww").trace(), right


def layer_sides(q: Any, drawn: Any, *, bias: bool = True) -> tuple[Any, Any]:
    """tr G_tt and (1/n) Σ_i ‖x̃_i‖² ω_i."""
    x = q.xt if bias else q.x
    return q.block("G", "tt").trace(), ((x * x).sum(-1) * q.omega).mean(-1)


def bias_sides(q: Any, drawn: Any, *, weighted: bool = True) -> tuple[Any, Any]:
    """tr G_bb and (1/n) Σ_i ω_i, or that with I for S_i."""
    omega = q.omega if weighted else (q.D * q.D).sum(-1, -2)
    return q.block("G", "bb").trace(), omega.mean(-1)


def rank_sides(q: Any, drawn: Any, *, fewer: int = 0) -> tuple[Any, Any]:
    """The positive eigenvalues of G_ww, counted, and min(n(C - fewer), md)."""
    rank = q.block_eigenvalues("G", "ww").count_positive()
    return rank, rank * 0.0 + float(min(q.n * (q.C - fewer), q.m * q.d))


def operator_sides(q: Any, drawn: Any, *, least: bool = False) -> tuple[Any, Any]:
    """μ_m ‖G_ww‖ and max‖x_i‖² Cx_S."""
    lengths = (q.x * q.x).sum(-1)
    extreme = lengths.min(-1) if least else lengths.max(-1)
    return q.mu[..., -1] * q.block_eigenvalues("G", "ww")[..., 0], extreme * q.CxS


_INTERPOLATION: dict[str, Any] = {
    "assumes": ("interpolation",),
    "losses": ("squared",),
}

SHARP = min_x * CxS <= mu_1 * root_of_rank(C - 1) * fro(G_ww)
"""(d.1) where S_i has rank at most C - 1."""

_UNORDERED = (
    Claim(
        label="a.1",
        statement=r"$\mathrm{Cx}_S \le \sum_j\mu_j\gamma_j$",
        law=law(neumann_sides, "<=", upper=True),
    ),
    Claim(
        label="a.2",
        statement=r"$\sum_j\mu_j\gamma_{m+1-j} \le \mathrm{Cx}_S$",
        law=law(neumann_sides, "<=", upper=False),
    ),
    *_bounds("G"),
    Claim(
        label="c.5",
        statement=r"$\operatorname{tr} G_{ww} = \frac{1}{n}\sum_i\|x_i\|^2\omega_i$",
        law=law(weight_sides, "=="),
    ),
    Claim(
        label="c.6",
        statement=r"$\operatorname{tr} G_{\tilde w\tilde w}"
        r" = \frac{1}{n}\sum_i(1+\|x_i\|^2)\omega_i$",
        law=law(layer_sides, "=="),
    ),
    Claim(
        label="c.7",
        statement=r"$\operatorname{tr} G_{bb} = \frac{1}{n}\sum_i\omega_i$",
        law=law(bias_sides, "=="),
    ),
    Claim(
        label="d.4",
        statement=r"softmax: $\min_i\|x_i\|^2\,\mathrm{Cx}_S"
        r" \le \|W\|^2\sqrt{\min(n(C-1), md)}\,\|G_{ww}\|_F$",
        law=SHARP,
        losses=("softmax",),
    ),
    Claim(
        label="d.5",
        statement=r"$\operatorname{rank} G_{ww} \le \min(nC, md)$",
        law=law(rank_sides, "<="),
        dear=True,
    ),
    Claim(
        label="d.6",
        statement=r"softmax: $\operatorname{rank} G_{ww} \le \min(n(C-1), md)$",
        law=law(rank_sides, "<=", fewer=1),
        losses=("softmax",),
        dear=True,
    ),
    Claim(
        label="d.7",
        statement=r"$\mu_m\|G_{ww}\| \le \max_i\|x_i\|^2\,\mathrm{Cx}_S$",
        law=law(operator_sides, "<="),
        dear=True,
    ),
    *_bounds("H", "f", r"$\sigma$ piecewise linear", activations=PIECEWISE_LINEAR),
    *_bounds("H", "g", "interpolation", **_INTERPOLATION),
    Claim(
        label="g.13",
        statement=r"interpolation: $\mu_m(\|H\|_F"
        r" - C\,\frac{1}{n}\sum_i\|\sigma(z_i)\|^2 - C)"
        r" \le \max_i\|\tilde x_i\|^2\,\mathrm{Cx}$",
        law=mu_m * first_layer(fro(H)) <= max_xt * Cx,
        **_INTERPOLATION,
    ),
    Claim(
        label="g.14",
        statement=r"interpolation: $\mu_m(\lambda_1(H)"
        r" - C\,\frac{1}{n}\sum_i\|\sigma(z_i)\|^2 - C)"
        r" \le \max_i\|\tilde x_i\|^2\,\mathrm{Cx}$",
        law=mu_m * first_layer(call("lmax", H)) <= max_xt * Cx,
        **_INTERPOLATION,
        dear=True,
    ),
)


def _place(claim: Claim) -> tuple[str, int]:
    letter, _, number = claim.label.partition(".")
    return letter, int(number or 0)


CLAIMS = tuple(sorted(_UNORDERED, key=_place))
"""Every claim of T07, in the order of the labels."""
