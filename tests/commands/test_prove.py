"""commands/prove.py, run as a user runs it, on the small library of tests/proofs."""

import json
from pathlib import Path

import pytest
from support.coq import LIBRARY, changed, needs_coq, small, write
from support.inline import called
from support.shell import run

from landtheory import __version__
from landtheory.proofs import toolchain


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("prove"))


@needs_coq
def test_all_is_proved(cache: str, tmp_path: Path) -> None:
    target = tmp_path / "proofs.json"
    done = run(
        "prove", "--library", str(LIBRARY), "--cache", cache, "--json", str(target)
    )
    assert done.returncode == 0, done.stderr
    rows = [line.split("│") for line in done.stdout.splitlines() if "│" in line]
    cells = [[cell.strip() for cell in row[1:-1]] for row in rows]
    assert [[*row[:5], row[6]] for row in cells] == [
        ["T06", "3", "Statements.v:16-28", "reals", "1", "checked"],
        ["T07", "2", "Statements.v:18-24", "reals", "2", "checked"],
        ["R03", "1", "Statements.v:31-31", "none", "0", "checked"],
    ]
    assert done.stdout.splitlines()[-1] == (
        "checked: 3 of 3 theorems, 9 of 9 statements checked, axioms: reals, mutants not "
        "tried (--check), 3 statements without a mutant of their own, "
        "coqchk not run (--check)"
    )
    record = json.loads(target.read_text(encoding="utf-8"))
    assert (record["command"], record["version"]) == ("prove", __version__)
    assert (record["status"], record["settings"]) == ("checked", {"theorems": []})


@needs_coq
def test_statements_are_shown_in_full(cache: str) -> None:
    done = run("prove", "T07", "R03", "--library", str(LIBRARY), "--cache", cache)
    assert done.returncode == 0, done.stderr
    for line in (
        "T07b_gt0  Statements.v:24-24",
        "  Hypothesis c0 : 0 < c.",
        "  forall x, 0 <= x -> 0 < mean x c",
        "  covers: T07(b.1)",
        "  covers: T06(b), part of T07(b.1)",
        "  lemma: mean_gt0 in Means.v",
        "  premises: (0 < c); (0 <= x)",
        "  premises hold in: E_T07b_gt0",
        "  axioms: none",
    ):
        assert line in done.stdout.splitlines()
    assert "T06_le" not in done.stdout
    assert "2 of 2 theorems, 3 of 3 statements checked" in done.stdout.splitlines()[-1]


@needs_coq
def test_what_is_refused_ends_in_1(cache: str, tmp_path: Path) -> None:
    piece = changed("Definition E_T06_le := @T06_le 0 1 le01.", "", file="NonVacuity")
    folder = str(write(piece, tmp_path / "library"))
    common = ("--library", folder, "--cache", cache)
    done = run("prove", *common, "--quiet")
    assert done.returncode == 1
    assert done.stdout.startswith("refused: 2 of 3 theorems, 8 of 9 statements checked")
    done = run("prove", "T06", *common, "--json", "-")
    assert done.returncode == 1
    record = json.loads(done.stdout)
    assert record["status"] == "refused"
    assert record["statements"]["T06_le"]["refused"] == [
        "T06_le has hypotheses, and NonVacuity.v has no E_T06_le"
    ]
    # what was asked for is not concerned
    assert run("prove", "R03", *common).returncode == 0
    done = run("prove", "T29", *common)
    assert done.returncode == 1
    assert "refused: T29 has no formal statement" in done.stdout.splitlines()


@needs_coq
def test_the_check_tries_mutants_and_the_kernel(cache: str) -> None:
    common = ("--library", str(LIBRARY), "--cache", cache, "--quiet", "--jobs", "1")
    done = run("prove", "--check", *common)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(
        "5 of 5 mutants refused (2 of a definition, 2 of a hypothesis, 1 of a statement), "
        "3 statements without a mutant of their own, coqchk accepts\n"
    )


@needs_coq
def test_a_surviving_mutant_ends_in_1(cache: str, tmp_path: Path) -> None:
    folder = write(small(), tmp_path / "library")
    row = {
        "file": "Means.v", "find": "Lemma meanE", "replace": "Lemma meanF",
        "kind": "definition",
    }  # fmt: skip
    (folder / "mutants.json").write_text(json.dumps([row]), encoding="utf-8")
    common = ("--library", str(folder), "--cache", cache)
    done = run("prove", "--check", "T06", *common)
    assert done.returncode == 1
    assert "'Lemma meanE' → 'Lemma meanF' survives" in " ".join(done.stdout.split())


def test_bad_input_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for options, sentence in (
        (("T00",), "theorem is 'T00'; expected one of T01"),
        (("T06", "R02"), "theorem is 'R02'; expected one of T01"),
        (("T06,",), "option value is 'T06,'; expected names between commas"),
        (("--jobs", "0"), "invalid value for '--jobs'"),
        (("--json", ""), "json is ''; expected a file in an existing folder, or -"),
    ):
        done = called(capsys, "prove", *options)
        assert done.returncode == 2
        assert sentence in done.stderr


@needs_coq
def test_a_folder_without_a_library(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = called(capsys, "prove", "--library", str(tmp_path))
    assert done.returncode == 2
    assert "expected a folder with .v files and a _CoqProject" in done.stderr


def test_without_coq_nothing_is_green(tmp_path: Path) -> None:
    target = tmp_path / "proofs.json"
    done = run("prove", "T06", "--json", str(target), PATH=str(tmp_path))
    assert done.returncode == 4
    assert done.stdout == ""
    assert done.stderr == (
        "landtheory: not checked on this machine: coqc is not installed; apt-get install "
        "coq libcoq-mathcomp-algebra libcoq-coquelicot libcoq-interval\n"
    )
    record = json.loads(target.read_text(encoding="utf-8"))
    assert record["status"] == "not checked on this machine"
    assert record["settings"] == {"theorems": ["T06"]}


def test_only_root_can_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = ("coq", "libcoq-interval")
    monkeypatch.setattr(toolchain, "missing", lambda: lacking)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    done = called(capsys, "prove", "--install")
    assert done.returncode == 2
    assert done.stderr == (
        "landtheory: missing are coq, libcoq-interval; expected root on Debian to install "
        "them: apt-get install coq libcoq-interval\n"
    )
    monkeypatch.setattr(toolchain, "missing", lambda: ())
    assert called(capsys, "prove", "--install").returncode == 0
