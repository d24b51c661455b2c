"""models/convolutional.py: published sizes, smoothness, and no idle weights."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from landtheory.deep.models.convolutional import lenet, vgg


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_lenet_has_the_published_number_of_parameters() -> None:
    # 156 + 2416 + 48120 + 10164 + 850, on padded MNIST as on 32 x 32
    assert count(lenet((1, 28, 28), 10)) == 61_706
    assert count(lenet((1, 32, 32), 10)) == 61_706
    assert count(lenet((3, 32, 32), 10)) == 62_006


def test_vgg_is_pairs_of_convolutions_that_halve_the_image() -> None:
    model = vgg((3, 32, 32), 10)
    widths = [3, 32, 32, 64, 64, 128, 128]
    convolutions = sum(
        9 * inputs * outputs + outputs for inputs, outputs in pairwise(widths)
    )
    assert count(model) == convolutions + (128 * 16 + 1) * 128 + (128 + 1) * 10
    assert count(vgg((1, 8, 8), 10)) == 304_234
    kinds = [type(module) for module in model.modules()]
    assert not any(issubclass(kind, nn.BatchNorm2d) for kind in kinds)


def test_lenet_is_smooth() -> None:
    kinds = {type(module) for module in lenet((1, 8, 8), 10).modules()}
    assert not kinds & {nn.ReLU, nn.MaxPool2d}
    assert {nn.Tanh, nn.AvgPool2d} <= kinds


@pytest.mark.parametrize("side", [(4, 4), (4, 7), (5, 5), (8, 8), (11, 6), (33, 20)])
def test_lenet_fits_any_image_from_4_pixels(side: tuple[int, int]) -> None:
    assert lenet((2, *side), 3)(torch.randn(5, 2, *side)).shape == (5, 3)


@pytest.mark.parametrize("side", [(2, 2), (2, 9), (3, 3), (8, 8), (7, 16), (33, 20)])
def test_vgg_fits_any_image_from_2_pixels(side: tuple[int, int]) -> None:
    assert vgg((2, *side), 3)(torch.randn(5, 2, *side)).shape == (5, 3)
