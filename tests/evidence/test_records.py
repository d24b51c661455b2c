"""evidence/records.py: written whole, and refused when anything in it was changed."""

import json
import re
from pathlib import Path

import pytest

from landtheory.errors import InputError, RecordError
from landtheory.evidence.records import Record, RecordFolder, default_folder

RECORD = Record(
    kind="verify",
    of="T06",
    bound={"statement": "a" * 64, "engine": "b" * 64},
    content={"verdict": "supported", "ratio": 0.25, "claims": [{"label": "b.1"}]},
)


@pytest.fixture
def folder(tmp_path: Path) -> RecordFolder:
    made = RecordFolder(tmp_path / "new" / "records")
    made.write(RECORD)
    return made


def test_a_record_comes_back_as_it_was(folder: RecordFolder) -> None:
    found = folder.read("verify", "T06")
    assert found is not None
    assert (found.bound, found.content) == (RECORD.bound, RECORD.content)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", found.made)
    assert folder.read("verify", "T07") is None
    assert [path.name for path in folder.folder.iterdir()] == ["verify-T06.json"]


def test_every_changed_character_is_seen(folder: RecordFolder) -> None:
    """Each digit, letter and bracket in turn; white space between tokens says nothing."""
    path = folder.path("verify", "T06")
    text = path.read_text()
    seen = 0
    for place, letter in enumerate(text):
        if letter.isspace():
            continue
        path.write_text(
            f"{text[:place]}{'1' if letter != '1' else '2'}{text[place + 1 :]}"
        )
        with pytest.raises(RecordError):
            folder.read("verify", "T06")
        seen += 1
    assert seen > 300


def test_a_record_of_something_else_is_refused(folder: RecordFolder) -> None:
    text = folder.path("verify", "T06").read_text()
    folder.path("verify", "T07").write_text(text)
    folder.path("derivation", "T06").write_text(text)
    for kind, of in (("verify", "T07"), ("derivation", "T06")):
        with pytest.raises(RecordError, match="something else"):
            folder.read(kind, of)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"sha256": 1}', "\x00", "{"])
def test_what_is_no_record_is_refused(folder: RecordFolder, text: str) -> None:
    folder.path("verify", "T06").write_text(text)
    with pytest.raises(RecordError):
        folder.read("verify", "T06")


def test_a_hash_that_fits_another_content_is_refused(folder: RecordFolder) -> None:
    path = folder.path("verify", "T06")
    body = json.loads(path.read_text())
    body["bound"]["engine"] = "c" * 64
    path.write_text(json.dumps(body))
    with pytest.raises(RecordError, match="not what was written"):
        folder.read("verify", "T06")


def test_a_folder_that_cannot_be_made_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="expected a folder that can be written"):
        RecordFolder(tmp_path / "file" / "records").write(RECORD)


def test_the_default_folder_is_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/there")
    assert default_folder() == Path("/there/landtheory/evidence")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/me")
    assert default_folder() == Path("/home/me/.cache/landtheory/evidence")
