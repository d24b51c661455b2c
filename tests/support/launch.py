"""Several processes that torch.distributed brings together, as torchrun starts them."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).resolve().parents[1]
PATIENCE = 120
"""Seconds after which processes are taken to hang."""


class Ended(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def environment(rank: int, size: int, port: int) -> dict[str, str]:
    """What torchrun tells a process."""
    return {
        **os.environ,
        "PYTHONPATH": str(TESTS),
        "OMP_NUM_THREADS": "1",
        "TORCHELASTIC_RUN_ID": "test",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "WORLD_SIZE": str(size),
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
    }


def started(size: int, *arguments: str) -> list[subprocess.Popen[str]]:
    """`python` with the arguments, so many times."""
    port = free_port()
    return [
        subprocess.Popen(
            [sys.executable, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(rank, size, port),
        )
        for rank in range(size)
    ]


def ended(processes: list[subprocess.Popen[str]]) -> list[Ended]:
    """What they said, once all have ended; none is left behind."""
    try:
        return [_ended(each) for each in processes]
    finally:
        for each in processes:
            if each.poll() is None:
                each.kill()
                each.wait()


def _ended(process: subprocess.Popen[str]) -> Ended:
    stdout, stderr = process.communicate(timeout=PATIENCE)
    return Ended(process.returncode, stdout, stderr)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
