"""Fully connected networks, smooth in their parameters."""

from collections import OrderedDict
from math import prod

from torch import nn

__all__ = ["mlp", "two_layer"]


def two_layer(shape: tuple[int, ...], classes: int, *, width: int = 32) -> nn.Module:
    """f(x) = A tanh(W x + b) + c, the network of `theory` and `numerics`.

    Parameters
    ----------
    shape : tuple of int
        Of one input; d is the product.
    classes : int
        C.
    width : int
        m.

    Returns
    -------
    torch.nn.Module
        p = m (d + 1) + C (m + 1). Its parameters are W, b, A and c, each row-major;
        the catalogue's θ takes A column by column instead.
    """
    return nn.Sequential(
        OrderedDict(
            flatten=nn.Flatten(),
            hidden=nn.Linear(prod(shape), width),
            activation=nn.Tanh(),
            output=nn.Linear(width, classes),
        )
    )


def mlp(
    shape: tuple[int, ...], classes: int, *, widths: tuple[int, ...] = (32, 32)
) -> nn.Module:
    """A perceptron with tanh units.

    Parameters
    ----------
    shape : tuple of int
        Of one input; d is the product.
    classes : int
        C.
    widths : tuple of int
        Units of each hidden layer.

    Returns
    -------
    torch.nn.Module
        On 8 x 8 digits with 10 classes, p = 3466.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
    inputs = prod(shape)
    for i, width in enumerate(widths, 1):
        layers[f"hidden{i}"] = nn.Linear(inputs, width)
        layers[f"activation{i}"] = nn.Tanh()
        inputs = width
    layers["output"] = nn.Linear(inputs, classes)
    return nn.Sequential(layers)
