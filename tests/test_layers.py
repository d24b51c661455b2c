"""The import layers are kept, and the contract sees a violation."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def contracts(folder: Path, package: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache", "--config", folder / package],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip


def test_the_layers_are_kept() -> None:
    done = contracts(ROOT, "pyproject.toml")
    assert done.returncode == 0, done.stdout


def test_an_import_upwards_is_seen(tmp_path: Path) -> None:
    package = tmp_path / "rooms"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "lower.py").write_text("from . import upper\n")
    (package / "upper.py").touch()
    (tmp_path / "rules.toml").write_text(
        '[tool.importlinter]\nroot_package = "rooms"\n'
        "[[tool.importlinter.contracts]]\n"
        'name = "layers"\ntype = "layers"\nlayers = ["rooms.upper", "rooms.lower"]\n'
    )
    done = contracts(tmp_path, "rules.toml")
    assert done.returncode == 1
    assert "rooms.lower is not allowed to import rooms.upper" in done.stdout
