"""A small library of proofs, changed copies of it, and whether Coq is here to check them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from landtheory.proofs.build import Build, build
from landtheory.proofs.checking import check_library
from landtheory.proofs.graph import Graph, read_graph
from landtheory.proofs.mutants import Outcome, read_mutants, try_mutants
from landtheory.proofs.processes import Processes, processes
from landtheory.proofs.sources import Sources, read_sources
from landtheory.proofs.toolchain import find_toolchain, missing

LIBRARY = Path(__file__).parents[1] / "proofs" / "library"

needs_coq = pytest.mark.skipif(
    bool(missing()), reason=f"Coq is not here: apt-get install {' '.join(missing())}"
)


def small() -> Sources:
    """The library of tests/proofs/library."""
    return read_sources(LIBRARY)


def changed(
    find: str, replace: str, *, file: str = "Means", sources: Sources | None = None
) -> Sources:
    """A library with one place of one file changed."""
    old = small() if sources is None else sources
    assert old.texts[file].count(find) == 1, find
    return old.with_text(file, old.texts[file].replace(find, replace))


def extended(
    pieces: Mapping[str, str],
    *,
    sources: Sources | None = None,
    mutants: str | None = None,
    project: str | None = None,
) -> Sources:
    """A library with more at the end of its files, or with more files."""
    old = small() if sources is None else sources
    texts = dict(old.texts)
    for name, piece in pieces.items():
        texts[name] = f"{texts.get(name, '')}{piece}"
    return Sources(
        old.folder,
        MappingProxyType(texts),
        old.project if project is None else project,
        mutants,
    )


def write(sources: Sources, folder: Path) -> Path:
    """Put a library on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sources.texts.items():
        (folder / f"{name}.v").write_text(text, encoding="utf-8")
    (folder / "_CoqProject").write_text(sources.project, encoding="utf-8")
    if sources.mutants is not None:
        (folder / "mutants.json").write_text(sources.mutants, encoding="utf-8")
    return folder


def graph_of(sources: Sources, cache: Path, folder: Path) -> Graph:
    """Which lemma rests on which, without an audit."""
    with _made(sources, cache, folder) as (made, _):
        return read_graph(sources, made)


def outcomes_of(sources: Sources, cache: Path, folder: Path) -> tuple[Outcome, ...]:
    """What comes of a library's mutants, without an audit."""
    with _made(sources, cache, folder) as (made, pool):
        return try_mutants(
            read_mutants(sources),
            sources,
            made,
            toolchain=find_toolchain(),
            pool=pool,
            cache=cache,
            progress=silent,
        )


def silent(stage: str, done: int, of: int, /) -> None:
    """Progress that nobody follows."""
    del stage, done, of


@contextmanager
def _made(
    sources: Sources, cache: Path, folder: Path
) -> Iterator[tuple[Build, Processes]]:
    folder.mkdir()
    with processes(2) as pool:
        made = build(
            sources, find_toolchain(), folder, cache=cache, pool=pool, progress=silent
        )
        assert made.whole, made.failures
        yield made, pool


def checked(
    sources: Sources, cache: Path, *, thorough: bool = False, required: Any = ()
) -> dict[str, Any]:
    """The record of a check."""
    return check_library(
        sources,
        find_toolchain(),
        cache=cache,
        jobs=2,
        thorough=thorough,
        required=required,
        progress=silent,
    )
