"""deep/reproduce/store.py: results are made once, and never taken for others."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from landtheory.deep.reproduce.store import Made, ReproduceFolder, Store
from landtheory.errors import InputError, RecordError

IDENTITY = {"version": "1", "device": "cpu", "settings": {"seed": 0, "preset": "quick"}}


class Maker:
    """Counts how often it is asked."""

    def __init__(self, value: Any = None) -> None:
        self.made, self.value = 0, value

    def __call__(self) -> Made:
        self.made += 1
        return {"w": torch.tensor([0.1, float(self.made)])}, self.value or [
            1,
            (2.5, None),
        ]


def folder(path: Path, *, resume: bool = False, **others: Any) -> ReproduceFolder:
    settings = IDENTITY["settings"] | others.pop("settings", {})
    opened = ReproduceFolder(
        path, IDENTITY | {"settings": settings} | others, resume=resume
    )
    opened.begin()
    return opened


def test_a_result_is_made_once_and_comes_back_bit_for_bit(tmp_path: Path) -> None:
    make, again = Maker(), Maker()
    first = folder(tmp_path / "run").made("minima", "a", {"k": 1}, make)
    second = folder(tmp_path / "run", resume=True).made("minima", "a", {"k": 1}, again)
    assert (make.made, again.made) == (1, 0)
    assert torch.equal(first[0]["w"], second[0]["w"])
    # what was just made is what will be read: tuples are lists already
    assert first[1] == second[1] == [1, [2.5, None]]


@pytest.mark.parametrize(
    ("stage", "unit", "about"),
    [("within", "a", {"k": 1}), ("minima", "b", {"k": 1}), ("minima", "a", {"k": 2})],
)
def test_another_unit_is_made(
    tmp_path: Path, stage: str, unit: str, about: dict[str, int]
) -> None:
    for store in (Store(IDENTITY), folder(tmp_path / "run")):
        make = Maker()
        store.made("minima", "a", {"k": 1}, make)
        store.made(stage, unit, about, make)
        assert make.made == 2


def test_a_file_of_another_seed_is_not_used(tmp_path: Path) -> None:
    """Though it lies where that of this seed would."""
    first, second = tmp_path / "first", tmp_path / "second"
    folder(first).made("minima", "a", {}, Maker())
    other = folder(second, settings={"seed": 1})
    target = second / "results" / "minima" / "a.safetensors"
    target.parent.mkdir(parents=True)
    target.write_bytes((first / "results" / "minima" / "a.safetensors").read_bytes())
    make = Maker()
    other.made("minima", "a", {}, make)
    assert make.made == 1


def test_columns_keep_their_order(tmp_path: Path) -> None:
    make = Maker([{"seed": 1, "accuracy": 0.5, "b": {"z": 1, "a": 2}}])
    for resume in (False, True):
        found = folder(tmp_path / "run", resume=resume).made("minima", "a", {}, make)[1]
        assert json.dumps(found) == json.dumps(make.value)
    assert make.made == 1


@pytest.mark.parametrize("damage", ["cut", "bit", "empty"])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: str) -> None:
    folder(tmp_path / "run").made("minima", "a", {}, Maker())
    path = tmp_path / "run" / "results" / "minima" / "a.safetensors"
    content = path.read_bytes()
    flipped = content[:-1] + bytes([content[-1] ^ 1])
    path.write_bytes({"cut": content[:-3], "bit": flipped, "empty": b""}[damage])
    make = Maker()
    folder(tmp_path / "run", resume=True).made("minima", "a", {}, make)
    assert make.made == 1


def test_leftovers_of_a_killed_run_go_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "run"
    folder(path).made("minima", "a", {}, Maker())
    left = path / "results" / "minima" / f".b.safetensors.{'0' * 16}"
    left.touch()
    mine = path / "results" / "minima" / "notes.txt"
    mine.touch()
    folder(path, resume=True)
    assert not left.exists()
    assert mine.exists()


def test_a_run_killed_at_its_first_file_leaves_a_free_folder(tmp_path: Path) -> None:
    path = tmp_path / "run"
    path.mkdir()
    (path / f".manifest.json.{'a' * 16}").touch()
    folder(path)
    assert json.loads((path / "manifest.json").read_text())["version"] == "1"


def test_names_of_units_stay_in_the_folder(tmp_path: Path) -> None:
    folder(tmp_path / "run").made("minima", "../../relu:32,32", {}, Maker())
    assert [p.name for p in (tmp_path / "run/results/minima").iterdir()] == [
        ".._.._relu_32_32.safetensors"
    ]


def test_nan_is_refused_in_a_row() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        Store({}).made("a", "b", {}, lambda: (dict[str, Tensor](), float("nan")))


def test_the_result_comes_back(tmp_path: Path) -> None:
    run = folder(tmp_path / "run")
    assert not run.complete
    run.write_result({"a": 1})
    assert folder(tmp_path / "run", resume=True).result() == {"a": 1}
    (tmp_path / "run" / "result.json").write_text("{")
    sentence = (
        f"run is {str(tmp_path / 'run')!r}; expected result.json as it was written: "
        "delete the folder and run again"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        run.result()


@pytest.mark.parametrize(
    ("others", "name", "old", "new"),
    [
        ({"settings": {"seed": 1}}, "seed", 0, 1),
        ({"settings": {"preset": "full"}}, "preset", "quick", "full"),
        ({"version": "2"}, "version", "1", "2"),
        ({"device": "cuda"}, "device", "cpu", "cuda"),
    ],
)
def test_a_folder_of_other_settings_is_refused(
    tmp_path: Path, others: dict[str, Any], name: str, old: object, new: object
) -> None:
    folder(tmp_path)
    sentence = (
        f"out is {str(tmp_path)!r}, a run with {name} {old!r}; expected {new!r}: resume "
        "with the same settings, or name another folder"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        folder(tmp_path, resume=True, **others)


def test_folders_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    run, file, other = tmp_path / "run", tmp_path / "file", tmp_path / "other"
    folder(run)
    file.touch()
    other.mkdir()
    (other / "thesis.tex").touch()
    for path, sentence in (
        (run, ("expected a folder without a run: pass --resume to go on with it, or name "
         "another")),
        (file, "expected a folder, not a file"),
        (file / "below", "expected a folder that can be written, but not a directory"),
    ):  # fmt: skip
        whole = f"out is {str(path)!r}; {sentence}"
        with pytest.raises(InputError, match=f"^{re.escape(whole)}$"):
            folder(path)
    sentence = (
        f"folder is {str(other)!r}; expected one with a manifest.json of `landtheory "
        "reproduce`: name another"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        folder(other)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    run = folder(tmp_path / "run")
    (tmp_path / "run" / "data").touch()
    sentence = f"folder {str(tmp_path / 'run' / 'data')!r} cannot be made: file exists"
    with pytest.raises(RecordError, match=f"^{re.escape(sentence)}$"):
        run.write("data/minima.csv", b"")
