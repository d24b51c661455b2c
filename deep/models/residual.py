"""Residual networks, fitted to the size of the image."""

from functools import partial

import torch
from torch import Tensor, nn

__all__ = ["RESNETS", "ResNet"]


class ResNet(nn.Module):
    """A residual network with basic blocks and a 3 x 3 stem.

    Each stage but the first halves the image, as long as at least 2 x 2 pixels remain:
    on a single pixel, eight of the nine weights of a kernel would only ever meet
    padding. Where a shortcut changes the shape it is a 1 x 1 convolution with
    normalisation (option B).

    Parameters
    ----------
    shape : (int, int, int)
        Channels, height and width, at least 2 x 2.
    classes : int
        C.
    depth : int
        Blocks a stage, n: 2 n convolutions each.
    widths : tuple of int
        Channels of each stage.

    References
    ----------
    He, Zhang, Ren and Sun (2016), section 4.2 and Table 6: 6 n + 2 layers with widths
    16, 32 and 64 (there with option A); section 4.1 and Table 1 for ResNet-18, whose
    7 x 7 stem and pooling are left out here, as is usual for images of CIFAR's size.
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        classes: int,
        *,
        depth: int,
        widths: tuple[int, ...] = (16, 32, 64),
    ) -> None:
        super().__init__()
        channels, side = shape[0], min(shape[1:])
        self.conv1 = _convolution(channels, widths[0])
        self.bn1 = nn.BatchNorm2d(widths[0])
        stages = []
        inputs = widths[0]
        for i, width in enumerate(widths):
            stride = 2 if i > 0 and side >= 3 else 1
            side = -(-side // stride)
            stages.append(_stage(inputs, width, stride=stride, depth=depth))
            inputs = width
        self.stages = nn.Sequential(*stages)
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs (n, C) of images (n, channels, height, width)."""
        x = torch.relu(self.bn1(self.conv1(x)))
        return self.fc(self.stages(x).mean((2, 3)))


class BasicBlock(nn.Module):
    """relu(S x + F(x)), with F two normalised 3 x 3 convolutions and S the shortcut."""

    def __init__(self, inputs: int, outputs: int, *, stride: int) -> None:
        super().__init__()
        self.conv1 = _convolution(inputs, outputs, stride=stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = _convolution(outputs, outputs)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x: Tensor) -> Tensor:
        """One block's output."""
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.shortcut(x) + self.bn2(self.conv2(y)))


def _stage(inputs: int, outputs: int, *, stride: int, depth: int) -> nn.Module:
    first = BasicBlock(inputs, outputs, stride=stride)
    rest = (BasicBlock(outputs, outputs, stride=1) for _ in range(depth - 1))
    return nn.Sequential(first, *rest)


def _convolution(inputs: int, outputs: int, *, stride: int = 1) -> nn.Module:
    # no bias: the normalisation that follows would subtract it again
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, bias=False)


RESNETS = {
    "resnet8": partial(ResNet, depth=1),
    "resnet14": partial(ResNet, depth=2),
    "resnet20": partial(ResNet, depth=3),
    "resnet32": partial(ResNet, depth=5),
    "resnet56": partial(ResNet, depth=9),
    "resnet18": partial(ResNet, depth=2, widths=(64, 128, 256, 512)),
}
"""By name; 78,042 parameters for resnet8 on 3 x 32 x 32 images with 10 classes."""
