"""Randomness from one generator, also where torch offers only its global one."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from ..errors import InputError

__all__ = ["check_generator", "drawing_from"]

CPU = torch.device("cpu")


@contextmanager
def drawing_from(
    generator: torch.Generator, *, device: torch.device = CPU
) -> Iterator[None]:
    """Let torch's global random numbers come from `generator` for a while.

    Layers draw their initial weights, and dropout its masks, from the global state.
    Here that state is the generator's own, bit for bit, and the generator goes on
    where the draws ended; afterwards the global state is as it was. An accelerator
    has another kind of state: its own is seeded by a draw from `generator`, and
    restored.

    Parameters
    ----------
    generator : torch.Generator
        On the CPU. It must not be used inside: its state is the global one's then.
    device : torch.device
        Where the draws are made, beside the CPU.

    Yields
    ------
    None
        Nothing: the block runs meanwhile.

    Raises
    ------
    InputError
        If the generator is not one on the CPU.
    """
    check_generator(generator)
    with _accelerator_seeded(generator, device):
        before = torch.get_rng_state()
        torch.set_rng_state(generator.get_state())
        try:
            yield
        finally:
            generator.set_state(torch.get_rng_state())
            torch.set_rng_state(before)


def check_generator(generator: torch.Generator) -> None:
    """Refuse what is no generator on the CPU.

    Raises
    ------
    InputError
        So that the same seed gives the same weights whatever the device.
    """
    if not isinstance(generator, torch.Generator):
        raise InputError(
            f"generator is {generator!r}; expected a torch.Generator: "
            "make one by torch.Generator().manual_seed(seed)"
        )
    if generator.device.type != "cpu":
        raise InputError(
            f"generator is on {generator.device}; expected one on the cpu: "
            "make one by torch.Generator().manual_seed(seed)"
        )


@contextmanager
def _accelerator_seeded(
    generator: torch.Generator, device: torch.device
) -> Iterator[None]:
    if device.type == "cpu":
        yield
        return
    seed = int(torch.randint(2**62, (), generator=generator))
    with torch.random.fork_rng(devices=[device], device_type=device.type):
        torch.get_device_module(device).manual_seed(seed)
        yield
