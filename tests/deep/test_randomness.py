"""deep/randomness.py: torch's global draws against the generator's own."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import torch

from landtheory.deep.randomness import drawing_from
from landtheory.errors import InputError

Context = Callable[[torch.Generator], AbstractContextManager[None]]


def seeded(seed: int = 5) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def agrees(candidate: Context) -> bool:
    """Global draws inside are the generator's; it goes on; outside nothing moved."""
    outside = torch.get_rng_state()
    twin, generator = seeded(), seeded()
    with candidate(generator):
        inside = (torch.randn(7), torch.rand(3), torch.randperm(9))
    wanted = (
        torch.randn(7, generator=twin),
        torch.rand(3, generator=twin),
        torch.randperm(9, generator=twin),
    )
    return (
        all(torch.equal(a, b) for a, b in zip(inside, wanted, strict=True))
        and torch.equal(
            torch.rand(4, generator=generator), torch.rand(4, generator=twin)
        )
        and torch.equal(torch.get_rng_state(), outside)
    )


def test_the_global_state_is_the_generators_for_a_while() -> None:
    assert agrees(drawing_from)


@contextmanager
def seeds_the_global_state(generator: torch.Generator) -> Iterator[None]:
    torch.default_generator.manual_seed(generator.initial_seed())
    yield


@contextmanager
def forgets_to_go_on(generator: torch.Generator) -> Iterator[None]:
    with torch.random.fork_rng(devices=[]):
        torch.set_rng_state(generator.get_state())
        yield


@contextmanager
def seeds_from_a_draw(generator: torch.Generator) -> Iterator[None]:
    seed = int(torch.randint(2**62, (), generator=generator))
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


@pytest.mark.parametrize(
    "mutant", [seeds_the_global_state, forgets_to_go_on, seeds_from_a_draw]
)
def test_the_comparison_rejects(mutant: Context) -> None:
    with torch.random.fork_rng(devices=[]):
        assert not agrees(mutant)


def test_the_global_state_comes_back_after_a_failure() -> None:
    outside, generator = torch.get_rng_state(), seeded()

    def fails() -> None:
        with drawing_from(generator):
            torch.rand(3)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert torch.equal(torch.get_rng_state(), outside)
    assert not torch.equal(generator.get_state(), seeded().get_state())


def test_an_accelerator_is_seeded_by_a_draw_and_restored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[object] = []

    @contextmanager
    def fork(*, devices: list[torch.device], device_type: str) -> Iterator[None]:
        events.append((devices, device_type))
        yield
        events.append("restored")

    class Module:
        @staticmethod
        def manual_seed(seed: int) -> None:
            events.append(seed)

    monkeypatch.setattr("torch.random.fork_rng", fork)
    monkeypatch.setattr("torch.get_device_module", lambda device: Module)
    device, twin, generator = torch.device("cuda", 1), seeded(), seeded()
    with drawing_from(generator, device=device):
        inside = torch.rand(3)
    seed = int(torch.randint(2**62, (), generator=twin))
    assert events == [([device], "cuda"), seed, "restored"]
    assert torch.equal(inside, torch.rand(3, generator=twin))


def test_what_is_no_generator_on_the_cpu_is_refused() -> None:
    sentence = (
        "generator is 3; expected a torch.Generator: make one by "
        "torch.Generator().manual_seed(seed)"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"), drawing_from(3):
        pass


def test_a_generator_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere(torch.Generator):
        device = torch.device("cuda", 0)

    sentence = (
        "generator is on cuda:0; expected one on the cpu: make one by "
        "torch.Generator().manual_seed(seed)"
    )
    with (
        pytest.raises(InputError, match=f"^{re.escape(sentence)}$"),
        drawing_from(Elsewhere()),
    ):
        pass
