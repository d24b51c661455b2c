"""One seed, and from it a generator for each thing that is drawn."""

import hashlib

import torch

__all__ = ["generator_for"]


def generator_for(seed: int, purpose: str) -> torch.Generator:
    """The generator of one purpose: streams of different purposes do not meet.

    Its own seed is the first 63 bits of SHA-256 of both, so that a purpose that is added
    or left out moves no other draw.

    Parameters
    ----------
    seed : int
        The user's.
    purpose : str
        What is drawn, such as "initialisation".

    Returns
    -------
    torch.Generator
        On the CPU.
    """
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)
