"""records.py: files are whole or absent, whatever fails."""

import os
import re
from pathlib import Path

import pytest

from landtheory.errors import RecordError
from landtheory.records import to_json, write_text


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_text(path, "one")
    write_text(path, "two ≤ three")
    assert path.read_text(encoding="utf-8") == "two ≤ three"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("name", ["fsync", "fdopen", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")

    def fails(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    target = "pathlib.Path.replace" if name == "replace" else f"os.{name}"
    monkeypatch.setattr(target, fails)
    sentence = f"file {str(path)!r} cannot be written: no space left on device"
    with pytest.raises(RecordError, match=re.escape(sentence)):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be written: no such file"):
        write_text(tmp_path / "none" / "a.json", "x")


def test_json_holds_no_nan() -> None:
    assert to_json({"a": "≤"}) == '{\n  "a": "≤"\n}\n'
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json({"a": float("nan")})


def test_the_folder_is_flushed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[int] = []
    real = os.fsync
    monkeypatch.setattr("os.fsync", lambda fd: (flushed.append(fd), real(fd))[1])
    write_text(tmp_path / "a", "x")
    assert len(flushed) == 2
