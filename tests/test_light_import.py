"""What importing landtheory, and asking for help, does not load."""

import subprocess
import sys

import pytest

HEAVY = {
    "flint", "hypothesis", "matplotlib", "numba", "numpy", "scipy", "sklearn", "sympy",
    "torch",
}  # fmt: skip

HELP = """
import sys
from landtheory.cli import app
try:
    app(["--help"])
except SystemExit:
    pass
"""


def loaded(code: str) -> set[str]:
    """Heavy packages in sys.modules after running some code in a new process."""
    tail = (
        "\nimport sys; sys.stderr.write(' '.join(m.split('.')[0] for m in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code + tail], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return HEAVY & set(done.stderr.split())


@pytest.mark.parametrize(
    "code",
    [
        "import landtheory",
        "import landtheory.theory, landtheory.numerics, landtheory.deep",
        "from landtheory import InputError, Status, __version__",
        HELP,
        HELP.replace('"--help"', '"verify", "two-layer", "--help"'),
    ],
)
def test_nothing_heavy_is_loaded(code: str) -> None:
    assert loaded(code) == set()


def test_the_probe_sees_what_is_loaded() -> None:
    assert "sympy" in loaded("import sympy")


def test_using_a_name_loads_its_layer_only() -> None:
    found = loaded("from landtheory.theory import TwoLayerNet")
    assert "sympy" in found
    assert not found & {"numba", "numpy", "scipy", "torch"}
