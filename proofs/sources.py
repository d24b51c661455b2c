"""The library's sources: the .v files of one folder, and how they are to be compiled."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import InputError

__all__ = [
    "EXAMPLES",
    "LIBRARY",
    "PREFIX",
    "STATEMENTS",
    "Sources",
    "checker_hash",
    "hash_of",
    "read_sources",
]

LIBRARY = Path(__file__).parent
"""Where landtheory's own proofs lie: beside this file."""

PREFIX = "LandTheory"
"""What Coq calls the folder."""

STATEMENTS, EXAMPLES = "Statements", "NonVacuity"
"""The files that say what is claimed, and that it says something."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class Sources:
    """A library.

    Attributes
    ----------
    folder : pathlib.Path
        Where it was read.
    texts : mapping of str to str
        What each file holds, by its name without .v.
    project : str
        What _CoqProject holds.
    mutants : str or None
        What mutants.json holds, if it is there.
    """

    folder: Path
    texts: Mapping[str, str]
    project: str
    mutants: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over names and contents: another library has another."""
        total = hashlib.sha256()
        parts = {f"{name}.v": text for name, text in self.texts.items()}
        parts |= {"_CoqProject": self.project, "mutants.json": self.mutants or ""}
        for name in sorted(parts):
            content = parts[name].encode()
            total.update(f"{name}\0{len(content)}\0".encode())
            total.update(content)
        return total.hexdigest()

    def with_text(self, name: str, text: str) -> "Sources":
        """The same library with one file changed."""
        return Sources(
            self.folder,
            MappingProxyType({**self.texts, name: text}),
            self.project,
            self.mutants,
        )


def read_sources(folder: Path) -> Sources:
    """Read a library.

    Raises
    ------
    InputError
        If the folder holds none, or a file that no proof can lie in.
    """
    found = sorted(p for p in folder.glob("*.v") if not p.name.startswith("."))
    if not found or not (folder / "_CoqProject").is_file():
        raise InputError(
            f"library is {str(folder)!r}; expected a folder with .v files and a "
            "_CoqProject"
        )
    for path in found:
        if not _NAME.fullmatch(path.stem):
            raise InputError(
                f"file is {path.name!r}; expected letters, digits and _ before .v"
            )
    mutants = folder / "mutants.json"
    return Sources(
        folder,
        MappingProxyType({path.stem: _read(path) for path in found}),
        _read(folder / "_CoqProject"),
        _read(mutants) if mutants.is_file() else None,
    )


def checker_hash() -> str:
    """SHA-256 over the checker's own sources."""
    total = hashlib.sha256()
    for path in sorted(LIBRARY.glob("*.py")):
        content = path.read_bytes()
        total.update(f"{path.name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def hash_of(value: Any) -> str:
    """SHA-256 of what JSON can hold, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"file is {str(path)!r}; expected UTF-8: {error}") from error
