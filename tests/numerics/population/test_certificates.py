"""numerics/population/certificates.py: written, read back, and refused where harmed."""

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.spurious import certified

from landtheory.errors import InputError
from landtheory.numerics.population.certificates import (
    Certificate,
    certificate_record,
    read_certificate,
)
from landtheory.numerics.population.checker import verify
from landtheory.records import to_json


@pytest.fixture
def text() -> str:
    return to_json(certificate_record(certified().certificate))


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "certificate.json"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def changed(text: str, **changes: Any) -> str:
    return json.dumps(json.loads(text) | changes)


def test_what_is_written_is_read_back(text: str, tmp_path: Path) -> None:
    found = read_certificate(written(tmp_path, text))
    assert found == certified().certificate
    assert isinstance(found, Certificate)


INVERSE = "expected 'float64 inverse of the Hessian at the centre'"
FIELDS = (
    "centre, format, k, lambda_max, lambda_min, loss, precision, preconditioner, "
    "radius, seed, versions"
)
DECIMALS = "expected a lower and an upper decimal"


@pytest.mark.parametrize(
    ("changes", "defect"),
    [
        ({"format": "1"}, "another format; expected 'landtheory spurious minimum 1'"),
        ({"k": 6.0}, "k of another kind; expected an integer from 1 to 24"),
        ({"k": True}, "k of another kind; expected an integer from 1 to 24"),
        ({"k": 25}, "k of another kind; expected an integer from 1 to 24"),
        ({"k": "6"}, "k of another kind; expected an integer from 1 to 24"),
        ({"k": 5}, "centre of another shape; expected 5 rows of 5 decimals"),
        ({"centre": []}, "centre of another shape; expected 6 rows of 6 decimals"),
        ({"centre": 1}, "centre of another kind; expected rows of decimals, such as '0.25'"),
        ({"centre": [[0.5]]},
         "centre of another kind; expected rows of decimals, such as '0.25'"),
        ({"centre": [["1e5"]]},
         "centre of another kind; expected rows of decimals, such as '0.25'"),
        ({"centre": [["NaN"]]},
         "centre of another kind; expected rows of decimals, such as '0.25'"),
        ({"centre": [["٠.٥"]]},
         "centre of another kind; expected rows of decimals, such as '0.25'"),
        ({"centre": [["0.5\n"]]},
         "centre of another kind; expected rows of decimals, such as '0.25'"),
        ({"centre": [["0." + "1" * 301]]},
         "centre of another kind; expected rows of decimals, such as '0.25'"),
        ({"radius": 1e-40},
         "radius of another kind; expected a power of ten, such as '1e-40'"),
        ({"radius": "1e-9999"},
         "radius of another kind; expected a power of ten, such as '1e-40'"),
        ({"radius": "0e-40"},
         "radius of another kind; expected a power of ten, such as '1e-40'"),
        ({"radius": "-1e-40"},
         "radius of another kind; expected a power of ten, such as '1e-40'"),
        ({"precision": 10**9},
         "precision of another kind; expected an integer from 2 to 1024"),
        ({"precision": 1},
         "precision of another kind; expected an integer from 2 to 1024"),
        ({"preconditioner": "none"}, f"preconditioner of another kind; {INVERSE}"),
        ({"loss": ["0.1"]}, f"loss of another kind; {DECIMALS}"),
        ({"loss": {"0.1": "0.2"}}, f"loss of another kind; {DECIMALS}"),
        ({"lambda_min": None}, f"lambda_min of another kind; {DECIMALS}"),
        ({"lambda_max": ["0.1", "inf"]}, f"lambda_max of another kind; {DECIMALS}"),
        ({"seed": -1}, "seed of another kind; expected an integer from 0 to 2**64"),
        ({"versions": ["1"]}, "versions of another kind; expected names with short texts"),
        ({"versions": {"a": "1" * 81}},
         "versions of another kind; expected names with short texts"),
        ({"more": 1}, f"more missing or too much; expected {FIELDS}"),
    ],
)  # fmt: skip
def test_what_is_no_certificate_is_refused(
    changes: dict[str, Any], defect: str, text: str, tmp_path: Path
) -> None:
    path = written(tmp_path, changed(text, **changes))
    sentence = f"certificate {str(path)!r} has {defect}"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        read_certificate(path)


@pytest.mark.parametrize("name", ["k", "centre", "radius", "loss", "seed", "versions"])
def test_a_missing_field_is_named(name: str, text: str, tmp_path: Path) -> None:
    record = json.loads(text)
    del record[name]
    with pytest.raises(InputError, match=f" has {name} missing or too much; "):
        read_certificate(written(tmp_path, json.dumps(record)))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"NaN",
        b'{"k": NaN}',
        b'{"k": Infinity}',
        b'{"k": ' + b"9" * 5000 + b"}",
        b'{"k": 1, "k": 2}',
        b"[" * 100_000,
        b'{"format": ' * 50_000,
    ],
)
def test_what_is_no_json_is_refused(content: bytes, tmp_path: Path) -> None:
    path = written(tmp_path, content)
    sentence = (
        f"certificate is {str(path)!r}, which is no JSON; expected a file that certify "
        "wrote, unharmed"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        read_certificate(path)


@pytest.mark.parametrize("content", [b"[]", b"1", b'"text"', b"null", b"{}"])
def test_json_of_another_shape_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r" has another format; expected 'landtheory "):
        read_certificate(written(tmp_path, content))


def test_a_file_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, b" " * (2**20 + 1))
    sentence = (
        f"certificate is {str(path)!r}, of more than 1048576 bytes; expected fewer"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        read_certificate(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, tmp_path / "none", pipe, Path("/dev/zero")):
        sentence = f"certificate is {str(path)!r}; expected a file that certify wrote"
        with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
            read_certificate(path)


def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    for name in ("a\0b", "a" * 5000):
        with pytest.raises(InputError, match=r"^certificate is '"):
            read_certificate(tmp_path / name)


def test_a_file_that_cannot_be_opened_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    path = written(tmp_path, text)
    monkeypatch.setattr(Path, "open", refused)
    sentence = (
        f"certificate is {str(path)!r}; expected a readable file: permission denied"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        read_certificate(path)


def test_harmed_files_are_refused_or_fail_or_are_true(
    text: str, tmp_path: Path
) -> None:
    """Random bytes replaced, and the end cut off: never an error of another kind."""
    rng, content = np.random.default_rng(0), text.encode()
    outcomes = {"refused": 0, "failed": 0, "passed": 0}
    for trial in range(120):
        harmed = bytearray(content)
        if trial % 4 == 0:
            del harmed[int(rng.integers(len(harmed))) :]
        else:
            # every other time a digit, which leaves a certificate
            choice = b"0123456789" if trial % 2 else bytes(range(32, 127))
            harmed[int(rng.integers(len(harmed)))] = int(rng.choice(list(choice)))
        try:
            found = read_certificate(written(tmp_path, bytes(harmed)))
        except InputError:
            outcomes["refused"] += 1
            continue
        passed = all(check.passed for check in verify(found))
        outcomes["passed" if passed else "failed"] += 1
    # what passes has lost a digit beyond the radius, or a letter of the versions
    assert outcomes["refused"] > 40
    assert outcomes["failed"] > 20
    assert outcomes["passed"] < 25
