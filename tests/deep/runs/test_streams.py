"""runs/streams.py: a stream for each seed and purpose, none like another."""

import torch

from landtheory.deep.runs.streams import generator_for


def draws(seed: int, purpose: str) -> tuple[float, ...]:
    return tuple(torch.randn(4, generator=generator_for(seed, purpose)).tolist())


def test_streams_repeat() -> None:
    assert draws(3, "lanczos") == draws(3, "lanczos")


def test_no_two_streams_are_alike() -> None:
    # "1/1" and "11/…" must not be written alike either
    pairs = [(0, "a"), (0, "b"), (1, "a"), (1, "1a"), (11, "a"), (2**40, "a")]
    assert len({draws(*pair) for pair in pairs}) == len(pairs)
