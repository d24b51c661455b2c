"""commands/report.py, run as a user runs it, on a machine without Coq."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from support.evidence import changed, keep_all, whole
from support.page import Page
from support.shell import run

from landtheory.evidence.library import Library
from landtheory.evidence.records import RecordFolder

CLEAN = {"PATH": str(Path(sys.executable).parent)}
"""No Coq, whatever this machine has: the page is the same on all of them."""


@pytest.fixture(scope="module")
def library() -> Library:
    return changed(whole())


@pytest.fixture
def records(library: Library, tmp_path: Path) -> Path:
    keep_all(library, tmp_path / "records")
    return tmp_path / "records"


def test_nothing_recorded_is_nothing_known(tmp_path: Path) -> None:
    done = run(
        "report", "--only-recorded", "--records", "none", "--json", "told.json",
        cwd=tmp_path, **CLEAN,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "report.html: 29 theorems: 29 not run (0 proved" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"report.html", "told.json"}
    told = json.loads((tmp_path / "told.json").read_text())
    assert {row["state"] for row in told["theorems"]} == {"not run"}
    assert told["ran"] == []
    assert told["formal"].startswith(
        "not checked on this machine: coqc is not installed"
    )
    assert "T06" in Page((tmp_path / "report.html").read_text()).ids


def test_what_is_missing_is_run_and_only_that(
    records: Path, library: Library, tmp_path: Path
) -> None:
    folder = RecordFolder(records)
    folder.path("verify", "T17").unlink()
    damaged = folder.path("folklore", "R08")
    damaged.write_text(damaged.read_text().replace("refuted", "supported"))
    out = tmp_path / "page.html"
    options = ("report", "--out", str(out), "--records", str(records), "--budget", "1s")
    done = run(*options, "--json", "-", "--no-progress", **CLEAN)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["ran"] == ["folklore R08", "verify T17"]
    assert {row["state"] for row in told["theorems"]} == {"supported", "proved"}
    (t06,) = [row for row in told["theorems"] if row["id"] == "T06"]
    assert (t06["own"], t06["state"], t06["because"]) == (
        "proved",
        "supported",
        ["T02"],
    )
    first = out.read_text()
    again = run(*options, "--quiet", "--no-progress", **CLEAN)
    assert again.returncode == 0, again.stderr
    assert len(again.stdout.strip().splitlines()) == 1
    assert out.read_text() == first


def test_what_is_outdated_is_shown_where_nothing_is_run(
    records: Path, tmp_path: Path
) -> None:
    shutil.copy(records / "verify-T28.json", records / "verify-T10.json")
    options = ("report", "--only-recorded", "--records", str(records))
    done = run(*options, cwd=tmp_path, **CLEAN)
    assert done.returncode == 3, done.stderr
    assert "6 stale" in done.stdout
    row = next(line for line in done.stdout.splitlines() if " T10 " in line)
    assert "stale" in row
    assert "refused" in row
    row = next(line for line in done.stdout.splitlines() if " T28 " in line)
    assert "rests on T10" in row


def test_a_refuted_theorem_has_its_exit_code(
    records: Path, library: Library, tmp_path: Path
) -> None:
    from support.evidence import keep_verify, verify_content

    folder = RecordFolder(records)
    keep_verify(library, folder, "T24", verify_content(library, "T24", "refuted"))
    options = ("report", "--only-recorded", "--records", str(records), "--quiet")
    assert run(*options, cwd=tmp_path, **CLEAN).returncode == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--out", "no/such/page.html"),
            "out is 'no/such/page.html'; expected a file in",
        ),
        (("--out", ""), "out is ''; expected a file in an existing folder"),
        (("--records", "file"), "records is 'file'; expected a folder, or a new one"),
        (("--budget", "soon"), "budget is 'soon'; expected a duration"),
        (("--seed", "-1"), "invalid value for '--seed'"),
        (("--json", "no/such.json"), "expected a file in an existing folder"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    options: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    done = run("report", *options, cwd=tmp_path, **CLEAN)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert sentence in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
