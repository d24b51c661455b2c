"""proofs/processes.py: programs beside each other, and none left behind."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from landtheory.proofs.processes import (
    MEMORY,
    clean_environment,
    default_jobs,
    processes,
)

SLEEPER = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_program_is_run_to_its_end(tmp_path: Path) -> None:
    code = "import sys; print('σ'); print('no', file=sys.stderr); sys.exit(3)"
    with processes(1) as pool:
        done = pool.run([sys.executable, "-c", code], cwd=tmp_path, timeout=60)
    assert (done.code, done.out, done.err) == (3, "σ\n", "no\n")
    assert not done.timed_out


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with processes(1) as pool:
        done = pool.run(["sleep", "60"], cwd=tmp_path, timeout=0.1)
        assert done.timed_out
        assert pool.run(["true"], cwd=tmp_path, timeout=60).code == 0


def test_a_program_is_held_to_its_memory_and_time(tmp_path: Path) -> None:
    code = "import resource as r; print(r.getrlimit(r.RLIMIT_AS), r.getrlimit(r.RLIMIT_CPU))"
    with processes(1) as pool:
        # prlimit and the first line of the program run beside each other
        done = pool.run(
            [sys.executable, "-c", f"import time; time.sleep(.5); {code}"],
            cwd=tmp_path,
            timeout=60,
        )
    assert done.out == f"({MEMORY}, {MEMORY}) (61, 61)\n"


def test_whatever_is_raised_ends_all(tmp_path: Path) -> None:
    kept = tmp_path / "pid"

    def work(number: int) -> None:
        pool.run([sys.executable, "-c", SLEEPER, str(kept)], cwd=tmp_path, timeout=60)

    def tell() -> None:
        if kept.exists() and kept.read_text(encoding="utf-8"):
            raise KeyboardInterrupt

    places = iter(range(3))

    def waiting() -> Iterator[int]:
        yield from places

    with processes(1) as pool, pytest.raises(KeyboardInterrupt):
        pool.map(work, waiting, tell=tell)
    assert gone(int(kept.read_text(encoding="utf-8")))
    assert pool.run(["true"], cwd=tmp_path, timeout=60).code == -1


def test_what_work_raises_is_raised(tmp_path: Path) -> None:
    def work(number: int) -> None:
        raise ValueError(number)

    left = [1, 2]

    def waiting() -> Iterator[int]:
        while left:
            yield left.pop(0)

    with processes(2) as pool, pytest.raises(ValueError, match=r"^[12]$"):
        pool.map(work, waiting, tell=lambda: None)


def test_coq_is_not_led_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COQPATH", "/elsewhere")
    monkeypatch.setenv("COQLIB", "/elsewhere")
    monkeypatch.setenv("HOME", "/home")
    assert not [name for name in clean_environment() if name.startswith("COQ")]
    assert clean_environment()["HOME"] == "/home"
    assert 1 <= default_jobs() <= 4
