"""The claims of T09, as laws about a deeper network g on the first layer of q."""

from collections.abc import Callable
from typing import Any

from ..expressions import Relation
from ..theorems import Claim, Law
from .laws import law

__all__ = [
    "CLAIMS",
    "Deep",
    "deep",
    "gram",
    "lengths",
    "mu_1",
    "mu_m",
    "outer",
    "paired",
    "root",
]

Deep = Callable[[Any, Any], tuple[Any, ...]]
"""(quantities, deeper network) → both sides."""


def _at_depth(q: Any, drawn: Any, *, pair: Deep) -> tuple[Any, ...]:
    return pair(q, q.deeper(drawn.layers))


def deep(sides: Deep, relation: Relation = "<=") -> Law:
    """The law of both sides at the drawn deeper network."""
    return law(_at_depth, relation, "layers", pair=sides)


def mu_1(q: Any) -> Any:
    """‖W‖² = μ_1."""
    return q.mu[..., 0]


def mu_m(q: Any) -> Any:
    """σ_min(Wᵀ)² = μ_m, 0 where m > d."""
    return q.mu[..., -1]


def gram(q: Any) -> Any:
    """WWᵀ."""
    return q.W @ q.W.T


def lengths(x: Any) -> Any:
    """‖x_i‖², (n,)."""
    return (x * x).sum(-1)


def outer(g: Any, x: Any) -> Any:
    """(∇_b f_c) xᵀ, (n, C, m, d)."""
    return g.bias_jacobian[..., None] * x[:, :, None, None, :]


def paired(q: Any, g: Any, *, swapped: bool = False) -> Any:
    """Σ_j μ_j γ_j, or with γ in the reverse order."""
    return (q.mu * (g.gamma[..., ::-1] if swapped else g.gamma)).sum(-1)


def root(q: Any, g: Any, per_sample: int) -> Any:
    """√min(n per_sample, md)."""
    return (g.CxS * 0.0 + float(min(q.n * per_sample, q.m * q.d))).sqrt()


CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$\nabla_xf_c = W^T\nabla_bf_c$",
        law=deep(lambda q, g: (g.input_jacobian, g.bias_jacobian @ q.W[:, None]), "=="),
    ),
    Claim(
        label="a.2",
        statement=r"$\partial f_c/\partial W = (\nabla_bf_c)x^T$",
        law=deep(lambda q, g: (g.weight_jacobian, outer(g, q.x)), "=="),
    ),
    Claim(
        label="b.1",
        statement=r"$\|\mathrm{Jx}\|_F^2\,\|x\|^2"
        r" \le \|W\|^2\,\|\partial f/\partial W\|_F^2$",
        law=deep(
            lambda q, g: (
                g.in_inputs * lengths(q.x),
                mu_1(q)[:, None] * g.in_weights,
            )
        ),
    ),
    Claim(
        label="b.2",
        statement=r"$\|\mathrm{Jx}\|_F^2\,(1+\|x\|^2)"
        r" \le \|W\|^2\,\|\partial f/\partial(W,b)\|_F^2$",
        law=deep(
            lambda q, g: (
                g.in_inputs * lengths(q.xt),
                mu_1(q)[:, None] * (g.in_weights + g.in_biases),
            )
        ),
    ),
    Claim(
        label="b.3",
        statement=r"$\sigma_{\min}(W^T)^2\,\|\partial f/\partial W\|_F^2"
        r" \le \|\mathrm{Jx}\|_F^2\,\|x\|^2$",
        law=deep(
            lambda q, g: (
                mu_m(q)[:, None] * g.in_weights,
                g.in_inputs * lengths(q.x),
            )
        ),
    ),
    Claim(
        label="c",
        statement=r"$\mathrm{Cx}_S = \langle WW^T, G_{bb}\rangle$",
        law=deep(lambda q, g: (g.CxS, (gram(q) * g.G_bb).sum(-1, -2)), "=="),
    ),
    Claim(
        label="d.1",
        statement=r"$\mathrm{Cx}_S \le \sum_j\mu_j\gamma_j$",
        law=deep(lambda q, g: (g.CxS, paired(q, g))),
    ),
    Claim(
        label="d.2",
        statement=r"$\sum_j\mu_j\gamma_{m+1-j} \le \mathrm{Cx}_S$",
        law=deep(lambda q, g: (paired(q, g, swapped=True), g.CxS)),
    ),
    Claim(
        label="e.1",
        statement=r"$\mathrm{Cx}_S \le \|W\|^2\operatorname{tr} G_{bb}$",
        law=deep(lambda q, g: (g.CxS, mu_1(q) * g.G_bb.trace())),
    ),
    Claim(
        label="e.2",
        statement=r"$\mu_m\operatorname{tr} G_{bb} \le \mathrm{Cx}_S$",
        law=deep(lambda q, g: (mu_m(q) * g.G_bb.trace(), g.CxS)),
    ),
    Claim(
        label="e.3",
        statement=r"$\mathrm{Cx}_S \le \|W\|_F^2\,\|G_{bb}\|$",
        law=deep(lambda q, g: (g.CxS, q.W.frobenius() ** 2 * g.gamma[..., 0])),
    ),
    Claim(
        label="e.4",
        statement=r"$\mathrm{Cx}_S \le \|WW^T\|_F\,\|G_{bb}\|_F$",
        law=deep(lambda q, g: (g.CxS, gram(q).frobenius() * g.G_bb.frobenius())),
    ),
    Claim(
        label="f.1",
        statement=r"$\min_i\|x_i\|^2\,\mathrm{Cx}_S \le \|W\|^2\operatorname{tr} G_{ww}$",
        law=deep(lambda q, g: (lengths(q.x).min(-1) * g.CxS, mu_1(q) * g.G_ww.trace())),
    ),
    Claim(
        label="f.2",
        statement=r"$\mu_m\operatorname{tr} G_{ww} \le \max_i\|x_i\|^2\,\mathrm{Cx}_S$",
        law=deep(lambda q, g: (mu_m(q) * g.G_ww.trace(), lengths(q.x).max(-1) * g.CxS)),
    ),
    Claim(
        label="f.3",
        statement=r"$\min_i\|\tilde x_i\|^2\,\mathrm{Cx}_S"
        r" \le \|W\|^2(\operatorname{tr} G_{ww} + \operatorname{tr} G_{bb})$",
        law=deep(
            lambda q, g: (
                lengths(q.xt).min(-1) * g.CxS,
                mu_1(q) * (g.G_ww.trace() + g.G_bb.trace()),
            )
        ),
    ),
    Claim(
        label="f.4",
        statement=r"$\mu_m(\operatorname{tr} G_{ww} + \operatorname{tr} G_{bb})"
        r" \le \max_i\|\tilde x_i\|^2\,\mathrm{Cx}_S$",
        law=deep(
            lambda q, g: (
                mu_m(q) * (g.G_ww.trace() + g.G_bb.trace()),
                lengths(q.xt).max(-1) * g.CxS,
            )
        ),
    ),
    Claim(
        label="f.5",
        statement=r"$\operatorname{tr} G_{ww} = \frac{1}{n}\sum_i\|x_i\|^2\omega_i$",
        law=deep(
            lambda q, g: (g.G_ww.trace(), (lengths(q.x) * g.omega).mean(-1)), "=="
        ),
    ),
    Claim(
        label="g.1",
        statement=r"$\min_i\|x_i\|^2\,\mathrm{Cx}_S"
        r" \le \|W\|^2\sqrt{\min(nC, md)}\,\|G_{ww}\|_F$",
        law=deep(
            lambda q, g: (
                lengths(q.x).min(-1) * g.CxS,
                mu_1(q) * root(q, g, q.C) * g.G_ww.frobenius(),
            )
        ),
    ),
    Claim(
        label="g.2",
        statement=r"$\mu_m\|G_{ww}\|_F \le \max_i\|x_i\|^2\,\mathrm{Cx}_S$",
        law=deep(
            lambda q, g: (mu_m(q) * g.G_ww.frobenius(), lengths(q.x).max(-1) * g.CxS)
        ),
    ),
    Claim(
        label="g.3",
        statement=r"softmax: $\min_i\|x_i\|^2\,\mathrm{Cx}_S"
        r" \le \|W\|^2\sqrt{\min(n(C-1), md)}\,\|G_{ww}\|_F$",
        law=deep(
            lambda q, g: (
                lengths(q.x).min(-1) * g.CxS,
                mu_1(q) * root(q, g, q.C - 1) * g.G_ww.frobenius(),
            )
        ),
        losses=("softmax",),
    ),
)
