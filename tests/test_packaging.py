"""The wheel and the layout: what is packed, and that it works elsewhere."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = {"tests", "benchmarks", "build", "dist"}


def settings() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_listed() -> None:
    found = {
        ".".join(("landtheory", *path.parent.relative_to(ROOT).parts))
        for path in ROOT.rglob("__init__.py")
        if not any(
            part in SKIPPED or part.startswith(".")
            for part in path.relative_to(ROOT).parts
        )
    }
    assert found == set(settings()["tool"]["setuptools"]["packages"])


def test_every_dependency_is_pinned() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower()
    project = settings()["project"]
    extras = project["optional-dependencies"]
    for requirement in sum(extras.values(), project["dependencies"]):
        name = requirement.split(">")[0].lower()
        assert f"\n{name}==" in "\n" + pins, name


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, source],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_package_alone(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    roots = {name.split("/")[0] for name in names}
    assert "landtheory" in roots
    assert all(r == "landtheory" or r.endswith(".dist-info") for r in roots)
    assert "landtheory/py.typed" in names
    assert not [n for n in names if "tests" in n or "benchmarks" in n]
    proofs = {path.name for path in (ROOT / "proofs").glob("*.v")}
    proofs |= {"_CoqProject", *(p.name for p in (ROOT / "proofs").glob("mutants.json"))}
    packed = {n.split("/")[2] for n in names if n.startswith("landtheory/proofs/")}
    assert proofs == {name for name in packed if not name.endswith(".py")}


def test_the_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import landtheory;"
        "print(landtheory.__file__);"
        "from landtheory.theory import TwoLayerNet;"
        "print(TwoLayerNet('tanh').block('b', 'c'));"
        "from landtheory.cli import app; app(['theorems', 'T06', '--format', 'json'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "site"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout.splitlines()[0]
    assert '"T06"' in done.stdout
