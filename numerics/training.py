"""Training to interpolation by damped Gauss-Newton, through the NTK Gram matrix."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import ConvergenceError
from ..theory.activations import Activation
from ..theory.losses import get_loss
from .arrays import Matrix, Vector
from .forward import Forward, forward, parameter_count, parameter_slices
from .jacobian import functional_gradient, ntk_gram

__all__ = ["Trained", "train"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Trained:
    """A network that interpolates its data.

    Attributes
    ----------
    theta : (p,) float64
        Parameters.
    residual : float
        max |f(x_i) - y_i|.
    iterations : int
        Steps taken.
    seed : int
        Where the initial θ came from.
    """

    theta: Vector
    residual: float
    iterations: int
    seed: int


def train(
    activation: Activation,
    x: Matrix,
    y: Matrix,
    *,
    width: int,
    seed: int,
    tolerance: float = 1e-10,
    max_iterations: int = 400,
    progress: Callable[[int, int], None] | None = None,
) -> Trained:
    """Minimise the squared loss until every residual is at most `tolerance`.

    Levenberg-Marquardt: with K = J Jᵀ the step solves (K + λ I) u = r, δ = -Jᵀ u, an
    (nC, nC) system however large p is; λ falls after a step that lowers the loss and
    grows after one that does not.

    Parameters
    ----------
    activation : Activation
        σ.
    x, y : (n, d), (n, C) float64
        Data, finite.
    width : int
        m.
    seed : int
        Of the initial θ: weights N(0, 1/d) and N(0, 1/m), biases N(0, 1).
    tolerance : float
        Bound on max |r|.
    max_iterations : int
        Steps tried at most.
    progress : callable, optional
        Told (step, of).

    Returns
    -------
    Trained
        With max |r| <= tolerance, off the kinks of σ.

    Raises
    ------
    ConvergenceError
        If the steps run out first.
    """
    outputs = y.shape[1]
    theta = _initial(x.shape[1], width, outputs, seed)
    loss = get_loss("squared")

    def at(point: Vector) -> Forward:
        return forward(activation, loss, x, point, y, width=width, outputs=outputs)

    fwd = at(theta)
    damping = 1.0
    for step in range(max_iterations):
        if progress is not None:
            progress(step, max_iterations)
        worst = float(np.abs(fwd.r).max())
        if worst <= tolerance and _off_kinks(activation, fwd):
            return Trained(theta=theta, residual=worst, iterations=step, seed=seed)
        moved = theta + _step(fwd, damping)
        there = at(moved)
        if np.isfinite(there.ell).all() and there.ell.mean() < fwd.ell.mean():
            theta, fwd = moved, there
            damping = max(damping / 10, 1e-14)
        elif damping > 1e12:
            break
        else:
            damping *= 4
    raise ConvergenceError(
        f"training reached max |r| = {float(np.abs(fwd.r).max()):.1e} with "
        f"{activation.name} and width {width}; expected at most {tolerance:.0e}: "
        "use more hidden units or fewer samples"
    )


def _initial(d: int, m: int, C: int, seed: int) -> Vector:
    rng = np.random.default_rng(seed)
    theta = rng.standard_normal(parameter_count(inputs=d, width=m, outputs=C))
    place = parameter_slices(inputs=d, width=m, outputs=C)
    theta[place["W"]] /= np.sqrt(d)
    theta[place["A"]] /= np.sqrt(m)
    return theta


def _step(fwd: Forward, damping: float) -> Vector:
    """-Jᵀ (K + λ s I)⁻¹ r with s the mean eigenvalue of K."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    gram = ntk_gram(fwd)
    scale = max(float(np.trace(gram)) / len(gram), 1e-300)
    while True:
        shifted = gram + damping * scale * np.eye(len(gram))
        try:
            weights = cho_solve(cho_factor(shifted), fwd.r.ravel())
        except LinAlgError:
            damping = max(4 * damping, 1e-16)
            continue
        return -functional_gradient(fwd, weights.reshape(fwd.r.shape))


def _off_kinks(activation: Activation, fwd: Forward) -> bool:
    return all((fwd.z != float(kink)).all() for kink in activation.kinks)
