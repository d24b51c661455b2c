"""records.py: files are whole or absent, whatever fails."""

import os
import re
import stat
import threading
from pathlib import Path

import pytest

from landtheory.errors import InputError, RecordError
from landtheory.records import (
    check_target,
    leftovers,
    to_json,
    write_bytes,
    write_text,
)


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_text(path, "one")
    write_text(path, "two ≤ three")
    assert path.read_text(encoding="utf-8") == "two ≤ three"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    path, content = tmp_path / "a.bin", bytes(range(256)) + b"\r\n"
    write_bytes(path, b"old")
    write_bytes(path, content)
    assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("name", ["fsync", "open", "replace"])
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


def read_later(fifo: Path) -> tuple[threading.Thread, list[bytes]]:
    """A reader of a pipe, at its end; a writer waits for it."""
    found: list[bytes] = []
    reader = threading.Thread(
        target=lambda: found.append(fifo.read_bytes()), daemon=True
    )
    reader.start()
    return reader, found


@pytest.mark.parametrize("linked", [False, True])
def test_a_pipe_is_written_into_and_stays(tmp_path: Path, linked: bool) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    path = tmp_path / "link" if linked else fifo
    if linked:
        path.symlink_to(fifo)
    before = sorted(entry.name for entry in tmp_path.iterdir())
    reader, found = read_later(fifo)
    write_text(path, "all of it\n" * 20_000)
    reader.join(timeout=30)
    assert found == [b"all of it\n" * 20_000]
    assert stat.S_ISFIFO(fifo.stat().st_mode)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == before


def test_the_write_end_of_a_pipe_is_written_into() -> None:
    # what a shell passes for >(cat)
    source, sink = os.pipe()
    try:
        write_text(Path(f"/proc/self/fd/{sink}"), "through")
        assert os.read(source, 100) == b"through"
    finally:
        os.close(source)
        os.close(sink)


@pytest.mark.parametrize("exists", [False, True])
def test_a_link_stays_and_its_target_is_written(tmp_path: Path, exists: bool) -> None:
    (tmp_path / "inner").mkdir()
    target, link = tmp_path / "inner" / "a.json", tmp_path / "link"
    link.symlink_to(Path("inner") / "a.json")
    if exists:
        target.write_text("old")
    write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert not target.is_symlink()
    assert [entry.name for entry in target.parent.iterdir()] == ["a.json"]


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    with pytest.raises(RecordError, match="cannot be written: too many levels"):
        write_text(link, "x")


@pytest.mark.parametrize("umask", [0o022, 0o077])
@pytest.mark.parametrize("mode", [None, 0o600, 0o644, 0o664, 0o640])
def test_a_file_keeps_its_mode_and_a_new_one_has_the_usual(
    tmp_path: Path, mode: int | None, umask: int
) -> None:
    path = tmp_path / "a.json"
    if mode is not None:
        path.write_text("old")
        path.chmod(mode)
    before = os.umask(umask)
    try:
        write_text(path, "new")
    finally:
        os.umask(before)
    expected = 0o666 & ~umask if mode is None else mode
    assert stat.S_IMODE(path.stat().st_mode) == expected


def test_a_long_name_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 250)
    write_text(path, "x")
    assert path.read_text() == "x"


def test_a_folder_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be written: is a directory"):
        write_text(tmp_path, "x")


def test_where_a_record_could_go_is_checked_first(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for fine in (None, "-", str(tmp_path / "new.json"), str(fifo)):
        check_target(fine)
    none = tmp_path / "none" / "a.json"
    for bad in ("", str(tmp_path), str(none), str(tmp_path / ("a" * 300))):
        sentence = f"json is {bad!r}; expected a file in an existing folder, or -"
        with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
            check_target(bad)


@pytest.mark.parametrize("name", ["a.json", "b" * 60 + ".json"])
def test_what_a_killed_writer_leaves_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # as a process that is killed: nothing is cleaned up
    monkeypatch.setattr("pathlib.Path.replace", _killed)
    monkeypatch.setattr("pathlib.Path.unlink", lambda self, missing_ok: None)
    with pytest.raises(KeyboardInterrupt):
        write_text(tmp_path / name, "half")
    monkeypatch.undo()
    (tmp_path / f".{name}.bak").write_text("mine")
    (left,) = leftovers(tmp_path, re.escape(name[:40]))
    assert left.read_text() == "half"
    assert leftovers(tmp_path, "another") == []
    assert leftovers(tmp_path / "nowhere", ".*") == []


def _killed(self: Path, target: Path) -> None:
    raise KeyboardInterrupt
