"""evidence/running.py: what is missing is run, kept at once, and not run again."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.evidence import FORMAL, changed, keep_all, whole

from landtheory.evidence.library import Library
from landtheory.evidence.records import RecordFolder
from landtheory.evidence.running import Task, keep_formal, missing, run_tasks
from landtheory.evidence.status import State, assess

CHEAP = ("T17", "T24")


@pytest.fixture(scope="module")
def library() -> Library:
    some = whole()
    return changed(
        some,
        theorems={one: some.theorems[one] for one in CHEAP},
        refutations={"R01": some.refutations["R01"]},
        derivations={},
    )


class StoppedError(Exception):
    """An interruption."""


def test_an_interruption_loses_nothing_but_what_it_meets(
    library: Library, tmp_path: Path
) -> None:
    folder = RecordFolder(tmp_path)
    tasks = missing(library, folder, budget=0.5, seed=0)
    assert [(task.kind, task.of) for task in tasks] == [
        ("folklore", "R01"),
        ("verify", "T17"),
        ("verify", "T24"),
    ]

    def told(stage: str, done: int, of: int) -> None:
        assert of == 3
        if stage.startswith("verify T24, "):
            raise StoppedError

    with pytest.raises(StoppedError):
        run_tasks(tasks, library, folder, budget=0.5, seed=0, progress=told)
    left = missing(library, folder, budget=0.5, seed=0)
    assert left == (Task(kind="verify", of="T24"),)
    run_tasks(left, library, folder, budget=0.5, seed=0, progress=lambda *_: None)
    assert missing(library, folder, budget=0.5, seed=0) == ()
    found = assess(library, folder)
    assert {node.state for node in found.theorems.values()} == {State.SUPPORTED}
    assert found.refutations["R01"].state is State.REFUTED
    (claim, *_) = found.theorems["T24"].verify.content["claims"]
    assert (
        sum(claim["ratios"]["counts"]) + claim["ratios"]["without_ratio"]
        == (claim["instances"])
    )
    assert claim["tightest"]["world"] == "posteriors"
    assert all(
        row["fails"] for row in found.theorems["T24"].verify.content["counterexamples"]
    )


def test_another_seed_or_more_work_is_missing(tmp_path: Path) -> None:
    library = whole()
    folder = keep_all(library, tmp_path)
    assert missing(library, folder, budget=3, seed=0) == ()
    assert missing(library, folder, budget=1, seed=0) == ()
    everything = tuple(Task(kind="verify", of=one) for one in library.theorems)
    assert missing(library, folder, budget=4, seed=0) == everything
    assert missing(library, folder, budget=3, seed=1) == everything


def test_a_replay_is_kept_with_its_steps(tmp_path: Path) -> None:
    library = whole()
    folder = RecordFolder(tmp_path)
    run_tasks(
        (Task(kind="derivation", of="T06"),),
        library, folder, budget=1, seed=0, progress=lambda *_: None,
    )  # fmt: skip
    content = assess(library, folder).theorems["T06"].derivation.content
    assert content["checked"] == content["of"] == len(library.derivations["T06"].steps)
    assert content["proved"] == sorted(library.derivations["T06"].proves)


def test_only_statements_that_the_kernel_vouches_for_are_kept(tmp_path: Path) -> None:
    doubtful = replace(FORMAL.statements["T06_a"], sha256="")
    formal = replace(FORMAL, statements={**FORMAL.statements, "T06_a": doubtful})
    folder = RecordFolder(tmp_path)
    keep_formal(changed(whole(), formal=replace(formal, reason="no Coq")), folder)
    assert not list(tmp_path.iterdir())
    keep_formal(changed(whole(), formal=formal), folder)
    assert {path.stem for path in tmp_path.iterdir()} == {
        "formal-T08_all",
        "formal-R03_found",
        "formal-T06_mutant",
    }
