"""The networks that spectra are measured on: trained briefly, from one seed."""

import copy
from dataclasses import dataclass

import torch
from torch import nn

from landtheory.deep import build_model, load_data, recipe_for, train
from landtheory.deep.data.sets import DataSet

__all__ = ["Network", "network"]


@dataclass(frozen=True)
class Network:
    """A model with the data of its loss, the mean cross-entropy."""

    name: str
    model: nn.Module
    X: torch.Tensor
    y: torch.Tensor

    @property
    def p(self) -> int:
        """Number of parameters."""
        return sum(parameter.numel() for parameter in self.model.parameters())

    @property
    def data(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Inputs and labels."""
        return self.X, self.y

    def double(self) -> "Network":
        """The same in float64."""
        model = copy.deepcopy(self.model).double()
        return Network(self.name, model, self.X.double(), self.y)


def network(name: str, data_name: str = "digits", *, trained: bool = True) -> Network:
    """A fully connected network on 1000 samples, or `resnet` on CIFAR-shaped images.

    Recipes are the package's own. The residual network learns 512 images, and its Hessian
    is of the first 32 of them.
    """
    generator = torch.Generator().manual_seed(0)
    if name == "resnet":
        data = _cifar_shaped(512, generator)
    else:
        data = load_data(data_name, seed=0, samples=1000, dtype=torch.float32)
    model = build_model(
        name, shape=data.shape, classes=data.classes, generator=generator
    )
    if trained:
        train(model, data, recipe=recipe_for(name), generator=generator)
    used = 32 if name == "resnet" else len(data.y)
    label = f"{name} on {data.name}, {'trained' if trained else 'at initialisation'}"
    return Network(label, model.eval(), data.X[:used], data.y[:used])


def _cifar_shaped(n: int, generator: torch.Generator) -> DataSet:
    """Ten classes of smooth random images (3, 32, 32), under noise of the same size."""
    prototypes = torch.randn(10, 3, 36, 36, generator=generator)
    prototypes = 5 * torch.nn.functional.avg_pool2d(prototypes, 5, stride=1)
    y = torch.randint(0, 10, (n,), generator=generator)
    X = prototypes[y] + torch.randn(n, 3, 32, 32, generator=generator)
    return DataSet(X=X, y=y, classes=10, name="cifar-shaped")
