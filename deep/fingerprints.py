"""Some bits that stand for many, to see whether two processes have the same."""

from collections.abc import Sequence
from hashlib import sha256

import torch
from torch import Tensor

__all__ = ["fingerprint"]


def fingerprint(name: str, parts: Sequence[Tensor | str]) -> int:
    """The first 62 bits of SHA-256 of a name and some parts.

    Sums of the bits, which would cost less, take v and 2 v for the same: the exponents of
    all entries differ by as much, and often enough the sum of that is 0 modulo 2⁶⁴.

    Parameters
    ----------
    name : str
        What the parts are.
    parts : sequence of tensors and texts
        In order; of a tensor its dtype and shape count too.
    """
    digest = sha256(name.encode())
    for part in parts:
        about, content = _read(part)
        # lengths, so that no part can pass for two
        digest.update(f"|{about}|{len(content)}|".encode())
        digest.update(content)
    return int.from_bytes(digest.digest()[:8], "big") >> 2


def _read(part: Tensor | str) -> tuple[str, bytes | memoryview]:
    if isinstance(part, str):
        return "", part.encode()
    row = part.detach().contiguous().reshape(-1).cpu()
    about = f"{part.dtype} {tuple(part.shape)}"
    return about, row.view(torch.uint8).numpy().data
