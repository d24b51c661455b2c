"""commands/out_folder.py: what is on the disk, and what is refused before the work."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from landtheory.commands.out_folder import check_out, table_file, write_out
from landtheory.errors import InputError


def test_everything_is_written_below_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"
    check_out(str(out))
    write_out(str(out), {"x": 1}, {"figures/f.png": b"\x01", "t.csv": b"i\n"})
    assert (out / "figures" / "f.png").read_bytes() == b"\x01"
    assert (out / "t.csv").read_bytes() == b"i\n"
    assert json.loads((out / "result.json").read_text(encoding="utf-8")) == {"x": 1}


def test_an_empty_folder_and_none_are_fine(tmp_path: Path) -> None:
    check_out(str(tmp_path))
    check_out(None)


def test_files_and_folders_with_something_in_them_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("mine")
    for out in (str(file), str(tmp_path), ""):
        sentence = f"out is {out!r}; expected a folder that is empty or not there: name another"
        with pytest.raises(InputError, match=re.escape(sentence)):
            check_out(out)
    assert file.read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("mine")
    out = str(file / "below")
    sentence = f"out is {out!r}; expected a folder that can be written, but "
    with pytest.raises(InputError, match=re.escape(sentence)):
        write_out(out, {}, {"t.csv": b""})


def test_a_table_keeps_every_digit_and_quotes_names() -> None:
    made = table_file(("name", "x"), [("a,b", 0.1 + 0.2), ("c", None)])
    rows = list(csv.DictReader(io.StringIO(made.decode("utf-8"), newline="")))
    assert rows[0] == {"name": "a,b", "x": "0.30000000000000004"}
    assert rows[1]["x"] == ""
