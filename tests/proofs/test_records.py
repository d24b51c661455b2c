"""proofs/records.py: a record is found while it holds, and no longer."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from support.coq import LIBRARY, checked, needs_coq, small, write

from landtheory.proofs import records
from landtheory.proofs.records import (
    binding,
    current_record,
    default_cache,
    load_record,
    store_record,
)
from landtheory.proofs.toolchain import Toolchain

COQ = Toolchain("coqc", "coqdep", "coqchk", "8.16.1 4.13.1", "0" * 64)


def bound() -> dict[str, str]:
    return binding(small(), COQ, ())


def test_what_is_kept_is_found(tmp_path: Path) -> None:
    assert load_record(bound(), tmp_path) is None
    kept = store_record({"binding": bound(), "statements": {"σ": 1.5}}, tmp_path)
    assert load_record(bound(), tmp_path) == kept
    assert len(kept["sha256"]) == 64


@pytest.mark.parametrize("part", list(binding(small(), COQ, ())))
def test_another_hash_is_another_record(tmp_path: Path, part: str) -> None:
    store_record({"binding": bound()}, tmp_path)
    assert load_record({**bound(), part: "0"}, tmp_path) is None
    assert len(bound()[part]) >= 12


def test_a_changed_digit_is_seen(tmp_path: Path) -> None:
    kept = store_record({"binding": bound(), "statements": {"a": 12345}}, tmp_path)
    (path,) = (tmp_path / "records").iterdir()
    text = path.read_text(encoding="utf-8")
    for old, new in (("12345", "12346"), (kept["sha256"][:8], "00000000"), ("{", "")):
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        assert load_record(bound(), tmp_path) is None
    path.write_text("[]", encoding="utf-8")
    assert load_record(bound(), tmp_path) is None
    path.write_text(text, encoding="utf-8")
    assert load_record(bound(), tmp_path) == kept


def test_a_record_under_another_name_is_none(tmp_path: Path) -> None:
    store_record({"binding": bound()}, tmp_path)
    other = {**bound(), "coq": "9"}
    store_record({"binding": other}, tmp_path)
    first, second = sorted((tmp_path / "records").iterdir())
    shutil.copy(first, second)
    assert [load_record(one, tmp_path) for one in (bound(), other)].count(None) == 1


@needs_coq
def test_the_current_record_is_that_of_the_sources(tmp_path: Path, cache: Path) -> None:
    folder = write(small(), tmp_path / "library")
    record = checked(small(), cache)
    assert current_record(folder, cache) == record == current_record(LIBRARY, cache)
    with (folder / "Means.v").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert current_record(folder, cache) is None


def test_without_coq_there_is_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_record({"binding": bound()}, tmp_path)
    monkeypatch.setattr(records, "find_toolchain", lambda: COQ)
    assert current_record(LIBRARY, tmp_path) is not None
    monkeypatch.undo()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert current_record(LIBRARY, tmp_path) is None


@needs_coq
def test_a_check_that_is_kept_is_not_made_again(
    cache: Path, honest: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object, **named: object) -> None:
        raise AssertionError

    monkeypatch.setattr("landtheory.proofs.checking.build", refuse)
    for thorough in (True, False):
        again = checked(small(), cache, thorough=thorough, required=("T06", "R03"))
        assert again == honest
    with pytest.raises(AssertionError):
        checked(small(), cache, required=("T06", "R03", "T01"))
    with pytest.raises(AssertionError):
        checked(small().with_text("Extra", "(* a *)\n"), cache)


def test_the_cache_is_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_cache() == tmp_path / "landtheory" / "proofs"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_cache() == tmp_path / ".cache" / "landtheory" / "proofs"


def test_a_record_is_json_that_anyone_can_read(tmp_path: Path) -> None:
    store_record({"binding": bound(), "statements": {}}, tmp_path)
    (path,) = (tmp_path / "records").iterdir()
    assert json.loads(path.read_text(encoding="utf-8"))["binding"] == bound()
