"""The path norm, and the least trace of the Hessian on a rescaling orbit."""

from ..errors import InputError
from .bounded import Bounded
from .quantities import Quantities

__all__ = ["flatness", "path_norm"]


def path_norm(q: Quantities) -> Bounded:
    """Σ_k ‖a_k‖ ‖w̃_k‖ with w̃_k = (w_k, b_k), (T,)."""
    outgoing = (q.A * q.A).sum(-2).sqrt()
    incoming = (q.Wt * q.Wt).sum(-1).sqrt()
    return (outgoing * incoming).sum(-1)


def flatness(q: Quantities) -> Bounded:
    """Infimum of tr H over the rescalings (α_k w̃_k, a_k/α_k), α ∈ (0, ∞)^m, (T,).

        Flat = 2 Σ_k √(P_k Q_k) + (1/n) Σ_i tr S_i,
        P_k = (1/n) Σ_i σ'(z_ik)² ‖x̃_i‖² a_kᵀ S_i a_k,   Q_k = (1/n) Σ_i σ(z_ik)² tr S_i:

    off the kinks of a piecewise-linear σ, tr H = Σ_k (P_k + Q_k) + (1/n) Σ_i tr S_i, and
    a rescaling keeps f, so that it turns P_k + Q_k into P_k/α_k² + Q_k α_k² alone.

    Raises
    ------
    InputError
        If σ is not piecewise linear.

    References
    ----------
    Derived here (T11).
    """
    if not q.activation.homogeneous:
        raise InputError(
            f"activation is {q.activation.name!r}; expected one that is piecewise linear "
            "for Flat: rescaling changes what other networks compute"
        )
    seen = (q.D * (q.S @ q.D)).sum(-2)
    lengths = (q.xt * q.xt).sum(-1)
    curvature = q.S.trace()
    first = (seen * lengths[..., None]).mean(-2)
    second = (q.s0 * q.s0 * curvature[..., None]).mean(-2)
    return 2.0 * (first * second).sqrt().sum(-1) + curvature.mean(-1)
