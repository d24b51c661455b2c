"""Running what is missing or outdated; every record is written as soon as it is made."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ..numerics.conjectures.identity import versions
from ..numerics.folklore import RefutedFolklore, refute_folklore
from ..numerics.refute import Settings
from ..numerics.run import verify
from ..numerics.run_record import theorem_record
from ..theory.activations import ACTIVATIONS
from ..theory.derivation import Replay, StepResult, replay
from ..theory.losses import LOSSES
from .binding import bound_derivation, bound_folklore, bound_formal, bound_verify
from .library import Library
from .records import Kind, Record, RecordFolder
from .status import finding

__all__ = ["Task", "keep_formal", "missing", "run_tasks"]

Progress: TypeAlias = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Task:
    """One run that is missing.

    Attributes
    ----------
    kind : str
        Of the record that it makes.
    of : str
        What it is about.
    """

    kind: Literal["verify", "derivation", "folklore"]
    of: str


def missing(
    library: Library, folder: RecordFolder, *, budget: float, seed: int
) -> tuple[Task, ...]:
    """What there is no record of that counts, in the order in which it is to be run.

    Parameters
    ----------
    library : Library
        What evidence is about.
    folder : RecordFolder
        The records.
    budget : float
        Nominal seconds for each theorem; a run with less is missing.
    seed : int
        A verification run with another seed is missing.
    """
    tasks = [
        Task(kind="derivation", of=one)
        for one in library.derivations
        if finding(folder, "derivation", one, bound_derivation(library, one)).record
        is None
    ]
    tasks += [
        Task(kind="folklore", of=one)
        for one in library.refutations
        if finding(folder, "folklore", one, bound_folklore(library, one)).record is None
    ]
    tasks += [
        Task(kind="verify", of=one)
        for one in library.theorems
        if not _enough(
            finding(folder, "verify", one, bound_verify(library, one)).content,
            budget,
            seed,
        )
    ]
    return tuple(tasks)


def run_tasks(
    tasks: tuple[Task, ...],
    library: Library,
    folder: RecordFolder,
    *,
    budget: float,
    seed: int,
    progress: Progress,
) -> None:
    """Run them; an interruption loses nothing but the run that it meets.

    Parameters
    ----------
    tasks : tuple of Task
        From `missing`.
    library, folder, budget, seed
        As for `missing`.
    progress : callable
        Told (stage, done, of) as it goes.
    """
    for done, task in enumerate(tasks):
        progress(f"{task.kind} {task.of}", done, len(tasks))

        def told(
            stage: str, part: int, of: int, task: Task = task, done: int = done
        ) -> None:
            progress(f"{task.kind} {task.of}, {stage} {part}/{of}", done, len(tasks))

        started = time.monotonic()
        bound, content = _RUNNERS[task.kind](library, task.of, budget, seed, told)
        content["versions"] = versions()
        content["seconds"] = round(time.monotonic() - started, 3)
        folder.write(Record(kind=task.kind, of=task.of, bound=bound, content=content))


def keep_formal(library: Library, folder: RecordFolder) -> None:
    """Write down which formal statements stand, bound to the claims that they cover.

    Parameters
    ----------
    library : Library
        With the statements that the checker vouches for now.
    folder : RecordFolder
        Where; a record that says the same is left alone.
    """
    for statement in library.formal.statements.values():
        if not (library.formal.counts and statement.sha256):
            continue
        bound = bound_formal(library, statement)
        if finding(folder, "formal", statement.name, bound).record is None:
            content = statement.record()
            kind: Kind = "formal"
            folder.write(
                Record(kind=kind, of=statement.name, bound=bound, content=content)
            )


def _enough(content: Mapping[str, Any], budget: float, seed: int) -> bool:
    return bool(content) and content["seed"] == seed and content["budget"] >= budget


_Made: TypeAlias = tuple[dict[str, str], dict[str, Any]]


def _verify(
    library: Library, one: str, budget: float, seed: int, told: Progress
) -> _Made:
    settings = Settings(
        activations=tuple(ACTIVATIONS.values()),
        losses=tuple(LOSSES.values()),
        budget=budget,
        seed=seed,
    )
    theorem = library.theorems[one]
    bound = bound_verify(library, one)
    run = verify((theorem,), settings, data=None, folklore=False, progress=told)
    content = theorem_record(run.theorems[0])
    return bound, {**content, "budget": budget, "seed": seed, "cut": run.cut}


def _derivation(
    library: Library, one: str, budget: float, seed: int, told: Progress
) -> _Made:
    del budget, seed, told
    bound = bound_derivation(library, one)
    return bound, _replayed(replay(library.derivations[one]))


def _replayed(done: Replay) -> dict[str, Any]:
    return {
        "proved": sorted(done.proved),
        "checked": done.checked,
        "of": len(done.results),
        "steps": list(map(_step, done.results)),
    }


def _step(result: StepResult) -> dict[str, Any]:
    step = result.step
    return {
        "claim": step.claim,
        "statement": step.statement,
        "rule": step.rule,
        "lemma": None if step.lemma is None else step.lemma.name,
        "premises": [premise.statement for premise in step.premises],
        "checked": result.checked,
    }


def _folklore(
    library: Library, one: str, budget: float, seed: int, told: Progress
) -> _Made:
    del budget, seed, told
    bound = bound_folklore(library, one)
    (found,) = refute_folklore([library.refutations[one]])
    return bound, _refuted(found)


def _refuted(found: RefutedFolklore) -> dict[str, Any]:
    return {
        "status": found.status.value,
        "cases": [
            {
                "claim": case.case.claim.statement,
                "certified": case.fails,
                "left": case.left,
                "right": case.right,
                "precision": case.precision,
            }
            for case in found.cases
        ],
        "shown": [
            {"what": what, "value": value, "quoted": quoted}
            for what, value, quoted in found.shown
        ],
    }


_RUNNERS: dict[str, Callable[[Library, str, float, int, Progress], _Made]] = {
    "verify": _verify,
    "derivation": _derivation,
    "folklore": _folklore,
}
