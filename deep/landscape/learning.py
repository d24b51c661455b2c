"""The local learning coefficient by Langevin dynamics, beside its quadratic value."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from ...errors import InputError
from ..estimators.probes import check_count
from ..progress import Progress
from ..randomness import check_generator
from .curvature import Curvature
from .point import Point

__all__ = ["LearningCoefficient", "learning_coefficient", "quadratic_coefficient"]

BLOCKS = 10
"""Parts of the draws, whose means show the error of correlated draws."""


@dataclass(frozen=True, kw_only=True)
class LearningCoefficient:
    """λ̂ = nβ (E L - L(θ)), E over a Langevin walk that is held near θ.

    Attributes
    ----------
    value : float
        λ̂.
    standard_error : float
        From the means of ten blocks of draws.
    drift : float
        λ̂ of the second half of the draws less that of the first: not 0 by more than
        chance where the walk has not settled.
    quadratic : float
        ½ Σ nβλ_i / (nβλ_i + γ): what the walk has in a bowl with the known eigenvalues.
    discretised : float
        The same with the walk's step kept, ½ Σ nβλ_i / (a_i (1 - h a_i / 4)), where
        a_i = nβλ_i + γ.
    inverse_temperature, localisation, step : float
        β, γ and h.
    steps : int
        Counted, the first ones left out.
    """

    value: float
    standard_error: float
    drift: float
    quadratic: float
    discretised: float
    inverse_temperature: float
    localisation: float
    step: float
    steps: int


def learning_coefficient(
    point: Point,
    found: Curvature,
    *,
    localisation: float = 100.0,
    step: float = 1e-4,
    steps: int = 1500,
    warmup: int = 500,
    generator: torch.Generator,
    progress: Progress | None = None,
) -> LearningCoefficient:
    """nβ (E L(w) - L(θ)) under exp(-nβ L(w) - ½ γ ‖w - θ‖²), β = 1/log n.

    The walk is

        w ← w - ½ h (nβ ∇L(w) + γ (w - θ)) + √h ξ,   ξ ~ N(0, I),

    from w = θ with the gradient of all data, so that no noise of mini-batches is added.
    Its flattest directions settle in about 2/(hγ) steps: a small γ needs many.

    Parameters
    ----------
    point : Point
        θ, and L as a mean.
    found : Curvature
        There; every eigenvalue.
    localisation, step : float
        γ and h, positive.
    steps, warmup : int
        Counted, and taken before.
    generator : torch.Generator
        Of the noise; on the CPU.
    progress : callable, optional
        Called with the steps taken and to be taken.

    Returns
    -------
    LearningCoefficient
        Without unit.

    Raises
    ------
    InputError
        If a number is out of range, there are fewer than three samples, the loss is no
        mean, the spectrum is not complete, or the walk diverges.

    References
    ----------
    Lau, Furman, Wang, Murfet and Wei (2023), The local learning coefficient, arXiv
    2308.12108; Welling and Teh (2011) for the walk.
    """
    _check(point, localisation, step, steps, warmup, generator)
    quadratic = quadratic_coefficient(found, n=point.n, localisation=localisation)
    beta = 1 / math.log(point.n)
    losses: list[float] = []
    w, strength = point.theta.clone(), point.n * beta
    with point.ready():
        for i in range(warmup + steps):
            loss, slope = point.value_and_gradient(w)
            if not math.isfinite(loss):
                raise InputError(
                    f"step is {step!r}; expected one with which the walk stays finite, "
                    f"but the loss is {loss} after {i} steps: lower it"
                )
            if i >= warmup:
                losses.append(loss)
            noise = torch.randn(point.p, generator=generator, dtype=torch.float64)
            force = strength * slope + localisation * (w - point.theta)
            w = w - 0.5 * step * force + math.sqrt(step) * noise.to(w)
            if progress is not None:
                progress(i + 1, warmup + steps)
    values = strength * (torch.tensor(losses, dtype=torch.float64) - point.loss)
    means = torch.stack([block.mean() for block in values.tensor_split(BLOCKS)])
    half = len(values) // 2
    return LearningCoefficient(
        value=float(values.mean()),
        standard_error=float(means.std()) / math.sqrt(BLOCKS),
        drift=float(values[half:].mean() - values[:half].mean()),
        quadratic=quadratic,
        discretised=_discretised(found.eigenvalues, strength, localisation, step),
        inverse_temperature=beta,
        localisation=localisation,
        step=step,
        steps=steps,
    )


def quadratic_coefficient(
    found: Curvature, *, n: int, localisation: float = 100.0
) -> float:
    """½ Σ_i nβλ_i / (nβλ_i + γ), β = 1/log n: the coefficient of a quadratic bowl.

    Parameters
    ----------
    found : Curvature
        Every eigenvalue λ_i; those below 0 count as 0.
    n : int
        Samples, at least 3.
    localisation : float
        γ, positive.

    Raises
    ------
    InputError
        If a number is out of range, or the spectrum is not complete.

    References
    ----------
    Derived here: E ½ λx² = ½ λ/a for x ~ N(0, 1/a), a = nβλ + γ.
    """
    if not found.is_complete:
        raise InputError(
            f"found has {len(found.eigenvalues)} eigenvalues of {found.p}; expected all "
            "of them: use method gram or hessian"
        )
    if n < 3:
        raise InputError(f"n is {n}; expected at least 3 samples, since β = 1/log n")
    if not 0 < localisation < math.inf:
        raise InputError(
            f"localisation is {localisation!r}; expected a positive number"
        )
    pull = found.eigenvalues.clamp(min=0) * (n / math.log(n))
    return float(0.5 * (pull / (pull + localisation)).sum())


def _discretised(
    eigenvalues: Tensor, strength: float, localisation: float, step: float
) -> float:
    """With the variance 1/(a (1 - ha/4)) of the walk itself; infinite if it diverges."""
    pull = strength * eigenvalues.clamp(min=0)
    a = pull + localisation
    left = 1 - step * a / 4
    if float(left.min()) <= 0:
        return math.inf
    return float(0.5 * (pull / (a * left)).sum())


def _check(
    point: Point,
    localisation: float,
    step: float,
    steps: int,
    warmup: int,
    generator: torch.Generator,
) -> None:
    check_generator(generator)
    for name, number in (("localisation", localisation), ("step", step)):
        if not 0 < number < math.inf:
            raise InputError(f"{name} is {number!r}; expected a positive number")
    check_count("steps", steps, least=2 * BLOCKS)
    check_count("warmup", warmup, least=0)
    if not point.risk.is_mean:
        raise InputError(
            "the loss is a sum over samples; expected a mean, which n multiplies"
        )
