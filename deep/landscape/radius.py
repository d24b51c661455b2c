"""How far one can go in random directions before the loss has risen by a height."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ...errors import InputError
from ..estimators.probes import check_count
from ..objective.parameters import Parameters
from ..randomness import check_generator
from .point import Point
from .rays import crossing

__all__ = ["Radius", "filter_norms", "random_radius"]

FIRST = 1e-3
"""First step of a ray, in its own units."""

QUARTERS = (0.25, 0.5, 0.75)


@dataclass(frozen=True, kw_only=True, eq=False)
class Radius:
    """Radii in random directions: r with L(θ + r v) = L(θ) + ε.

    Attributes
    ----------
    mean_log, standard_error : float
        Of log r over the directions that have an end, and the error of that mean.
    quartiles : (float, float, float)
        Of r, with the median in the middle; infinite radii among them.
    unbounded : int
        Directions along which the loss never rose so high.
    height : float
        ε.
    normalised : bool
        Whether v has the norm of each filter of θ; otherwise it is a unit vector.
    radii : (K,) float64
        r.
    """

    mean_log: float
    standard_error: float
    quartiles: tuple[float, float, float]
    unbounded: int
    height: float
    normalised: bool
    radii: Tensor = field(repr=False)


def random_radius(
    point: Point,
    *,
    height: float,
    directions: int = 64,
    normalised: bool = True,
    generator: torch.Generator,
) -> Radius:
    """r with L(θ + r v) = L(θ) + ε along random directions v.

    With `normalised`, each filter of v, the weights that go into one unit, has the norm
    of the same filter of θ, and biases and other vectors stay as they are: then r has no
    unit, and rescaling whole layers of a ReLU network changes nothing but chance. Single
    neurons may still be rescaled so that it changes.

    Parameters
    ----------
    point : Point
        θ and L.
    height : float
        ε, positive.
    directions : int
        K, at least 2.
    normalised : bool
        Whether by filters.
    generator : torch.Generator
        Of the directions; on the CPU.

    Returns
    -------
    Radius
        A number of typical directions: they see little of the narrowest ones.

    Raises
    ------
    InputError
        If a number is out of range, θ has no filter other than 0, or no ray has an end.

    References
    ----------
    Li, Xu, Taylor, Studer and Goldstein (2018), Visualizing the loss landscape of neural
    nets.
    """
    if not 0 < height < math.inf:
        raise InputError(f"height is {height!r}; expected a positive number")
    check_count("directions", directions, least=2)
    check_generator(generator)
    radii, level = [], point.loss + height
    with point.ready():
        for _ in range(directions):
            v = _direction(point, generator, normalised=normalised)

            def value(t: float, v: Tensor = v) -> float:
                return point.value(point.theta + t * v)

            radii.append(crossing(value, level, start=FIRST))
    found = torch.tensor(radii, dtype=torch.float64)
    logs = found[found.isfinite()].log()
    if not len(logs):
        raise InputError(
            f"height is {height!r}; expected one that the loss reaches along some of "
            f"{directions} directions: lower it"
        )
    error = float(logs.std()) / math.sqrt(len(logs)) if len(logs) > 1 else math.inf
    low, middle, high = (
        float(found.sort().values[round(q * (len(found) - 1))]) for q in QUARTERS
    )
    return Radius(
        mean_log=float(logs.mean()),
        standard_error=error,
        quartiles=(low, middle, high),
        unbounded=directions - len(logs),
        height=height,
        normalised=normalised,
        radii=found,
    )


def filter_norms(parameters: Parameters, theta: Tensor) -> Tensor:
    """(p,): for each entry of θ the norm of its filter; 0 in vectors, such as biases.

    Parameters
    ----------
    parameters : Parameters
        What θ is made of. A filter is what one index of the first axis holds.
    theta : (p,) tensor
        θ.
    """
    parts = []
    for tensor in parameters.split(theta):
        if tensor.ndim < 2:
            parts.append(torch.zeros_like(tensor))
            continue
        norms = tensor.flatten(1).norm(dim=1)
        shape = (-1,) + (1,) * (tensor.ndim - 1)
        parts.append(norms.view(shape).expand(tensor.shape))
    return parameters.flatten(parts)


def _direction(point: Point, generator: torch.Generator, *, normalised: bool) -> Tensor:
    v = torch.randn(point.p, generator=generator, dtype=torch.float64)
    v = v.to(point.theta)
    if not normalised:
        return v / v.norm()
    wanted = filter_norms(point.parameters, point.theta)
    own = filter_norms(point.parameters, v)
    if not bool((wanted > 0).any()):
        raise InputError(
            "theta has no filter other than 0; expected a weight of two axes or more: "
            "pass normalised=False"
        )
    return v * torch.where(own > 0, wanted / own, 0)
