"""Coq on this machine: where it is, which version, and what is missing."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import InputError, LandtheoryError
from .processes import clean_environment

__all__ = [
    "PACKAGES",
    "MissingCoqError",
    "Toolchain",
    "find_toolchain",
    "install",
    "missing",
]

PACKAGES: Final = {
    "coq": None,
    "libcoq-mathcomp-algebra": "mathcomp/algebra/ssralg.vo",
    "libcoq-coquelicot": "Coquelicot/Coquelicot.vo",
    "libcoq-interval": "Interval/Tactic.vo",
}
"""Debian's packages, each with a file that shows that it, or its like, is there."""

INSTALL = ("apt-get", "install", "-y", "--no-install-recommends")


class MissingCoqError(LandtheoryError):
    """Coq, or a library that the proofs use, is not on this machine.

    Parameters
    ----------
    lacking : tuple of str
        Debian packages.
    """

    def __init__(self, lacking: tuple[str, ...]) -> None:
        what = "coqc is" if "coq" in lacking else f"{' and '.join(lacking)} "
        if "coq" not in lacking:
            what += "is" if len(lacking) == 1 else "are"
        super().__init__(
            f"not checked on this machine: {what} not installed; "
            f"apt-get install {' '.join(lacking)}"
        )
        self.lacking = lacking


@dataclass(frozen=True)
class Toolchain:
    """What compiles and checks.

    Attributes
    ----------
    coqc, coqdep, coqchk : str
        The programs.
    version : str
        Of Coq and of the OCaml that it was compiled with.
    libraries : str
        SHA-256 over files of the libraries that the proofs use: others compile anew.
    """

    coqc: str
    coqdep: str
    coqchk: str
    version: str
    libraries: str


def find_toolchain() -> Toolchain:
    """Coq and the libraries that the proofs use.

    Raises
    ------
    MissingCoqError
        If something is missing; its sentence says what.
    """
    lacking = missing()
    if lacking:
        raise MissingCoqError(lacking)
    coqc = str(shutil.which("coqc"))
    total = hashlib.sha256()
    for file in filter(None, PACKAGES.values()):
        total.update((_contributed(coqc) / file).read_bytes())
    return Toolchain(
        coqc=coqc,
        coqdep=_beside(coqc, "coqdep"),
        coqchk=_beside(coqc, "coqchk"),
        version=_ask(coqc, "--print-version"),
        libraries=total.hexdigest(),
    )


def missing() -> tuple[str, ...]:
    """Debian packages that are not there, in part or in whole."""
    coqc = shutil.which("coqc")
    if coqc is None or not all(shutil.which(p) for p in ("coqdep", "coqchk")):
        return tuple(PACKAGES)
    contributed = _contributed(coqc)
    return tuple(
        package
        for package, file in PACKAGES.items()
        if file is not None and not (contributed / file).is_file()
    )


def install(lacking: tuple[str, ...]) -> None:
    """Install Debian packages.

    Raises
    ------
    InputError
        If this is not root on Debian, or apt-get fails: the sentence says what to do.
    """
    order = f"apt-get install {' '.join(lacking)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise InputError(
            f"missing are {', '.join(lacking)}; expected root on Debian to install "
            f"them: {order}"
        )
    quiet = {**clean_environment(), "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "-q"), (*INSTALL, *lacking)):
        done = subprocess.run(  # noqa: S603 - our own command line
            command, env=quiet, capture_output=True, text=True, check=False
        )
        # a list of packages that cannot be renewed may still name what is asked for
        if done.returncode and command[1] == "install":
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise InputError(
                f"missing are {', '.join(lacking)}; apt-get could not install them: "
                f"{' '.join(last)}"
            )


def _contributed(coqc: str) -> Path:
    return Path(_ask(coqc, "-where")) / "user-contrib"


def _beside(coqc: str, name: str) -> str:
    found = Path(coqc).with_name(name)
    return str(found) if found.is_file() else str(shutil.which(name))


def _ask(*command: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own command line
        command, env=clean_environment(), capture_output=True, text=True, check=False
    )
    return done.stdout.strip()
