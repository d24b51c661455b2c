"""commands/reproduce.py, run as a user runs it, and its page, against the rows it shows."""

import base64
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from support.shell import run
from support.tiny import tiny_preset

from landtheory.cli import app

OPTIONS = ["reproduce", "--claim", "c1", "--preset", "tiny", "--no-progress"]


@pytest.fixture(autouse=True, scope="module")
def tiny() -> Iterator[None]:
    with tiny_preset():
        yield


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reproduce") / "run"
    assert app([*OPTIONS, "--out", str(path), "--quiet"], standalone_mode=False) == 0
    return path


class Elements(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(path: Path) -> Elements:
    return Elements((path / "report.html").read_text(encoding="utf-8"))


def result_of(path: Path) -> dict[str, Any]:
    return json.loads((path / "result.json").read_text(encoding="utf-8"))


def test_the_folder_holds_results_data_figures_and_the_report(out: Path) -> None:
    names = {str(p.relative_to(out)) for p in out.rglob("*") if p.is_file()}
    assert {"manifest.json", "report.html", "result.json"} <= names
    for stage in ("minima", "entropy"):
        assert {f"data/{stage}.csv", f"data/{stage}.json"} <= names
        assert any(name.startswith(f"results/{stage}/") for name in names)
    figures = {name for name in names if name.startswith("figures/")}
    kinds = ("csv", "json", "png", "svg")
    assert figures == {f"figures/accuracy.{kind}" for kind in kinds}
    assert not [name for name in names if "/." in name or name.startswith(".")]


def test_the_data_of_a_figure_are_the_rows_that_were_measured(out: Path) -> None:
    rows = json.loads((out / "data/minima.json").read_text(encoding="utf-8"))
    shown = json.loads((out / "figures/accuracy.json").read_text(encoding="utf-8"))
    assert [row["accuracy"] for row in shown] == [row["accuracy"] for row in rows]
    text = (out / "data/minima.csv").read_text(encoding="utf-8")
    table = list(csv.DictReader(io.StringIO(text)))
    assert [float(row["trace"]) for row in table] == [row["trace"] for row in rows]
    # lists of numbers are in the JSON alone
    assert "eigenvalues" not in table[0]
    assert len(rows[0]["eigenvalues"]) == 200


def test_the_figures_are_pictures(out: Path) -> None:
    assert (out / "figures/accuracy.png").read_bytes().startswith(b"\x89PNG")
    root = ET.fromstring((out / "figures/accuracy.svg").read_bytes())  # noqa: S314 - our own
    assert root.tag.endswith("svg")


def test_the_page_loads_nothing_and_runs_nothing(out: Path) -> None:
    page = page_of(out)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "iframe", "link", "object", "embed", "form", "base"}
    policy = [a for tag, a in page.tags if a.get("http-equiv")]
    assert "default-src 'none'" in str(policy[0]["content"])
    assert any(a.get("name") == "viewport" for _, a in page.tags)
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")]
        if "src" in attributes:
            assert tag == "img"
            start, data = str(attributes["src"]).split(",")
            assert start == "data:image/svg+xml;base64"
            ET.fromstring(base64.b64decode(data))  # noqa: S314 - our own
            assert attributes["alt"]


def test_the_page_says_what_the_record_says(out: Path) -> None:
    page, record = page_of(out), result_of(out)
    (finding,) = record["findings"]
    assert finding["claim"] == "C1"
    for text in (finding["finding"], finding["sentence"], *finding["breaks"]):
        assert text in page.text
    for test in finding["tests"]:
        assert test["name"] in page.text
        assert test["threshold"] in page.text
    for one in record["thresholds"]:
        assert one["reason"] in page.text
    assert record["invocation"] in page.text
    assert (
        record["invocation"] == "landtheory reproduce --claim C1 --preset tiny --seed 0"
    )


def test_text_in_the_record_is_escaped_on_the_page(out: Path) -> None:
    from landtheory.reproduce_page import reproduce_page

    record = result_of(out)
    payload = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"
    record["findings"][0] |= {
        "sentence": payload, "breaks": [payload], "notes": [payload], "title": payload,
        "conditions": [payload], "statement": payload,
    }  # fmt: skip
    record["methods"]["device"] = record["invocation"] = record["version"] = payload
    record["findings"][0]["tests"][0] |= {"name": payload, "note": payload}
    page = Elements(reproduce_page(record, ()))
    assert not [tag for tag, _ in page.tags if tag in ("script", "img")]
    assert page.text.count(payload) >= 8


def test_a_complete_run_is_shown_again_and_not_run(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (out / "result.json").read_bytes()
    options = [*OPTIONS, "--out", str(out), "--resume"]
    assert app([*options, "--json", "-"], standalone_mode=False) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(before)
    assert app(options, standalone_mode=False) == 0
    text = capsys.readouterr().out
    for words in ("Bad minima exist", "Test accuracy by attack fraction", "1 claim: "):
        assert words in text
    assert (out / "result.json").read_bytes() == before


def test_the_same_run_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    """All but its own path and its timing."""
    again = tmp_path / "again"
    assert app([*OPTIONS, "--out", str(again), "--quiet"], standalone_mode=False) == 0
    assert files_of(again) == files_of(out)


KILLED = """
import os, signal, sys
from support.tiny import tiny_preset
from landtheory.cli import app

left, replace = int(sys.argv[1]), os.replace

def dying(source, target, **others):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(source, target, **others)

os.replace = dying
with tiny_preset():
    app(sys.argv[2:])
"""
"""A run whose process is killed as it is about to put its k-th file in place."""


def killed_at(k: int, *options: str) -> int:
    """The return code; -9 for a process that was killed."""
    tests = str(Path(__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(k), *options],
        env={**os.environ, "PYTHONPATH": tests},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def test_a_run_that_is_killed_again_and_again_gives_the_same_folder(
    out: Path, tmp_path: Path
) -> None:
    """By SIGKILL at its manifest, among its results, its figures, and its last file."""
    folder = tmp_path / "killed"
    options = [*OPTIONS, "--out", str(folder), "--quiet", "--resume"]
    assert killed_at(1, *options) == -signal.SIGKILL
    assert not (folder / "manifest.json").exists()
    of = len([path for path in out.rglob("*") if path.is_file()])
    for k in (4, of // 2):
        assert killed_at(k, *options) == -signal.SIGKILL
        assert not (folder / "result.json").exists()
    written = len(list(folder.rglob("*.safetensors")))
    assert written > 3
    assert killed_at(0, *options) == 0
    assert files_of(folder) == files_of(out)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file, but for the path of the folder and the timing."""
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    record = json.loads(found["result.json"])
    del record["timing"], record["report"]
    return found | {"result.json": json.dumps(record).encode()}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--claim", "C1,C9"),
            "claim is 'C9'; expected some of C1, C2, C3, C4, C4b, C5, C6, C7, C8",
        ),
        (("--preset", "slow"), "preset is 'slow'; expected one of quick, full"),
        (
            ("--json", "missing/result.json"),
            "json is 'missing/result.json'; expected a file in an existing folder, or -",
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    tmp_path: Path, options: tuple[str, str], sentence: str
) -> None:
    done = run("reproduce", *options, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"landtheory: {sentence}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_a_run_needs_resume(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = (
        f"out is {str(out)!r}; expected a folder without a run: pass --resume to go on "
        "with it, or name another"
    )
    with pytest.raises(SystemExit) as stopped:
        app([*OPTIONS, "--out", str(out)])
    assert stopped.value.code == 2
    assert capsys.readouterr().err == f"landtheory: {sentence}\n"


def test_the_summary_counts_the_words() -> None:
    from landtheory.reproduce_report import summary

    words = ["held", "not found", "held", "not measurable here"]
    record = {"findings": [{"finding": word} for word in words], "seed": 4}
    text = summary(record)
    assert text == "4 claims: 2 held, 1 not found, 1 not measurable here; seed 4"
    assert re.search("; see a/b$", summary(record | {"report": "a/b"}))
