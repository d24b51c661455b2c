"""models/transformer.py: attention against its formula, and the cut in patches."""

import pytest
import torch
from torch import Tensor

from landtheory.deep.models import transformer
from landtheory.deep.models.transformer import Attention, ViT


def formula(attention: Attention, t: Tensor) -> Tensor:
    """softmax(Q Kᵀ / √width) V, head by head, with plain matrix products."""
    width = t.shape[-1]
    Wq, Wk, Wv = attention.qkv.weight.chunk(3)
    size = width // attention.heads
    heads = []
    for h in range(attention.heads):
        rows = slice(h * size, (h + 1) * size)
        q, k, v = (t @ W[rows].T for W in (Wq, Wk, Wv))
        heads.append((q @ k.transpose(1, 2) / size**0.5).softmax(2) @ v)
    return attention.output(torch.cat(heads, dim=2))


def agrees(candidate: object) -> bool:
    attention = Attention(12, 3).double()
    t = torch.randn(2, 5, 12, dtype=torch.float64)
    return torch.allclose(
        candidate(attention, t), formula(attention, t), rtol=0, atol=1e-14
    )


def test_attention_is_its_formula() -> None:
    assert agrees(lambda attention, t: attention(t))


@pytest.mark.parametrize(
    "mutant",
    [
        lambda attention, t: attention(t.flip(1)),
        lambda attention, t: attention(2 * t) / 2,
        lambda attention, t: attention(t) - attention.output.bias,
        lambda attention, t: formula(attention, t.roll(1, dims=2)),
    ],
)
def test_the_comparison_rejects(mutant: object) -> None:
    assert not agrees(mutant)


def test_attention_goes_through_torchs_own_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = []
    real = transformer.functional.scaled_dot_product_attention
    monkeypatch.setattr(
        transformer.functional,
        "scaled_dot_product_attention",
        lambda *qkv: (calls.append(qkv[0].shape), real(*qkv))[1],
    )
    ViT((1, 8, 8), 10)(torch.randn(3, 1, 8, 8))
    assert calls == [(3, 4, 16, 8)] * 2


@pytest.mark.parametrize(
    ("shape", "patch", "tokens"),
    [
        ((3, 32, 32), 4, 64),
        ((1, 28, 28), 4, 49),
        ((1, 8, 8), 2, 16),
        ((1, 6, 6), 1, 36),
        ((1, 9, 12), 1, 108),
        ((1, 16, 18), 2, 72),
        ((1, 2, 2), 1, 4),
    ],
)
def test_the_patch_divides_the_image(
    shape: tuple[int, int, int], patch: int, tokens: int
) -> None:
    model = ViT(shape, 5)
    assert model.patches.kernel_size == (patch, patch)
    assert tuple(model.positions.shape) == (tokens, 32)
    assert model(torch.randn(2, *shape)).shape == (2, 5)


def test_positions_tell_permuted_patches_apart() -> None:
    model = ViT((1, 8, 8), 10)
    x = torch.randn(1, 1, 8, 8)
    assert not torch.allclose(model(x), model(x.flip(3)))
    with torch.no_grad():
        model.positions.zero_()
        model.patches.weight.copy_(model.patches.weight.mean((2, 3), keepdim=True))
    torch.testing.assert_close(model(x), model(x.flip(3)))
