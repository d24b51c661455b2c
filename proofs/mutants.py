"""False variants of statements and definitions, each of which must fail to compile.

A mutant changes one place of one file. It is refused if everything still compiles, and
also if Coq stumbles over its syntax or a name, which would show nothing. Mutants of one
statement need no compilation of their own: ``Fail Definition …`` at its place asks the
same question of the same command, many to a process; what does not fail there is compiled
in full before it is said to survive.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import CertificateError
from ..records import to_json, write_text
from .build import Build, compile_command, failure
from .lexer import Sentence, sentences, squeezed
from .processes import Processes, Progress
from .sources import STATEMENTS, Sources, checker_hash
from .toolchain import Toolchain

__all__ = ["Mutant", "Outcome", "classified", "read_mutants", "try_mutants"]

KINDS = ("statement", "definition", "hypothesis")

TIME_LIMIT = 180.0
"""Seconds after which a mutated file counts as undecided."""

_FAILED = "The command has indeed failed with message:"

_STUMBLES = re.compile(
    r"Syntax error|Lexer|Undelimited|Unterminated|was not found in the current"
    r"|Unknown interpretation|Unknown scope|Cannot find a physical path|Unable to locate"
    r"|Illegal begin of|Unbound|not a defined object|No such|already exists"
)


@dataclass(frozen=True)
class Mutant:
    """One change.

    Attributes
    ----------
    file : str
        Without .v.
    find, replace : str
        What stands there once, and what stands there instead.
    kind : "statement", "definition" or "hypothesis"
        What it changes.
    why : str
        What is false about it.
    """

    file: str
    find: str
    replace: str
    kind: str
    why: str

    @property
    def label(self) -> str:
        """The change in one line."""
        change = f"{squeezed(self.find)[:70]!r} → {squeezed(self.replace)[:70]!r}"
        return f"{self.file}.v: {change}"


@dataclass(frozen=True)
class Outcome:
    """What came of a mutant.

    Attributes
    ----------
    verdict : "killed", "survived", "void" or "undecided"
        Void is what Coq could not even read; undecided is what took too long.
    message : str
        What Coq said.
    """

    verdict: str
    message: str


@dataclass(frozen=True)
class _Bench:
    """What a trial needs."""

    sources: Sources
    made: Build
    toolchain: Toolchain
    pool: Processes
    cache: Path


def read_mutants(sources: Sources) -> tuple[Mutant, ...]:
    """Parse mutants.json; none where there is no such file.

    Raises
    ------
    CertificateError
        If it is no list of changes: nothing may pass for want of mutants.
    """
    if sources.mutants is None:
        return ()
    try:
        return tuple(
            Mutant(
                str(row["file"]).removesuffix(".v"),
                str(row["find"]),
                str(row["replace"]),
                str(row["kind"]),
                str(row.get("why", "")),
            )
            for row in json.loads(sources.mutants)
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CertificateError(
            f"mutants.json cannot be read ({type(error).__name__}: {error}); expected a "
            "list of objects with file, find, replace, kind and why"
        ) from error


def fault_of(mutant: Mutant, sources: Sources) -> str | None:
    """Why a change is none of this library, as a sentence; None if it is one."""
    if mutant.file not in sources.texts:
        return "changes a file that is not there"
    if mutant.kind not in KINDS:
        return f"is of kind {mutant.kind!r}; expected one of {', '.join(KINDS)}"
    times = sources.texts[mutant.file].count(mutant.find)
    if times != 1:
        return f"changes what occurs {times} times; expected once"
    if squeezed(mutant.find) == squeezed(mutant.replace):
        return "changes nothing"
    return None


def classified(message: str) -> str:
    """Whether Coq refused what was said, or could not read it."""
    if _STUMBLES.search(message):
        return "void"
    return "undecided" if message.startswith("Timeout") else "killed"


def try_mutants(
    mutants: Sequence[Mutant],
    sources: Sources,
    made: Build,
    *,
    toolchain: Toolchain,
    pool: Processes,
    cache: Path,
    progress: Progress,
) -> tuple[Outcome, ...]:
    """Try all of them against a library that compiled.

    Parameters
    ----------
    mutants : sequence of Mutant
        Changes of this library.
    sources, made : Sources, Build
        The library.
    toolchain, pool : Toolchain, Processes
        What runs Coq.
    cache : pathlib.Path
        Where outcomes are kept; each under a key that covers all that it rests on.
    progress : callable
        Told how many are done.
    """
    bench = _Bench(sources, made, toolchain, pool, cache)
    keys = [_key(mutant, bench) for mutant in mutants]
    found: dict[int, Outcome] = {}
    left = []
    for place, mutant in enumerate(mutants):
        fault = fault_of(mutant, sources)
        known = Outcome("void", fault) if fault else _known(cache, keys[place])
        if known is None:
            left.append(place)
        else:
            found[place] = known

    def settle(place: int, outcome: Outcome) -> None:
        found[place] = outcome
        if outcome.verdict != "undecided":
            _remember(cache, keys[place], outcome)

    tasks = _tasks(left, mutants, bench, settle)
    _run(tasks, pool, lambda: progress("mutants", len(found), len(mutants)))
    return tuple(found[place] for place in range(len(mutants)))


def _run(
    tasks: Sequence[Callable[[], None]], pool: Processes, tell: Callable[[], None]
) -> None:
    waiting = list(tasks)

    def given() -> Iterable[Callable[[], None]]:
        while waiting:
            yield waiting.pop(0)

    pool.map(lambda task: task(), given, tell=tell)


def _tasks(
    places: Sequence[int],
    mutants: Sequence[Mutant],
    bench: _Bench,
    settle: Callable[[int, Outcome], None],
) -> list[Callable[[], None]]:
    """Batches of mutants of statements, and every other mutant by itself."""
    commands = sentences(bench.sources.texts[STATEMENTS])
    batched: list[tuple[int, Sentence]] = []
    alone = []
    for place in places:
        command = _definition(mutants[place], bench.sources, commands)
        if command is None:
            alone.append(place)
        else:
            batched.append((place, command))
    jobs = bench.pool.jobs
    tasks: list[Callable[[], None]] = [
        _batch_task(batch, mutants, bench, settle)
        for batch in (batched[start::jobs] for start in range(jobs))
        if batch
    ]
    return tasks + [_task(place, mutants[place], bench, settle) for place in alone]


def _task(
    place: int, mutant: Mutant, bench: _Bench, settle: Callable[[int, Outcome], None]
) -> Callable[[], None]:
    return lambda: settle(place, _compiled(mutant, bench))


def _batch_task(
    batch: list[tuple[int, Sentence]],
    mutants: Sequence[Mutant],
    bench: _Bench,
    settle: Callable[[int, Outcome], None],
) -> Callable[[], None]:
    def work() -> None:
        left = sorted(batch, key=lambda one: one[1].start)
        while left:
            left = _batch(left, mutants, bench, settle)

    return work


def _definition(
    mutant: Mutant, sources: Sources, commands: Sequence[Sentence]
) -> Sentence | None:
    """The definition of Statements.v that a mutant changes, and nothing beside it."""
    if mutant.file != STATEMENTS:
        return None
    start = sources.texts[STATEMENTS].index(mutant.find)
    end = start + len(mutant.find)
    for one in commands:
        if one.start <= start and end < one.end and one.command == "Definition":
            changed = _changed(sources.texts[STATEMENTS], one, mutant)
            return one if len(sentences(changed)) == 1 else None
    return None


def _changed(text: str, one: Sentence, mutant: Mutant) -> str:
    return text[one.start : one.end].replace(mutant.find, mutant.replace, 1)


def _batch(
    left: list[tuple[int, Sentence]],
    mutants: Sequence[Mutant],
    bench: _Bench,
    settle: Callable[[int, Outcome], None],
) -> list[tuple[int, Sentence]]:
    """Settle mutants up to the first that does not fail as expected; return the others."""
    text = bench.sources.texts[STATEMENTS]
    pieces, place = [], 0
    for number, one in left:
        pieces.append(text[place : one.start])
        pieces.append(f"Fail Timeout 60 {_changed(text, one, mutants[number])}\n")
        place = one.start
    source = "".join(pieces) + text[place:]
    with _folder(bench, (), rebuilt={STATEMENTS}) as folder:
        (folder / f"{STATEMENTS}.v").write_text(source, encoding="utf-8")
        command = compile_command(
            bench.toolchain, bench.sources.project, f"{STATEMENTS}.v", "-test-mode"
        )
        done = bench.pool.run(command, cwd=folder, timeout=TIME_LIMIT * 5)
    messages = _messages(done.out)[: len(left)]
    for (number, _), message in zip(left, messages, strict=False):
        settle(number, Outcome(classified(message), f"{STATEMENTS}.v: {message}"))
    rest = left[len(messages) :]
    if not rest:
        return []
    settle(rest[0][0], _compiled(mutants[rest[0][0]], bench))
    return rest[1:]


def _messages(out: str) -> list[str]:
    """What Coq said of each command that failed as it should."""
    return [
        squeezed(re.sub(r'\nFile "[^"]*", line \d+, characters [\d-]+:\s*$', "", part))
        for part in out.split(_FAILED)[1:]
    ]


def _compiled(mutant: Mutant, bench: _Bench) -> Outcome:
    """Compile the file that is changed, and what rests on it, to the first failure."""
    dependents = bench.made.dependents(mutant.file)
    text = bench.sources.texts[mutant.file].replace(mutant.find, mutant.replace, 1)
    with _folder(bench, dependents, rebuilt={mutant.file, *dependents}) as folder:
        (folder / f"{mutant.file}.v").write_text(text, encoding="utf-8")
        for name in (mutant.file, *dependents):
            done = bench.pool.run(
                compile_command(bench.toolchain, bench.sources.project, f"{name}.v"),
                cwd=folder,
                timeout=TIME_LIMIT,
            )
            if done.timed_out:
                return Outcome("undecided", f"{name}.v took too long")
            if done.code:
                message = squeezed(failure(done).message)
                return Outcome(classified(message), f"{name}.v: {message}")
    return Outcome("survived", "")


class _folder:  # noqa: N801 - used as a function
    """A folder with what is compiled, and sources of what is to be compiled anew."""

    def __init__(
        self, bench: _Bench, sources: Iterable[str], *, rebuilt: set[str]
    ) -> None:
        self._path = Path(tempfile.mkdtemp(prefix="mutant-", dir=bench.made.folder))
        for name in bench.made.order:
            if name not in rebuilt:
                (self._path / f"{name}.vo").symlink_to(bench.made.folder / f"{name}.vo")
        for name in sources:
            (self._path / f"{name}.v").write_text(
                bench.sources.texts[name], encoding="utf-8"
            )

    def __enter__(self) -> Path:
        return self._path

    def __exit__(self, *raised: object) -> None:
        shutil.rmtree(self._path, ignore_errors=True)


def _key(mutant: Mutant, bench: _Bench) -> str:
    """What the outcome of a mutant rests on."""
    if mutant.file not in bench.sources.texts:
        return ""
    made, texts = bench.made, bench.sources.texts
    parts = [
        checker_hash(),
        bench.toolchain.version,
        bench.sources.project,
        mutant.file,
    ]
    parts.append(texts[mutant.file].replace(mutant.find, mutant.replace, 1))
    parts += [made.compiled[one].digest for one in made.closure(mutant.file)[:-1]]
    for one in made.dependents(mutant.file):
        parts += [texts[one], *(made.compiled[r].digest for r in made.requires[one])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _known(cache: Path, key: str) -> Outcome | None:
    try:
        row = json.loads(
            (cache / "outcomes" / f"{key}.json").read_text(encoding="utf-8")
        )
        return Outcome(str(row["verdict"]), str(row["message"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(cache: Path, key: str, outcome: Outcome) -> None:
    folder = cache / "outcomes"
    folder.mkdir(parents=True, exist_ok=True)
    row = {"verdict": outcome.verdict, "message": outcome.message[:2000]}
    write_text(folder / f"{key}.json", to_json(row))
