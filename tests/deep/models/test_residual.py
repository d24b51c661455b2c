"""models/residual.py: published sizes, and one block written out by hand."""

import pytest
import torch
from torch import nn
from torch.nn.functional import batch_norm, conv2d

from landtheory.deep.models.residual import RESNETS, BasicBlock, ResNet


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def published(n: int) -> int:
    """He et al. (2016), section 4.2, counted layer by layer, with option B."""

    def normalised(inputs: int, outputs: int, kernel: int = 9) -> int:
        return kernel * inputs * outputs + 2 * outputs

    total = normalised(3, 16) + 64 * 10 + 10
    for inputs, outputs in ((16, 16), (16, 32), (32, 64)):
        total += normalised(inputs, outputs) + (2 * n - 1) * normalised(
            outputs, outputs
        )
        if inputs != outputs:
            total += normalised(inputs, outputs, kernel=1)
    return total


@pytest.mark.parametrize(
    ("name", "n", "p", "millions"),
    [
        ("resnet8", 1, 78_042, None),
        ("resnet14", 2, 175_258, None),
        ("resnet20", 3, 272_474, 0.27),
        ("resnet32", 5, 466_906, 0.46),
        ("resnet56", 9, 855_770, 0.85),
    ],
)
def test_the_cifar_resnets_have_the_published_sizes(
    name: str, n: int, p: int, millions: float | None
) -> None:
    model = RESNETS[name]((3, 32, 32), 10)
    assert count(model) == published(n) == p
    convolutions = [
        module
        for module in model.modules()
        if isinstance(module, nn.Conv2d) and module.kernel_size == (3, 3)
    ]
    assert len(convolutions) + 1 == 6 * n + 2
    if millions is not None:
        # Table 6, with option A: the 2752 parameters of the shortcuts are option B's
        assert abs((p - 2752) / 1e6 - millions) < 0.01


def test_resnet18_has_the_usual_size() -> None:
    assert count(RESNETS["resnet18"]((3, 32, 32), 10)) == 11_173_962


@pytest.mark.parametrize(("stride", "outputs"), [(1, 4), (2, 4), (1, 6), (2, 6)])
def test_a_block_is_its_formula(stride: int, outputs: int) -> None:
    block = BasicBlock(4, outputs, stride=stride).eval().double()
    with torch.no_grad():
        for tensor in block.state_dict().values():
            if tensor.is_floating_point():
                tensor.uniform_(0.5, 1.5)
    s = block.state_dict()
    x = torch.randn(2, 4, 7, 6, dtype=torch.float64)

    def normalised(z: torch.Tensor, name: str) -> torch.Tensor:
        keys = ("running_mean", "running_var", "weight", "bias")
        return batch_norm(z, *(s[f"{name}.{key}"] for key in keys))

    y = conv2d(x, s["conv1.weight"], stride=stride, padding=1)
    y = normalised(y, "bn1").relu()
    y = normalised(conv2d(y, s["conv2.weight"], padding=1), "bn2")
    skip = x
    if stride != 1 or outputs != 4:
        skip = conv2d(x, s["shortcut.0.weight"], stride=stride)
        skip = normalised(skip, "shortcut.1")
    torch.testing.assert_close(block(x), (y + skip).relu(), rtol=1e-13, atol=1e-13)
    assert (skip is x) == isinstance(block.shortcut, nn.Identity)


@pytest.mark.parametrize(
    ("side", "sizes"),
    [
        ((32, 32), [32, 16, 8]),
        ((8, 8), [8, 4, 2]),
        ((4, 4), [4, 2, 2]),
        ((3, 3), [3, 2, 2]),
        ((2, 2), [2, 2, 2]),
        ((5, 9), [5, 3, 2]),
    ],
)
def test_a_stage_halves_the_image_while_2_pixels_remain(
    side: tuple[int, int], sizes: list[int]
) -> None:
    model = ResNet((1, *side), 4, depth=1)
    heights = []
    for stage in model.stages:
        stage.register_forward_hook(lambda *found: heights.append(found[2].shape[2]))
    assert model(torch.randn(3, 1, *side)).shape == (3, 4)
    assert heights == sizes
