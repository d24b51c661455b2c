"""Hashes of the sources that produce evidence.

The code of a theorem is its own module and whatever of the catalogue that imports; the
code of a derivation likewise. Everything else that judges is the engine.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

__all__ = ["Code"]

CATALOGUE, DERIVATIONS = "theory/catalogue", "theory/derivations"

ENGINE = ("numerics", "theory")
"""Packages that judge; in them, `CATALOGUE` and `DERIVATIONS` are judged."""


class Code:
    """The sources of a package.

    Parameters
    ----------
    root : pathlib.Path
        Its folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._texts: dict[str, bytes] = {}
        self._imports: dict[str, tuple[str, ...]] = {}

    @cached_property
    def engine(self) -> str:
        """SHA-256 of all that judges: no theorem's own code, and no derivation's."""
        names = [
            name
            for package in ENGINE
            for name in self._names(package)
            if not name.startswith((f"{CATALOGUE}/", f"{DERIVATIONS}/"))
        ]
        return self._hash(names)

    def of_theorem(self, theorem_id: str) -> str:
        """SHA-256 of a theorem's module and of what it imports from the catalogue."""
        return self._hash(
            self._reached(f"{CATALOGUE}/{theorem_id.lower()}.py", CATALOGUE)
        )

    def of_folklore(self) -> str:
        """SHA-256 of the modules that hold refutations."""
        found: set[str] = set()
        for name in self._names(CATALOGUE):
            if name.endswith(("folklore.py", "/refutations.py")):
                found |= self._reached(name, CATALOGUE)
        return self._hash(found)

    def of_derivation(self, theorem_id: str) -> str:
        """SHA-256 of a derivation's module and of all of theory that it imports."""
        return self._hash(
            self._reached(f"{DERIVATIONS}/{theorem_id.lower()}.py", "theory")
        )

    def _names(self, package: str) -> list[str]:
        folder = self._root / package
        return sorted(
            path.relative_to(self._root).as_posix() for path in folder.rglob("*.py")
        )

    def _text(self, name: str) -> bytes:
        if name not in self._texts:
            path = self._root / name
            self._texts[name] = path.read_bytes() if path.is_file() else b""
        return self._texts[name]

    def _hash(self, names: Iterable[str]) -> str:
        total = hashlib.sha256()
        for name in sorted(names):
            content = self._text(name)
            total.update(f"{name}\0{len(content)}\0".encode())
            total.update(content)
        return total.hexdigest()

    def _reached(self, start: str, within: str) -> set[str]:
        """A file, and the files of a package that it imports, and so on."""
        found: set[str] = set()
        open_ = [start]
        while open_:
            name = open_.pop()
            if name not in found:
                found.add(name)
                open_ += [
                    one
                    for one in self._imported(name)
                    if one.startswith(f"{within}/") and self._text(one)
                ]
        return found

    def _imported(self, name: str) -> tuple[str, ...]:
        """Files that relative imports of a file may mean."""
        if name not in self._imports:
            self._imports[name] = tuple(self._named(name))
        return self._imports[name]

    def _named(self, name: str) -> Iterator[str]:
        here = name.split("/")
        for node in ast.walk(ast.parse(self._text(name))):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = here[: -node.level]
                base += node.module.split(".") if node.module else []
                yield "/".join(base) + ".py"
                for alias in node.names:
                    yield "/".join([*base, alias.name]) + ".py"
