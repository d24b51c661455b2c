"""Peak memory of one dense Hessian, in a process of its own for each method."""

import subprocess
import sys
from pathlib import Path

import numpy as np

__all__ = ["peak_megabytes"]


def peak_megabytes(name: str, size: tuple[int, int, int]) -> str:
    """What computing one Hessian adds to the peak of a process, in words."""
    done = subprocess.run(
        [sys.executable, __file__, name, *map(str, size)],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines()
    return lines[-1] if lines else f"failed with {done.returncode}"


def _status(field: str) -> int:
    """kB of a field of /proc/self/status."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1])
    raise SystemExit(f"/proc/self/status has no {field}")


def _action(name: str, size: tuple[int, int, int]) -> object:
    from hessian import problem
    from peers import HESSIANS

    made, theta = problem(*size)
    if name == "landtheory":
        return lambda: made.hessian(theta)
    return HESSIANS[name](made, theta, np.zeros(made.p))


def main() -> None:
    """Print the peak of one method, warmed up at a small size of its own."""
    name, *numbers = sys.argv[1:]
    n, d, m = map(int, numbers)
    small = _action(name, (20, 3, 4))
    if isinstance(small, str):
        print(small)
        return
    small()
    large = _action(name, (n, d, m))
    before = _status("VmRSS")
    large()
    print(f"{(_status('VmHWM') - before) / 1e3 * 1.024:.0f} MB")


if __name__ == "__main__":
    main()
