"""Programs run beside each other, none of which outlives the one that asked."""

import contextlib
import math
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

__all__ = [
    "Done",
    "Processes",
    "Progress",
    "clean_environment",
    "default_jobs",
    "processes",
]

MEMORY = 6 * 2**30
"""Bytes that a program may take: a tactic that runs away ends before the machine does."""

_T = TypeVar("_T")


class Progress(Protocol):
    """Told how far a stage is; it may raise to stop."""

    def __call__(self, stage: str, done: int, of: int, /) -> None:
        """Say it."""


@dataclass(frozen=True)
class Done:
    """How a program ended."""

    code: int
    out: str
    err: str
    seconds: float
    timed_out: bool = False


class Processes:
    """Runs programs, at most `jobs` at a time.

    Parameters
    ----------
    jobs : int
        How many.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def run(
        self, command: Iterable[str], *, cwd: Path, timeout: float, **environment: str
    ) -> Done:
        """Run one program to its end, or to the end of its time."""
        began = time.monotonic()
        with self._lock:
            if self._stopped:
                return Done(-1, "", "stopped", 0.0)
            one = subprocess.Popen(  # noqa: S603 - our own command line
                list(command),
                cwd=cwd,
                env={**clean_environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
            self._running.add(one)
        _limit(one.pid, timeout)
        timed_out = False
        try:
            out, err = one.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            timed_out = True
            _kill(one)
            out, err = one.communicate()
        finally:
            with self._lock:
                self._running.discard(one)
        return Done(one.returncode, out, err, time.monotonic() - began, timed_out)

    def map(
        self,
        work: Callable[[_T], object],
        waiting: Callable[[], Iterable[_T]],
        *,
        tell: Callable[[], None],
    ) -> None:
        """Do work on everything that comes to wait, beside each other, until none does.

        Parameters
        ----------
        work : callable
            Done in a thread; what it raises is raised here.
        waiting : callable
            What may be begun now; each thing is named once.
        tell : callable
            Called now and then; it may raise to stop.
        """
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                under_way: set[Future[object]] = set()
                while True:
                    under_way |= {pool.submit(work, one) for one in waiting()}
                    tell()
                    if not under_way:
                        return
                    done, under_way = wait(under_way, 0.2, FIRST_COMPLETED)
                    for one in done:
                        one.result()
            except BaseException:
                self.stop()
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def stop(self) -> None:
        """End what is running, and begin nothing more."""
        with self._lock:
            self._stopped = True
            for one in self._running:
                _kill(one)


@contextmanager
def processes(jobs: int) -> Iterator[Processes]:
    """Programs that end with the block.

    Yields
    ------
    Processes
        What runs them.
    """
    pool = Processes(jobs)
    try:
        yield pool
    finally:
        pool.stop()


def default_jobs() -> int:
    """The cores that this process may use, four at most: each job takes half a GB."""
    return max(1, min(4, len(os.sched_getaffinity(0))))


def clean_environment() -> Mapping[str, str]:
    """The environment without what would lead Coq to other files."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("COQ") and name != "OCAMLRUNPARAM"
    }


def _limit(pid: int, seconds: float) -> None:
    """Hold a program to its time and memory, even if nobody is left to end it."""
    with contextlib.suppress(OSError):
        cpu = math.ceil(seconds) + 1
        resource.prlimit(pid, resource.RLIMIT_CPU, (cpu, cpu))
        resource.prlimit(pid, resource.RLIMIT_AS, (MEMORY, MEMORY))


def _kill(one: subprocess.Popen[str]) -> None:
    try:
        os.killpg(one.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
