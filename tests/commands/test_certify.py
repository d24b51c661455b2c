"""commands/certify.py, run as a user runs it."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from support.inline import called
from support.shell import run

from landtheory import __version__


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("certificates") / "six.json"
    done = run("certify", "spurious-minimum", "--k", "6", "--out", str(target))
    assert done.returncode == 0, done.stderr
    assert "λ_max, global minimum" in done.stdout
    assert done.stdout.count("│ ok │") == 7
    assert done.stdout.splitlines()[-1].startswith("certified, k = 6: exactly one ")
    return target


def test_a_certificate_is_checked_anew(certificate: Path) -> None:
    done = run("certify", "check", str(certificate))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("│ ok │") == 7
    assert done.stdout.splitlines()[-1] == (
        "certified, k = 6: exactly one critical point has every entry within 1e-40 of "
        "the centre's, and it is a strict local minimum that is not global"
    )


def test_the_record_holds_the_certificate(
    capsys: pytest.CaptureFixture[str], certificate: Path
) -> None:
    done = called(
        capsys, "certify", "spurious-minimum", "--k", "6", "--json", "-", "--seed", "0"
    )
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["command"] == "certify spurious-minimum"
    assert record["version"] == __version__
    assert record["settings"] == {"k": 6, "starts": 40}
    assert (record["seed"], record["status"]) == (0, "certified")
    assert record["certificate"] == json.loads(certificate.read_text(encoding="utf-8"))
    assert [check["passed"] for check in record["checks"]] == [True] * 7
    spurious, best = record["certificate"]["lambda_max"], record["global_lambda_max"]
    assert Decimal(spurious[1]) < Decimal(best[0])


def test_a_certificate_that_does_not_hold_is_told_with_a_reason(
    capsys: pytest.CaptureFixture[str], certificate: Path, tmp_path: Path
) -> None:
    record = json.loads(certificate.read_text(encoding="utf-8"))
    spoilt = tmp_path / "spoilt.json"
    for changes, reason in (
        ({"radius": "1e-3"}, "not valid, "),
        ({"precision": 53}, "not valid, exactly one critical point in the box: "),
        ({"loss": ["0.025", "0.02501"]}, "not valid, loss, and positive: L is [0.02508"),
        ({"lambda_min": ["0.005", "0.006"]},
         "not valid, λ_min from below: pivot 32 of 36 is not certainly positive"),
    ):  # fmt: skip
        spoilt.write_text(json.dumps(record | changes), encoding="utf-8")
        done = called(capsys, "certify", "check", str(spoilt), "--quiet")
        assert done.returncode == 1, done.stderr
        assert done.stdout.startswith(reason)
        assert len(done.stdout.splitlines()) == 1


def test_the_teacher_is_no_certificate(
    capsys: pytest.CaptureFixture[str], certificate: Path, tmp_path: Path
) -> None:
    record = json.loads(certificate.read_text(encoding="utf-8"))
    record["centre"] = [[f"{int(i == j)}.0" for j in range(6)] for i in range(6)]
    target = tmp_path / "teacher.json"
    target.write_text(json.dumps(record), encoding="utf-8")
    done = called(capsys, "certify", "check", str(target), "--json", "-")
    assert done.returncode == 1, done.stderr
    found = json.loads(done.stdout)
    assert found["status"] == "not valid"
    assert found["global_lambda_max"] is None
    assert [check["name"] for check in found["checks"]] == ["∇²L exists on the box"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"k": NaN}', "\0\xff"])
def test_an_unreadable_file_is_bad_input(
    capsys: pytest.CaptureFixture[str], content: str, tmp_path: Path
) -> None:
    target = tmp_path / "harmed.json"
    target.write_text(content, encoding="latin-1")
    done = called(capsys, "certify", "check", str(target))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("landtheory: certificate")
    assert len(done.stderr.splitlines()) == 1


def test_no_minimum_found_is_undecided(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "none.json"
    done = called(
        capsys,
        "certify",
        "spurious-minimum",
        "--k",
        "5",
        "--starts",
        "7",
        "--out",
        str(target),
    )
    assert done.returncode == 3, done.stderr
    assert done.stdout == (
        "undecided, k = 5: 7 starts led to no spurious minimum, which does not prove that "
        "there is none\n"
    )
    assert not target.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--k", "2"), "k is 2; expected an integer from 3 to 24"),
        (("--k", "25"), "k is 25; expected an integer from 3 to 24"),
        (("--k", "6", "--out", "/no/such/folder/c.json"),
         "out is '/no/such/folder/c.json'; expected a file in an existing folder"),
        (("--k", "6", "--json", ""), "json is ''; expected a file in an existing folder"),
        (("--k", "6", "--seed", "-1"), "invalid value for '--seed'"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], sentence: str
) -> None:
    done = called(capsys, "certify", "spurious-minimum", *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
