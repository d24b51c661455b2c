"""Training to interpolation by damped Gauss-Newton, through the NTK Gram matrix."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import ConvergenceError
from ..theory.activations import Activation
from ..theory.losses import get_loss
from .arrays import Matrix, Vector
from .forward import Forward, forward, parameter_count, parameter_slices
from .jacobian import functional_gradient, ntk_gram

__all__ = ["Trained", "steps_within", "train"]

MAX_STEPS = 400
LEAST_STEPS = 10
FLOPS_PER_SECOND = 1e10
"""What a nominal second of training is."""


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
    max_iterations: int = MAX_STEPS,
    progress: Callable[[int, int], None] | None = None,
) -> Trained:
    """Minimise the squared loss until every residual is at most the tolerance.

    Levenberg-Marquardt: with K = J Jᵀ the step solves (K + λ I) u = r, δ = -Jᵀ u, an
    (nC, nC) system however large p is; λ falls after a step that lowers the loss and
    grows after one that does not. Large X and y are divided by powers of two first, and
    W, A and c are scaled accordingly in the end: the outputs are the same to the bit.

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
        Bound on max |r|, relative to max(1, max |y|): outputs are rounded in proportion
        to their size.
    max_iterations : int
        Steps tried at most.
    progress : callable, optional
        Told (step, of).

    Returns
    -------
    Trained
        With max |r| <= tolerance max(1, max |y|), off the kinks of σ.

    Raises
    ------
    ConvergenceError
        If the steps run out first, or the numbers overflow.
    """
    outputs = y.shape[1]
    scale_x, scale_y = _scale(x), _scale(y)
    bound = tolerance * max(1.0, float(np.abs(y).max()))
    x, y = x / scale_x, y / scale_y
    theta = _initial(x.shape[1], width, outputs, seed)
    loss = get_loss("squared")

    def at(point: Vector) -> Forward:
        return forward(activation, loss, x, point, y, width=width, outputs=outputs)

    fwd = at(theta)
    damping = 1.0
    step = 0
    for step in range(max_iterations):
        if progress is not None:
            progress(step, max_iterations)
        worst = scale_y * float(np.abs(fwd.r).max())
        if worst <= bound and _off_kinks(activation, fwd):
            place = parameter_slices(inputs=x.shape[1], width=width, outputs=outputs)
            theta[place["W"]] /= scale_x
            for name in ("A", "c"):
                theta[place[name]] *= scale_y
            return Trained(theta=theta, residual=worst, iterations=step, seed=seed)
        with np.errstate(all="ignore"):
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
        f"max |r| of {activation.name} with {width} units is "
        f"{scale_y * float(np.abs(fwd.r).max()):.1e} after {step + 1} steps of training; expected "
        f"at most {bound:.0e}: use fewer samples or a larger budget, and no input twice "
        "with other targets"
    )


def steps_within(seconds: float, samples: int) -> int:
    """How many steps nominal seconds buy, `MAX_STEPS` at most.

    Parameters
    ----------
    seconds : float
        Nominal, as a budget's.
    samples : int
        nC: a step makes and factorises an (nC, nC) matrix.
    """
    flops = samples**3 / 3 + 200 * samples**2
    bought = seconds * FLOPS_PER_SECOND / flops
    return min(MAX_STEPS, max(LEAST_STEPS, math.floor(bought)))


def _scale(array: Matrix) -> float:
    """The power of two below the root mean square, where that is beyond 1."""
    largest = float(np.abs(array).max())
    if largest <= 1:
        return 1.0
    size = largest * float(np.sqrt(np.mean((array / largest) ** 2)))
    return 2.0 ** max(0, math.floor(math.log2(size)))


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
        if not np.isfinite(shifted).all():
            raise ConvergenceError(
                "NTK Gram matrix of training is inf or nan; expected finite numbers: "
                "scale X to entries of about 1"
            )
        try:
            weights = cho_solve(cho_factor(shifted), fwd.r.ravel())
        except LinAlgError:
            damping = max(4 * damping, 1e-16)
            continue
        return -functional_gradient(fwd, weights.reshape(fwd.r.shape))


def _off_kinks(activation: Activation, fwd: Forward) -> bool:
    return all((fwd.z != float(kink)).all() for kink in activation.kinks)
