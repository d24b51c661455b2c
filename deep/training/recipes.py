"""How a network is trained: the settings of a run, and good ones for each of ours."""

from dataclasses import dataclass
from math import cos, isfinite, pi

from ...errors import InputError

__all__ = ["Recipe", "recipe_for"]

OPTIMISERS = ("sgd", "adam")
SCHEDULES = ("cosine", "constant")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The settings of a training run.

    Attributes
    ----------
    epochs : int
        Passes over the data.
    learning_rate : float
        η at the start.
    batch_size : int
        Samples a step; the last step of an epoch takes what is left.
    optimiser : str
        sgd or adam.
    schedule : str
        cosine: step t of T has η (1 + cos(π t / T)) / 2; constant: η.
    momentum : float
        Of sgd, in [0, 1).
    weight_decay : float
        λ: λ/2 ‖θ‖² is added to the loss whose gradient is taken.

    Raises
    ------
    InputError
        If one of them is out of its range.

    References
    ----------
    Loshchilov and Hutter (2017), eq. (5), without restarts; Kingma and Ba (2015).
    """

    epochs: int
    learning_rate: float
    batch_size: int
    optimiser: str = "sgd"
    schedule: str = "cosine"
    momentum: float = 0.9
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            value = getattr(self, name)
            if type(value) is not int or value < 1:
                raise InputError(f"{name} is {value!r}; expected an integer >= 1")
        for name, known in (("optimiser", OPTIMISERS), ("schedule", SCHEDULES)):
            value = getattr(self, name)
            if value not in known:
                raise InputError(
                    f"{name} is {value!r}; expected one of {', '.join(known)}"
                )
        for name, wanted, holds in (
            ("learning_rate", "a finite number > 0", self.learning_rate > 0),
            ("momentum", "a number from 0 to below 1", 0 <= self.momentum < 1),
            ("weight_decay", "a finite number >= 0", self.weight_decay >= 0),
        ):
            value = getattr(self, name)
            if not (holds and isfinite(value)):
                raise InputError(f"{name} is {value!r}; expected {wanted}")

    def rate(self, step: int, *, of: int) -> float:
        """The learning rate of a step: a closed form, so that a resumed run agrees."""
        if self.schedule == "constant":
            return self.learning_rate
        return self.learning_rate * (1 + cos(pi * step / of)) / 2


def recipe_for(model: str) -> Recipe:
    """Settings with which a network learns the digits, in seconds on one core.

    Over ten seeds the smallest training accuracies were: mlp 0.998, two-layer 0.996,
    lenet 0.986, vgg 0.999, resnet 0.999, vit 0.986.

    Parameters
    ----------
    model : str
        As in `build_model`; networks that are not ours are given Adam.
    """
    if model.startswith("resnet"):
        epochs = 3 if model == "resnet18" else 10
        return Recipe(epochs=epochs, learning_rate=0.05, batch_size=64)
    return _RECIPES.get(model, _FOR_OTHERS)


_RECIPES = {
    "mlp": Recipe(epochs=30, learning_rate=0.1, batch_size=64),
    "two-layer": Recipe(epochs=30, learning_rate=0.1, batch_size=64),
    "lenet": Recipe(epochs=20, learning_rate=0.1, batch_size=64),
    "vgg": Recipe(epochs=10, learning_rate=0.02, batch_size=64),
    "vit": Recipe(epochs=20, learning_rate=0.003, batch_size=64, optimiser="adam"),
}
_FOR_OTHERS = Recipe(epochs=10, learning_rate=0.001, batch_size=64, optimiser="adam")
