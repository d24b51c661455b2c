"""Run the command line as a user does: a process of its own."""

import os
import subprocess
import sys
from pathlib import Path


def run(
    *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m landtheory` with the given arguments."""
    return subprocess.run(
        [sys.executable, "-m", "landtheory", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **environment},
    )
