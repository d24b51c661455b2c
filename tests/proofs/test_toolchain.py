"""proofs/toolchain.py: what is missing, and what is installed on demand."""

import subprocess
from pathlib import Path

import pytest
from support.coq import needs_coq

from landtheory.errors import InputError
from landtheory.proofs import toolchain
from landtheory.proofs.toolchain import (
    PACKAGES,
    MissingCoqError,
    find_toolchain,
    install,
    missing,
)


def program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def coq(folder: Path) -> None:
    """A Coq with Coquelicot alone."""
    for name in ("coqdep", "coqchk"):
        program(folder, name, "exit 0")
    case = f"case $1 in -where) echo {folder};; *) echo 9.0 5.0;; esac"
    program(folder, "coqc", case)
    there = folder / "user-contrib" / "Coquelicot"
    there.mkdir(parents=True)
    (there / "Coquelicot.vo").touch()


def test_what_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert missing() == tuple(PACKAGES)
    coq(tmp_path)
    assert missing() == ("libcoq-mathcomp-algebra", "libcoq-interval")
    with pytest.raises(MissingCoqError) as told:
        find_toolchain()
    assert str(told.value) == (
        "not checked on this machine: libcoq-mathcomp-algebra and libcoq-interval are not "
        "installed; apt-get install libcoq-mathcomp-algebra libcoq-interval"
    )
    assert told.value.lacking == missing()
    for name in ("mathcomp/algebra/ssralg.vo", "Interval/Tactic.vo"):
        path = tmp_path / "user-contrib" / name
        path.parent.mkdir(parents=True)
        path.touch()
    found = find_toolchain()
    assert (found.version, Path(found.coqchk)) == ("9.0 5.0", tmp_path / "coqchk")


def test_installing_runs_apt_get_as_root_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[tuple[str, ...]] = []

    def fake(command: tuple[str, ...], **options: object) -> object:
        ran.append(tuple(command))
        return subprocess.CompletedProcess(command, code, "", "E: no\nE: such package")

    code = 0
    monkeypatch.setattr(toolchain.subprocess, "run", fake)
    monkeypatch.setattr(toolchain.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    install(("coq",))
    assert [one[1] for one in ran] == ["update", "install"]
    assert ran[1][-1] == "coq"
    code = 1
    with pytest.raises(InputError, match="could not install them: E: such package"):
        install(("coq",))
    ran.clear()
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(InputError, match="expected root on Debian"):
        install(("coq",))
    assert ran == []


@needs_coq
def test_the_real_one() -> None:
    found = find_toolchain()
    assert Path(found.coqc).is_file()
    assert len(found.version.split()) == 2
