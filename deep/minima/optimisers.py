"""Optimisers on many networks at once: a step on θ (E, p), row by row."""

import copy
from dataclasses import dataclass
from math import cos, isfinite, pi, sqrt

import torch
from torch import Tensor

from ...errors import InputError

__all__ = ["METHODS", "Method", "Stepper"]

NAMES = ("gd", "momentum", "sgd", "adam", "lbfgs")
SCHEDULES = ("constant", "cosine")
BETAS, EPSILON = (0.9, 0.999), 1e-8
"""Of Adam, as in its paper and in torch."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """An optimiser with its settings.

    With g the gradient of the loss, plus λθ where there is weight decay:

        gd        θ ← θ - η g
        momentum  v ← μ v + g,  θ ← θ - η v
        sgd       as momentum, g of a mini-batch; each pass in a new order
        adam      m ← β₁ m + (1 - β₁) g,  s ← β₂ s + (1 - β₂) g²,
                  θ ← θ - η m̂ / (√ŝ + ε),  m̂ = m / (1 - β₁ᵗ),  ŝ = s / (1 - β₂ᵗ)
        lbfgs     SciPy's L-BFGS-B, one network after another, in float64

    Attributes
    ----------
    name : str
        One of these.
    steps : int
        After which it stops, wherever it is: iterations of lbfgs.
    learning_rate : float
        η at the start; lbfgs has none.
    schedule : {"constant", "cosine"}
        cosine: step t of T has η (1 + cos(π t / T)) / 2.
    momentum : float
        μ, in [0, 1); 0 for gd.
    batch_size : int or None
        Samples in a mini-batch of sgd.
    weight_decay : float
        λ.
    label_noise : float
        Standard deviation of the normal noise that sgd adds to the targets of a
        mini-batch, anew in each step.
    memory : int
        Pairs that lbfgs keeps.
    check_every : int
        Steps from one comparison of the loss with its target to the next.

    Raises
    ------
    InputError
        If one of them is out of its range, or does not belong to the method.

    References
    ----------
    Kingma and Ba (2015), Algorithm 1; Polyak (1964); Liu and Nocedal (1989); Loshchilov
    and Hutter (2017), eq. (5), without restarts.
    """

    name: str
    steps: int
    learning_rate: float = 0.0
    schedule: str = "constant"
    momentum: float = 0.0
    batch_size: int | None = None
    weight_decay: float = 0.0
    label_noise: float = 0.0
    memory: int = 20
    check_every: int = 1

    def __post_init__(self) -> None:
        for name, known in (("name", NAMES), ("schedule", SCHEDULES)):
            if getattr(self, name) not in known:
                raise InputError(
                    f"{name} is {getattr(self, name)!r}; expected one of "
                    f"{', '.join(known)}"
                )
        for name in ("steps", "memory", "check_every"):
            if type(getattr(self, name)) is not int or getattr(self, name) < 1:
                raise InputError(
                    f"{name} is {getattr(self, name)!r}; expected an integer >= 1"
                )
        self._check_numbers()
        mini = self.batch_size is not None
        if mini != (self.name == "sgd") or (mini and (self.batch_size or 0) < 1):
            raise InputError(
                f"batch_size is {self.batch_size!r} for {self.name}; expected an integer "
                ">= 1 for sgd, and none for the others"
            )

    def rate(self, step: int) -> float:
        """η of a step, counted from 0."""
        if self.schedule == "constant":
            return self.learning_rate
        return self.learning_rate * (1 + cos(pi * step / self.steps)) / 2

    def _check_numbers(self) -> None:
        rated = self.learning_rate > 0 or self.name == "lbfgs"
        decays = self.weight_decay >= 0 if self.name != "lbfgs" else False
        noisy = self.label_noise >= 0 if self.name == "sgd" else False
        for name, wanted, holds in (
            ("learning_rate", "a finite number > 0", rated),
            ("momentum", "a number from 0 to below 1", 0 <= self.momentum < 1),
            ("weight_decay", "a finite number >= 0", decays or self.weight_decay == 0),
            (
                "label_noise",
                "a finite number >= 0, and 0 without mini-batches",
                noisy or self.label_noise == 0,
            ),
        ):
            value = getattr(self, name)
            if not (holds and isfinite(value)):
                raise InputError(f"{name} is {value!r}; expected {wanted}")


METHODS = {
    "gd": Method(name="gd", learning_rate=0.05, steps=8000),
    "momentum": Method(name="momentum", learning_rate=0.02, momentum=0.9, steps=8000),
    "sgd": Method(
        name="sgd", learning_rate=0.02, schedule="cosine", batch_size=16, steps=20_000,
        check_every=20,
    ),
    "adam": Method(name="adam", learning_rate=3e-3, steps=4000),
    "lbfgs": Method(name="lbfgs", steps=2000),
}  # fmt: skip
"""Settings with which each of them fits 200 digits with two layers."""


class Stepper:
    """Takes the steps of a method other than lbfgs, and keeps its moments.

    Parameters
    ----------
    method : Method
        Which.
    like : (E, p) tensor
        θ at the start, for the shape.
    """

    def __init__(self, method: Method, like: Tensor) -> None:
        if method.name == "lbfgs":
            raise InputError("method is lbfgs; expected one that takes single steps")
        self._method, self._taken = method, 0
        count = {"adam": 2, "gd": 0}.get(method.name, 1)
        self._moments = [torch.zeros_like(like) for _ in range(count)]

    def step(self, theta: Tensor, gradient: Tensor) -> None:
        """Change θ (E, p) in place by the next step; `gradient` may be changed too."""
        method = self._method
        rate = method.rate(self._taken)
        self._taken += 1
        if method.weight_decay:
            gradient.add_(theta, alpha=method.weight_decay)
        if method.name == "adam":
            self._adam(theta, gradient, rate)
        elif method.name == "gd":
            theta.sub_(gradient, alpha=rate)
        else:
            (v,) = self._moments
            v.mul_(method.momentum).add_(gradient)
            theta.sub_(v, alpha=rate)

    def kept(self, members: Tensor) -> "Stepper":
        """A copy for these networks alone, at the same step."""
        other = copy.copy(self)
        other._moments = [moment[members] for moment in self._moments]
        return other

    def _adam(self, theta: Tensor, gradient: Tensor, rate: float) -> None:
        m, s = self._moments
        first, second = BETAS
        m.lerp_(gradient, 1 - first)
        s.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        t = self._taken
        scale = (s.sqrt() / sqrt(1 - second**t)).add_(EPSILON)
        theta.addcdiv_(m, scale, value=-rate / (1 - first**t))
