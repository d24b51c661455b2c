"""Interleaved CPU times of one thread: A B C A B C …, and the machine they are from."""

import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path


def medians(
    actions: dict[str, Callable[[], object]], *, rounds: int, repeat: int = 1
) -> dict[str, float]:
    """Median CPU seconds of one call of each action, all in turn, round after round.

    Of this thread: what a peer's other threads still do after its turn, such as giving
    memory back, is not charged to the next. `on_one_core` keeps the work itself here.
    """
    for action in actions.values():
        action()
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            start = time.thread_time()
            for _ in range(repeat):
                action()
            times[name].append((time.thread_time() - start) / repeat)
    return {name: statistics.median(values) for name, values in times.items()}


def on_one_core() -> None:
    """Keep this process on one core, before a library counts them."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def machine() -> str:
    """Processor, and how many threads BLAS may use."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":")[1].strip()
            break
    return f"{model}, OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}"
