"""minima/folder.py: whose folder it is, and what is in it when."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from landtheory.deep.minima.folder import MinimaFolder, read_minima
from landtheory.deep.minima.minimum import Minimum, Phase
from landtheory.deep.minima.search import Case
from landtheory.errors import InputError, RecordError

IDENTITY: dict[str, Any] = {
    "command": "minima",
    "version": "1",
    "seed": 0,
    "settings": {"samples": 3, "attack": [0.0, 0.5]},
}
GROUP = (Case(0, 0.5), Case(1, 0.5))
PHASE = Phase(
    steps=7, target=0.01, loss=0.1, reached=True, clean_loss=1 / 3, test_loss=0.5,
    clean_accuracy=1.0, test_accuracy=0.75, attack_accuracy=None,
)  # fmt: skip


def minimum(case: Case) -> Minimum:
    return Minimum(
        state={"w": torch.arange(3.0) + case.seed}, seed=case.seed, attacked=2,
        fraction=case.fraction, first=PHASE, polish=None, clean_loss=0.1,
        clean_accuracy=1.0, test_loss=0.5, test_accuracy=0.75, weight_norm=2.0,
        temperature=None, converged=True, reason="",
    )  # fmt: skip


def opened(path: Path, *, resume: bool = False, **settings: Any) -> MinimaFolder:
    identity = IDENTITY | {"settings": IDENTITY["settings"] | settings}
    return MinimaFolder(path, identity, resume=resume)


def begun(path: Path) -> MinimaFolder:
    folder = opened(path)
    folder.begin("digest")
    return folder


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as refused:
        opened(path, **options)
    return str(refused.value)


@pytest.mark.parametrize("resume", [False, True])
@pytest.mark.parametrize("there", ["nothing", "empty", "first files"])
def test_a_free_folder_is_taken(tmp_path: Path, there: str, resume: bool) -> None:
    path = tmp_path / "run"
    if there != "nothing":
        path.mkdir()
    if there == "first files":
        (path / ".manifest.json.0123456789abcdef").write_text('{"for')
        (path / "minima").mkdir()
    folder = opened(path, resume=resume)
    assert not folder.complete
    folder.begin("digest")
    assert sorted(p.name for p in path.iterdir()) == ["manifest.json", "minima"]


def test_opening_writes_nothing(tmp_path: Path) -> None:
    opened(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_run_is_refused_without_resume_and_taken_with_it(tmp_path: Path) -> None:
    begun(tmp_path)
    assert refusal(tmp_path) == (
        f"out is {str(tmp_path)!r}; expected a folder without a run: pass --resume to "
        "go on with it, or name another"
    )
    assert not opened(tmp_path, resume=True).complete


def test_other_settings_versions_and_data_are_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    assert refusal(tmp_path, resume=True, samples=4) == (
        f"out is {str(tmp_path)!r}, a run with samples 3; expected 4: resume with the "
        "same settings, or name another folder"
    )
    with pytest.raises(InputError, match="a run with version '1'; expected '2'"):
        MinimaFolder(tmp_path, IDENTITY | {"version": "2"}, resume=True)
    with pytest.raises(InputError) as refused:
        opened(tmp_path, resume=True).begin("another")
    assert str(refused.value) == (
        f"out is {str(tmp_path)!r}; expected a run of the same samples and initial "
        "weights, but they have changed: name another folder"
    )


@pytest.mark.parametrize(
    "content", [None, "{}", "nonsense", '{"format": "another"}', "[1]"]
)
def test_what_is_not_ours_is_refused_and_untouched(
    tmp_path: Path, content: str | None
) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    for resume in (False, True):
        assert refusal(tmp_path, resume=resume) == (
            f"folder is {str(tmp_path)!r}; expected one with a manifest.json of "
            "`landtheory minima`: name another"
        )
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    assert refusal(path) == f"out is {str(path)!r}; expected a folder, not a file"
    with pytest.raises(InputError, match="expected a folder that can be written, but"):
        opened(path / "run").begin("digest")


def test_a_group_is_found_once_all_of_it_is_there(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    assert folder.found(GROUP) is None
    folder.keep(minimum(GROUP[0]))
    assert folder.found(GROUP) is None
    folder.keep(minimum(GROUP[1]))
    found = opened(tmp_path, resume=True).found(GROUP)
    assert found is not None
    for case, one in zip(GROUP, found, strict=True):
        assert torch.equal(one.state["w"], minimum(case).state["w"])
        assert one.record() == minimum(case).record()
    weights = load_file(tmp_path / "minima" / "attack-0.5-seed-1.safetensors")
    assert torch.equal(weights["w"], minimum(GROUP[1]).state["w"])


@pytest.mark.parametrize(
    "harm",
    [
        lambda weights, _: weights.write_bytes(weights.read_bytes()[:-1] + b"\x01"),
        lambda weights, _: weights.write_bytes(b""),
        lambda weights, _: weights.unlink(),
        lambda _, record: record.unlink(),
        lambda _, record: record.write_text(record.read_text()[:-9]),
        lambda _, record: record.write_text("[]"),
        lambda _, record: record.write_text(
            json.dumps(json.loads(record.read_text()) | {"seed": 5})
        ),
        lambda _, record: record.write_text(
            json.dumps(json.loads(record.read_text()) | {"sha256": "0"})
        ),
    ],
)
def test_a_harmed_minimum_is_not_there(tmp_path: Path, harm: Any) -> None:
    folder = begun(tmp_path)
    for case in GROUP:
        folder.keep(minimum(case))
    stem = str(tmp_path / "minima" / "attack-0.5-seed-1")
    harm(Path(f"{stem}.safetensors"), Path(f"{stem}.json"))
    assert folder.found(GROUP) is None
    folder.keep(minimum(GROUP[1]))
    assert folder.found(GROUP) is not None


def record() -> dict[str, Any]:
    return IDENTITY | {"minima": [minimum(case).record() for case in GROUP]}


def test_a_complete_run_is_read(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    for case in GROUP:
        folder.keep(minimum(case))
    with pytest.raises(InputError) as refused:
        read_minima(tmp_path)
    assert str(refused.value) == (
        f"run is {str(tmp_path)!r}; expected one that is complete: go on with it by "
        "minima --resume"
    )
    folder.write_result(record())
    assert folder.complete
    found, minima = read_minima(tmp_path)
    assert found == record()
    assert [(m.seed, m.fraction) for m in minima] == [tuple(case) for case in GROUP]


def test_a_damaged_run_is_said(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    folder.write_result(record())
    with pytest.raises(InputError) as refused:
        read_minima(tmp_path)
    assert str(refused.value) == (
        f"run is {str(tmp_path)!r}; expected every file of minima as it was written: "
        "delete the folder and run again"
    )
    (tmp_path / "result.json").write_text("{")
    with pytest.raises(InputError) as refused:
        read_minima(tmp_path)
    assert str(refused.value) == (
        f"run is {str(tmp_path)!r}; expected result.json as it was written: delete the "
        "folder and run again"
    )


def test_a_minimum_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    (tmp_path / "minima" / "attack-0.5-seed-0.safetensors").mkdir()
    with pytest.raises(RecordError, match="cannot be written"):
        folder.keep(minimum(GROUP[0]))


MARK = "0123456789abcdef"
OURS = (
    f".manifest.json.{MARK}", f".result.json.{MARK}",
    f"minima/.attack-0.5-seed-1.safetensors.{MARK}",
    f"minima/.attack-0.5-seed-1.json.{MARK}",
)  # fmt: skip
THEIRS = (".notes", f".thesis.tex.{MARK}", f"minima/.notes.{MARK}", "minima/mine.json")


def test_leftovers_of_a_kill_are_cleared_and_nothing_else(tmp_path: Path) -> None:
    begun(tmp_path)
    for name in (*OURS, *THEIRS):
        (tmp_path / name).write_text("x")
    opened(tmp_path, resume=True).begin("digest")
    assert not any((tmp_path / name).exists() for name in OURS)
    assert all((tmp_path / name).exists() for name in THEIRS)
