"""evidence/code.py: what a theorem's code is, and what is the engine's."""

from pathlib import Path

import pytest

from landtheory.evidence.code import Code

FILES = {
    "theory/catalogue/__init__.py": "from .t01 import T01\nfrom .t02 import T02\n",
    "theory/catalogue/t01.py": "from . import laws\nfrom ..rules import rule\n",
    "theory/catalogue/t02.py": "from .t02_sides import sides\n",
    "theory/catalogue/t02_sides.py": "from .laws import law\n",
    "theory/catalogue/laws.py": "law = 1\n",
    "theory/catalogue/some_folklore.py": "from .t02_sides import sides\n",
    "theory/derivations/t01.py": "from ..rules import rule\nfrom .gram import g\n",
    "theory/derivations/gram.py": "from .. import symbols\n",
    "theory/rules.py": "rule = 1\n",
    "theory/symbols.py": "x = 1\n",
    "theory/other.py": "y = 1\n",
    "numerics/judge.py": "from ..theory.rules import rule\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def hashes(root: Path) -> dict[str, str]:
    code = Code(root)
    return {
        "engine": code.engine,
        "T01": code.of_theorem("T01"),
        "T02": code.of_theorem("T02"),
        "folklore": code.of_folklore(),
        "derivation": code.of_derivation("T01"),
    }


@pytest.mark.parametrize(
    ("file", "touched"),
    [
        ("theory/catalogue/t01.py", {"T01"}),
        ("theory/catalogue/t02.py", {"T02"}),
        ("theory/catalogue/t02_sides.py", {"T02", "folklore"}),
        ("theory/catalogue/laws.py", {"T01", "T02", "folklore"}),
        ("theory/catalogue/__init__.py", set()),
        ("theory/derivations/t01.py", {"derivation"}),
        ("theory/derivations/gram.py", {"derivation"}),
        ("theory/symbols.py", {"engine", "derivation"}),
        ("theory/rules.py", {"engine", "derivation"}),
        ("theory/other.py", {"engine"}),
        ("numerics/judge.py", {"engine"}),
    ],
)
def test_a_change_touches_what_rests_on_the_file(
    root: Path, file: str, touched: set[str]
) -> None:
    before = hashes(root)
    (root / file).write_text(FILES[file] + "# changed\n")
    after = hashes(root)
    assert {name for name in before if before[name] != after[name]} == touched


def test_a_new_file_of_the_engine_is_seen(root: Path) -> None:
    before = hashes(root)
    (root / "numerics" / "more.py").touch()
    assert hashes(root)["engine"] != before["engine"]


def test_nothing_changes_by_itself(root: Path) -> None:
    assert hashes(root) == hashes(root)
