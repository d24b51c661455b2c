"""What a verdict rests on: versions, and hashes of the claim and of the code."""

import hashlib
import platform
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ..._version import __version__

__all__ = ["claim_hash", "code_hash", "versions"]

JUDGES = ("numerics", "theory")
"""Packages whose sources decide a verdict."""

LIBRARIES = ("numpy", "python-flint", "scipy", "sympy")


def versions() -> dict[str, str]:
    """landtheory, Python, and the libraries that the verdict rests on."""
    return {
        "landtheory": __version__,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def claim_hash(claim: str, hypotheses: Sequence[str]) -> str:
    """SHA-256 of the claim and its hypotheses, the order of these apart."""
    text = "\n".join((claim, *sorted(hypotheses)))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def code_hash() -> str:
    """SHA-256 over the names and contents of all sources of `JUDGES`."""
    root = Path(__file__).parents[2]
    total = hashlib.sha256()
    for package in JUDGES:
        for path in sorted((root / package).rglob("*.py")):
            content = path.read_bytes()
            name = path.relative_to(root).as_posix()
            total.update(f"{name}\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()
