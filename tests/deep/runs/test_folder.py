"""runs/folder.py: whose folder it is, and what is in it when."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landtheory.deep.runs.folder import RunFolder, read_run
from landtheory.errors import InputError, RecordError

IDENTITY: dict[str, Any] = {"version": "1", "settings": {"k": 3, "seed": 0}}
ARRAYS = {"eigenvalues": np.array([2.0, 1.0])}


def opened(path: Path, *, resume: bool = False, **settings: Any) -> RunFolder:
    identity = IDENTITY | {"settings": IDENTITY["settings"] | settings}
    return RunFolder(path, identity, resume=resume)


def begun(path: Path) -> RunFolder:
    folder = opened(path)
    folder.begin()
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
    folder = opened(path, resume=resume)
    assert not folder.complete
    folder.begin()
    assert sorted(entry.name for entry in path.iterdir()) == [
        "manifest.json",
        "products",
    ]


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


def test_other_settings_and_versions_are_refused(tmp_path: Path) -> None:
    begun(tmp_path)
    assert refusal(tmp_path, resume=True, k=4) == (
        f"out is {str(tmp_path)!r}, a run with k 3; expected 4: resume with the same "
        "settings, or name another folder"
    )
    with pytest.raises(InputError, match="a run with version '1'; expected '2'"):
        RunFolder(tmp_path, IDENTITY | {"version": "2"}, resume=True)


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
        assert "expected one with a manifest.json of" in refusal(
            tmp_path, resume=resume
        )
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("mine")
    assert refusal(path) == f"out is {str(path)!r}; expected a folder, not a file"
    # begun below a file, which even a superuser cannot
    with pytest.raises(InputError, match="expected a folder that can be written, but"):
        opened(path / "run").begin()


def test_choices_are_kept(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    assert folder.known("batch_size") is None
    assert folder.chosen("batch_size", 7) == 7
    again = opened(tmp_path, resume=True)
    assert again.chosen("batch_size", 9) == again.known("batch_size") == 7


def test_changed_data_are_refused(tmp_path: Path) -> None:
    begun(tmp_path).bind("data", "abc")
    again = opened(tmp_path, resume=True)
    again.bind("data", "abc")
    with pytest.raises(InputError, match="expected a run of the same data, but its"):
        again.bind("data", "abd")


def test_a_finished_run_reads_back_and_has_no_journal(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    with pytest.raises(InputError, match="expected one that is complete"):
        read_run(tmp_path)
    folder.finish({"a": 1.5}, ARRAYS, {"figures/density.svg": b"<svg/>"})
    assert folder.complete
    record, arrays = read_run(tmp_path)
    assert record == {"a": 1.5}
    assert np.array_equal(arrays["eigenvalues"], ARRAYS["eigenvalues"])
    assert not (tmp_path / "products").exists()


def test_the_record_is_written_last(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    with pytest.raises(RecordError, match="array words has dtype"):
        folder.finish({}, {"words": np.array(["a"])}, {})
    (tmp_path / "figures").write_text("in the way")
    with pytest.raises(RecordError, match=re.escape("figures")):
        folder.finish({}, ARRAYS, {"figures/density.svg": b""})
    assert not folder.complete


def test_arrays_have_the_same_bytes_each_time(tmp_path: Path) -> None:
    contents = []
    for name in ("a", "b"):
        begun(tmp_path / name).finish({}, ARRAYS, {})
        contents.append((tmp_path / name / "arrays.npz").read_bytes())
    assert contents[0] == contents[1]


def test_a_damaged_result_is_said(tmp_path: Path) -> None:
    begun(tmp_path).finish({}, ARRAYS, {})
    (tmp_path / "arrays.npz").write_bytes(b"PK")
    with pytest.raises(InputError, match="as they were written: delete the folder"):
        read_run(tmp_path)


MARK = "0123456789abcdef"
OURS = (
    f".manifest.json.{MARK}", f".training.safetensors.{MARK}",
    f".weights.safetensors.{MARK}", f".arrays.npz.{MARK}", f".result.json.{MARK}",
    f".report.html.{MARK}", f"products/.000001.safetensors.{MARK}",
    f"figures/.density.svg.{MARK}", f"figures/.layers.png.{MARK}",
)  # fmt: skip
THEIRS = (
    ".notes", ".manifest.json.bak", f".thesis.tex.{MARK}", f"manifest.json.{MARK}",
    f".report.html.{MARK}0", f"products/.notes.{MARK}", "products/000001.safetensors",
    f"figures/.holiday.png.{MARK}", f"own/.report.html.{MARK}",
)  # fmt: skip


def littered(path: Path) -> None:
    for name in ("figures", "own"):
        (path / name).mkdir()
    for name in (*OURS, *THEIRS):
        (path / name).write_text("x")


def test_leftovers_of_a_kill_are_cleared_and_nothing_else(tmp_path: Path) -> None:
    begun(tmp_path)
    littered(tmp_path)
    opened(tmp_path, resume=True).begin()
    assert not any((tmp_path / name).exists() for name in OURS)
    assert all((tmp_path / name).exists() for name in THEIRS)
    assert json.loads((tmp_path / "manifest.json").read_text())["choices"] == {}


def test_a_run_that_was_killed_after_its_result_is_tidied(tmp_path: Path) -> None:
    begun(tmp_path).finish({}, ARRAYS, {})
    (tmp_path / "products").mkdir()
    littered(tmp_path)
    folder = opened(tmp_path, resume=True)
    folder.tidy()
    assert not any((tmp_path / name).exists() for name in OURS)
    assert not (tmp_path / "products").exists()
    kept = [name for name in THEIRS if not name.startswith("products/")]
    assert all((tmp_path / name).exists() for name in kept)
    read_run(tmp_path)


def test_a_folder_with_a_copy_of_a_manifest_is_not_free(tmp_path: Path) -> None:
    (tmp_path / ".manifest.json.bak").write_text("mine")
    assert "expected one with a manifest.json of" in refusal(tmp_path, resume=True)
