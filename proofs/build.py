"""Compile the library in a folder of its own, beside a store of what was compiled before.

A compiled file is kept under a key that covers its text, Coq's version, the options, and
the contents of the compiled files that it was built on: nothing stale can be found. What
a failed build left behind is never in the store.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import RecordError
from ..records import to_json, write_text
from .processes import Done, Processes, Progress
from .sources import PREFIX, Sources
from .toolchain import Toolchain

__all__ = ["Build", "Compiled", "Failure", "build", "compile_command", "workspace"]

KEPT_DAYS = 30.0
"""How long the store keeps what nobody asks for."""

TIME_LIMIT = 600.0
"""Seconds after which a file counts as not compiling."""

_TIMING = re.compile(r"^Chars (\d+) - (\d+) .* ([\d.]+) secs", re.MULTILINE)
_DEPENDENCY = re.compile(r"^(\S+)\.vo .*?:(.*)$", re.MULTILINE)
_PLACE = re.compile(r'File "[^"]*", line (\d+), characters [\d-]+:\s*\n(?=Error)')


@dataclass(frozen=True)
class Compiled:
    """A file that compiled.

    Attributes
    ----------
    digest : str
        SHA-256 of the .vo.
    seconds : float
        What compiling it took when it was done.
    timings : tuple of (int, int, float)
        Every command: where it lies, in bytes, and its seconds.
    reused : bool
        Whether the store held it.
    """

    digest: str
    seconds: float
    timings: tuple[tuple[int, int, float], ...]
    reused: bool = False


@dataclass(frozen=True)
class Failure:
    """A file that did not compile: where, and what Coq said."""

    line: int | None
    message: str


@dataclass
class Build:
    """A library, compiled as far as it goes.

    Attributes
    ----------
    folder : pathlib.Path
        Where sources and compiled files lie side by side.
    order : tuple of str
        Its files, each after those that it requires.
    requires : mapping of str to tuple of str
        The library's own files that each file requires.
    compiled, failures : dict
        What came of each file; files that rest on a failure are in neither.
    """

    folder: Path
    order: tuple[str, ...]
    requires: Mapping[str, tuple[str, ...]]
    compiled: dict[str, Compiled] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every file compiled."""
        return len(self.compiled) == len(self.order)

    def closure(self, name: str) -> tuple[str, ...]:
        """A file and every file that it rests on, in order."""
        wanted = {name}
        for one in reversed(self.order):
            if one in wanted:
                wanted.update(self.requires[one])
        return tuple(one for one in self.order if one in wanted)

    def dependents(self, name: str) -> tuple[str, ...]:
        """The files that rest on a file, in order."""
        return tuple(
            one for one in self.order if one != name and name in self.closure(one)
        )


@contextmanager
def workspace(cache: Path) -> Iterator[Path]:
    """A fresh folder in the cache, gone afterwards.

    Yields
    ------
    pathlib.Path
        The folder.

    Raises
    ------
    RecordError
        If the cache cannot be written.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _tidy(cache)
        path = Path(tempfile.mkdtemp(prefix="work-", dir=cache))
    except OSError as error:
        raise RecordError(
            f"cache {str(cache)!r} cannot be written: {(error.strerror or '').lower()}"
        ) from error
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _tidy(cache: Path) -> None:
    """Remove what was killed at work, and what nobody asked for in a long time."""
    now = time.time()
    for pattern, days in (("work-*", 1.0), ("objects/*", KEPT_DAYS)):
        for path in cache.glob(pattern):
            with contextlib.suppress(OSError):
                if now - path.stat().st_mtime > days * 86_400:
                    shutil.rmtree(path, ignore_errors=True)


def build(
    sources: Sources,
    toolchain: Toolchain,
    folder: Path,
    *,
    cache: Path,
    pool: Processes,
    progress: Progress,
) -> Build:
    """Compile what the store does not hold, as many files at a time as the pool allows.

    Parameters
    ----------
    sources : Sources
        The library.
    toolchain : Toolchain
        Coq.
    folder : pathlib.Path
        An empty folder, where everything will lie.
    cache : pathlib.Path
        Where the store is.
    pool : Processes
        What runs Coq.
    progress : callable
        Told how many files are done.
    """
    for name, text in sources.texts.items():
        (folder / f"{name}.v").write_text(text, encoding="utf-8")
    requires = _requires(sources, toolchain, folder, pool)
    made = Build(folder, _ordered(requires), requires)
    begun: set[str] = set()

    def waiting() -> Iterable[str]:
        for name in made.order:
            ready = all(one in made.compiled for one in made.requires[name])
            if ready and name not in begun:
                begun.add(name)
                yield name

    def work(name: str) -> None:
        outcome = _compiled(made, name, sources, toolchain, cache, pool)
        if isinstance(outcome, Compiled):
            made.compiled[name] = outcome
        else:
            made.failures[name] = outcome

    def tell() -> None:
        progress("compiling", len(made.compiled) + len(made.failures), len(made.order))

    pool.map(work, waiting, tell=tell)
    return made


def compile_command(
    toolchain: Toolchain, project: str, file: str, *options: str
) -> list[str]:
    """The command line that compiles one file of a library."""
    return [
        toolchain.coqc, "-q", *options, *_warnings(project), "-Q", ".", PREFIX, file,
    ]  # fmt: skip


def failure(done: Done) -> Failure:
    """What Coq said when it stopped."""
    if done.timed_out:
        return Failure(None, f"it took more than {done.seconds:.0f} s")
    match = None
    for match in _PLACE.finditer(done.err):  # noqa: B007 - the last place is the error's
        pass
    message = done.err[match.end() if match else 0 :].strip()
    if not message:
        message = f"coqc ended with code {done.code}, without a word"
    return Failure(
        int(match[1]) if match else None, message.removeprefix("Error:").strip()
    )


def _compiled(
    made: Build,
    name: str,
    sources: Sources,
    toolchain: Toolchain,
    cache: Path,
    pool: Processes,
) -> Compiled | Failure:
    key = _key(made, name, sources, toolchain)
    shelf = cache / "objects" / key
    found = _fetched(shelf, made.folder, name)
    if found is not None:
        return found
    done = pool.run(
        compile_command(toolchain, sources.project, f"{name}.v", "-time"),
        cwd=made.folder,
        timeout=TIME_LIMIT,
    )
    if done.code:
        (made.folder / f"{name}.vo").unlink(missing_ok=True)
        return failure(done)
    result = Compiled(
        _digest(made.folder / f"{name}.vo"), round(done.seconds, 3), _timings(done.out)
    )
    _keep(shelf, made.folder, name, result)
    return result


def _key(made: Build, name: str, sources: Sources, toolchain: Toolchain) -> str:
    parts = [name, sources.texts[name], toolchain.version, toolchain.libraries]
    parts += _warnings(sources.project)
    for one in made.closure(name)[:-1]:
        parts += [one, made.compiled[one].digest]
    total = hashlib.sha256()
    for part in parts:
        content = part.encode()
        total.update(f"{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def _fetched(shelf: Path, folder: Path, name: str) -> Compiled | None:
    """What the store holds, if it holds all of it and as it was written."""
    try:
        known: dict[str, Any] = json.loads(
            (shelf / "made.json").read_text(encoding="utf-8")
        )
        for suffix in ("vo", "glob"):
            content = (shelf / f"{name}.{suffix}").read_bytes()
            if hashlib.sha256(content).hexdigest() != known[suffix]:
                return None
            (folder / f"{name}.{suffix}").write_bytes(content)
        # what is used is not what nobody asks for
        os.utime(shelf)
        timings = tuple((int(a), int(b), float(s)) for a, b, s in known["timings"])
        return Compiled(known["vo"], float(known["seconds"]), timings, reused=True)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(shelf: Path, folder: Path, name: str, made: Compiled) -> None:
    """Put a compiled file into the store: whole, or not at all."""
    shelf.parent.mkdir(parents=True, exist_ok=True)
    draft = shelf.with_name(f".{shelf.name[:16]}.{secrets.token_hex(8)}")
    draft.mkdir()
    try:
        for suffix in ("vo", "glob"):
            shutil.copy(folder / f"{name}.{suffix}", draft)
        write_text(
            draft / "made.json",
            to_json(
                {
                    "file": name,
                    "vo": made.digest,
                    "glob": _digest(draft / f"{name}.glob"),
                    "seconds": made.seconds,
                    "timings": made.timings,
                }
            ),
        )
        # what lies there is damaged, or it would have been fetched
        shutil.rmtree(shelf, ignore_errors=True)
        draft.rename(shelf)
    except OSError:
        # another process was first with the same file
        shutil.rmtree(draft, ignore_errors=True)


def _requires(
    sources: Sources, toolchain: Toolchain, folder: Path, pool: Processes
) -> dict[str, tuple[str, ...]]:
    files = [f"{name}.v" for name in sorted(sources.texts)]
    done = pool.run(
        [toolchain.coqdep, "-Q", ".", PREFIX, *files], cwd=folder, timeout=TIME_LIMIT
    )
    found: dict[str, tuple[str, ...]] = dict.fromkeys(sources.texts, ())
    for match in _DEPENDENCY.finditer(done.out):
        words = [word.removesuffix(".vo") for word in match[2].split()]
        found[match[1]] = tuple(
            sorted(word for word in words if word in found and word != match[1])
        )
    return found


def _ordered(requires: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Each file after those that it requires; those of a circle last."""
    order: list[str] = []
    left = sorted(requires)
    while left:
        ready = [one for one in left if all(r in order for r in requires[one])]
        if not ready:
            break
        order += ready
        left = [one for one in left if one not in ready]
    return (*order, *left)


def _warnings(project: str) -> list[str]:
    match = re.search(r"-arg\s+-w\s+-arg\s+([-+\w,]+)", project)
    return ["-w", match[1]] if match else []


def _timings(out: str) -> tuple[tuple[int, int, float], ...]:
    return tuple((int(m[1]), int(m[2]), float(m[3])) for m in _TIMING.finditer(out))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
