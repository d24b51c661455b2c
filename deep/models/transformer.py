"""A small vision transformer."""

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["ViT"]


class ViT(nn.Module):
    """A vision transformer, normalised before each part, with the mean as its token.

    The image is cut into square patches: the largest of 4, 2 and 1 pixels a side that
    divides it into at least 16, or else single pixels.

    Parameters
    ----------
    shape : (int, int, int)
        Channels, height and width.
    classes : int
        C.
    width : int
        Features of a token.
    depth : int
        Blocks.
    heads : int
        Heads of each attention; they share the width.

    References
    ----------
    Dosovitskiy et al. (2021), section 3.1, with the mean of all tokens in place of a
    class token (their appendix D.3).
    """

    def __init__(
        self,
        shape: tuple[int, int, int],
        classes: int,
        *,
        width: int = 32,
        depth: int = 2,
        heads: int = 4,
    ) -> None:
        super().__init__()
        channels, height, _ = shape
        side = _patch_side(height, shape[2])
        tokens = (height // side) * (shape[2] // side)
        self.patches = nn.Conv2d(channels, width, side, stride=side)
        self.positions = nn.Parameter(torch.empty(tokens, width))
        nn.init.trunc_normal_(self.positions, std=0.02)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs (n, C) of images (n, channels, height, width)."""
        tokens = self.patches(x).flatten(2).transpose(1, 2) + self.positions
        return self.head(self.norm(self.blocks(tokens)).mean(1))


class Block(nn.Module):
    """t + attention(norm(t)), then t + mlp(norm(t)), for tokens t (n, tokens, width)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(self, t: Tensor) -> Tensor:
        """One block's output, of the shape of t."""
        t = t + self.attention(self.norm1(t))
        return t + self.mlp(self.norm2(t))


class Attention(nn.Module):
    """softmax(Q Kᵀ / √width) V in each head, then a linear map.

    Queries, keys and values have no bias: softmax does not see a bias of the keys, so
    the loss would be exactly flat along it.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.output = nn.Linear(width, width)

    def forward(self, t: Tensor) -> Tensor:
        """Attended tokens, of the shape of t."""
        n, tokens, width = t.shape
        split = self.qkv(t).view(n, tokens, 3, self.heads, width // self.heads)
        q, k, v = split.permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(q, k, v)
        return self.output(attended.transpose(1, 2).reshape(n, tokens, width))


def _patch_side(height: int, width: int) -> int:
    sides = (
        side
        for side in (4, 2)
        if height % side == width % side == 0 and height * width >= 16 * side**2
    )
    return next(sides, 1)
