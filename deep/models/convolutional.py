"""Plain convolutional networks: LeNet and VGG, fitted to the size of the image.

A layer is fitted so that each of its weights meets a pixel of some image: a 3 x 3
kernel on a single pixel would have eight weights that always multiply padding, and as
many directions in which the loss is flat for no reason of its own.
"""

from collections import OrderedDict
from itertools import pairwise

from torch import nn

__all__ = ["lenet", "vgg"]


def lenet(shape: tuple[int, int, int], classes: int) -> nn.Module:
    """LeNet-5 with its tanh units and average pooling: a smooth loss.

    Images of fewer than 32 pixels a side are padded by 2, as MNIST's were. Where the
    second convolution would meet fewer than 6 pixels a side, it is 3 x 3 and padded.

    Parameters
    ----------
    shape : (int, int, int)
        Channels, height and width, at least 4 x 4.
    classes : int
        C.

    Returns
    -------
    torch.nn.Module
        On 28 x 28 images of one channel with 10 classes, p = 61,706.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), section II.B, with fully connected feature
    maps, plain average pooling, and linear outputs.
    """
    channels, height, width = shape
    padding = 2 if min(height, width) < 32 else 0
    height, width = ((side + 2 * padding - 4) // 2 for side in (height, width))
    fits = min(height, width) >= 6
    second = nn.Conv2d(6, 16, 5) if fits else nn.Conv2d(6, 16, 3, padding=1)
    height, width = ((side - 4 * fits) // 2 for side in (height, width))
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(channels, 6, 5, padding=padding),
            activation1=nn.Tanh(),
            pool1=nn.AvgPool2d(2),
            conv2=second,
            activation2=nn.Tanh(),
            pool2=nn.AvgPool2d(2),
            flatten=nn.Flatten(),
            fc1=nn.Linear(16 * height * width, 120),
            activation3=nn.Tanh(),
            fc2=nn.Linear(120, 84),
            activation4=nn.Tanh(),
            fc3=nn.Linear(84, classes),
        )
    )


def vgg(
    shape: tuple[int, int, int],
    classes: int,
    *,
    widths: tuple[int, ...] = (32, 64, 128),
) -> nn.Module:
    """A small VGG: blocks of two 3 x 3 convolutions and a maximum, no normalisation.

    Each block halves the image; there are as many blocks as leave one pixel.

    Parameters
    ----------
    shape : (int, int, int)
        Channels, height and width, at least 2 x 2.
    classes : int
        C.
    widths : tuple of int
        Channels of each block.

    Returns
    -------
    torch.nn.Module
        On 8 x 8 images of one channel with 10 classes, p = 304,234.

    References
    ----------
    Simonyan and Zisserman (2015), section 2, made narrower and shallower.
    """
    channels, height, width = shape
    blocks: OrderedDict[str, nn.Module] = OrderedDict()
    fitting = widths[: min(height, width).bit_length() - 1]
    for i, (inputs, outputs) in enumerate(pairwise((channels, *fitting)), 1):
        blocks[f"block{i}"] = nn.Sequential(
            OrderedDict(
                conv1=nn.Conv2d(inputs, outputs, 3, padding=1),
                activation1=nn.ReLU(),
                conv2=nn.Conv2d(outputs, outputs, 3, padding=1),
                activation2=nn.ReLU(),
                pool=nn.MaxPool2d(2),
            )
        )
        height, width = height // 2, width // 2
    last = fitting[-1]
    return nn.Sequential(
        blocks
        | OrderedDict(
            flatten=nn.Flatten(),
            fc1=nn.Linear(last * height * width, 128),
            activation=nn.ReLU(),
            fc2=nn.Linear(128, classes),
        )
    )
