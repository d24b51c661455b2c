"""L-BFGS to a target loss, one network after another."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy.optimize import OptimizeResult, minimize

from .family import Descent, Networks
from .optimisers import Method
from .samples import Samples

__all__ = ["minimise"]

Vector = npt.NDArray[np.float64]

HALVINGS = 20
"""Of the last segment: the loss meets its target to a millionth of what it spans."""


def minimise(
    networks: Networks,
    samples: Samples,
    i: int,
    *,
    loss: str,
    method: Method,
    target: float,
) -> Descent:
    """Lower the loss of network i by L-BFGS in float64.

    An iteration may lower the loss far below the target. The network stops where the
    segment between the last two iterates meets the target, so that all have one loss.

    Parameters
    ----------
    networks, samples, loss, target
        As `descend` takes them; row i of `networks.theta` is changed.
    i : int
        Which.
    method : Method
        Of the name lbfgs.

    Returns
    -------
    Descent
        Its steps are iterations.
    """
    members = torch.tensor([i], device=networks.theta.device)
    alone = networks.kept(members, dtype=torch.float64)
    own = samples.kept(members).to(torch.float64)
    run = _Run(alone, own, loss, target)
    with np.errstate(all="ignore"):
        found = minimize(
            run.value,
            run.theta(),
            jac=True,
            method="L-BFGS-B",
            callback=run.visited,
            options={
                "maxcor": method.memory,
                "maxiter": method.steps,
                "maxfun": 20 * method.steps,
                "ftol": 0.0,
                "gtol": 0.0,
            },
        )
    theta = run.landed(found.x)
    value = run.value(theta)[0]
    networks.theta[i] = torch.from_numpy(theta).to(networks.theta)
    networks.confirmed(samples, loss, networks.losses(samples, loss))
    networks.freeze()
    return Descent(loss=value, steps=int(found.nit), reached=value <= target)


class _Run:
    """One network's loss as SciPy wants it, and the last two iterates."""

    def __init__(
        self, alone: Networks, samples: Samples, loss: str, target: float
    ) -> None:
        self._alone, self._samples, self._loss = alone, samples, loss
        self._target = target
        self._before = self._here = self.theta()

    def theta(self) -> Vector:
        """Where it stands."""
        return self._alone.theta[0].cpu().numpy().copy()

    def value(self, theta: Vector) -> tuple[float, Vector]:
        """L(θ) and its gradient."""
        self._alone.theta = torch.from_numpy(theta).to(self._alone.theta)[None]
        losses, gradient = self._alone.losses_and_gradient(self._samples, self._loss)
        return float(losses[0]), gradient[0].cpu().numpy().copy()

    def visited(self, intermediate_result: OptimizeResult) -> None:
        """Stop at the first iterate that is low enough.

        Raises
        ------
        StopIteration
            Which SciPy takes for the end.
        """
        # SciPy goes on to change the array that it shows
        self._before, self._here = self._here, np.array(intermediate_result.x)
        if float(intermediate_result.fun) <= self._target:
            raise StopIteration

    def landed(self, last: Any) -> Vector:
        """The point before `last` where the loss meets the target, if it is below."""
        here: Vector = np.array(last, dtype=np.float64)
        if not self.value(here)[0] <= self._target:
            return here
        if self.value(self._before)[0] <= self._target:
            return self._before
        low, high = 0.0, 1.0
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            if self.value(self._between(middle))[0] <= self._target:
                high = middle
            else:
                low = middle
        return self._between(high)

    def _between(self, t: float) -> Vector:
        return self._before + t * (self._here - self._before)
