"""deep/result_folder.py: whose a folder is, held against what three kinds of runs write."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landtheory.deep.minima.folder import MinimaFolder
from landtheory.deep.reproduce.store import ReproduceFolder
from landtheory.deep.result_folder import MANIFEST, RESULT, ResultFolder
from landtheory.deep.runs.folder import RunFolder
from landtheory.errors import InputError

IDENTITY = {"version": "1", "device": "cpu", "settings": {"seed": 0}}
BEGIN: dict[type[ResultFolder], Callable[[Any], None]] = {
    MinimaFolder: lambda folder: folder.begin("digest"),
    ReproduceFolder: lambda folder: folder.begin(),
    RunFolder: lambda folder: folder.begin(),
}
KINDS = list(BEGIN)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_a_folder_is_taken_for_its_own_kind_only(
    tmp_path: Path, kind: type[ResultFolder], other: type[ResultFolder]
) -> None:
    BEGIN[kind](kind(tmp_path, IDENTITY, resume=False))
    if kind is other:
        assert not kind(tmp_path, IDENTITY, resume=True).complete
        return
    sentence = (
        f"folder is {str(tmp_path)!r}; expected one with a {MANIFEST} of "
        f"`landtheory {other.COMMAND}`: name another"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        other(tmp_path, IDENTITY, resume=True)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["", "[]", "null", "3", '"text"', "{}"])
def test_a_manifest_that_is_none_is_refused(
    tmp_path: Path, kind: type[ResultFolder], text: str
) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(
        InputError, match=re.escape(f"expected one with a {MANIFEST} of")
    ):
        kind(tmp_path, IDENTITY, resume=True)


@pytest.mark.parametrize("kind", KINDS)
def test_the_result_ends_the_run(tmp_path: Path, kind: type[ResultFolder]) -> None:
    folder = kind(tmp_path, IDENTITY, resume=False)
    BEGIN[kind](folder)
    folder.write_result({"a": 1.5})
    assert folder.complete
    assert folder.result() == {"a": 1.5}
    (tmp_path / RESULT).write_text("{")
    sentence = (
        f"run is {str(tmp_path)!r}; expected {RESULT} as it was written: delete the "
        "folder and run again"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        folder.result()


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_to_agree_is_named(tmp_path: Path, kind: type[ResultFolder]) -> None:
    BEGIN[kind](kind(tmp_path, IDENTITY, resume=False))
    for name in kind.SAME:
        with pytest.raises(InputError, match=f"a run with {name} '"):
            kind(tmp_path, {**IDENTITY, name: "other"}, resume=True)
    with pytest.raises(InputError, match="a run with seed 0; expected 1: resume with"):
        kind(tmp_path, {**IDENTITY, "settings": {"seed": 1}}, resume=True)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    assert manifest["settings"] == {"seed": 0}
