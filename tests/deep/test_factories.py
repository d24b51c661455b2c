"""deep/factories.py: the user's files, run once and without traces, and their faults."""

import re
import sys
import types
from pathlib import Path

import pytest

from landtheory.deep.factories import (
    call_factory,
    first_line,
    is_factory,
    optional_module,
)
from landtheory.errors import InputError


def write(folder: Path, text: str, name: str = "net.py") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def refused(sentence: str) -> "pytest.RaisesExc[InputError]":
    return pytest.raises(InputError, match=f"^{re.escape(sentence)}$")


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("net.py:make", True),
        ("a/b.py:f", True),
        ("C:\\net.py:make", True),
        ("net.py", False),
        ("tv:resnet18", False),
        ("resnet", False),
    ],
)
def test_the_form_of_an_address(address: str, *, answer: bool) -> None:
    assert is_factory(address) is answer


def test_a_factory_gets_the_arguments_that_it_names(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "def none(): return 'none'\n"
        "def one(*, shape): return shape\n"
        "def both(classes, shape=None): return classes, shape\n"
        "def every(**options): return options\n"
        "def default(width=3): return width\n",
    )
    offered = {"shape": (1, 8, 8), "classes": 10}
    results = {
        name: call_factory(f"{path}:{name}", what="model", **offered)
        for name in ("none", "one", "both", "every", "default")
    }
    assert results == {
        "none": "none",
        "one": (1, 8, 8),
        "both": (10, (1, 8, 8)),
        "every": offered,
        "default": 3,
    }


def test_a_callable_without_a_signature_gets_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "make = dict\n")
    assert call_factory(f"{path}:make", what="model", shape=(2,)) in (
        {},
        {"shape": (2,)},
    )


def test_the_module_has_a_private_name_and_classes_find_it(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "import sys\n"
        "from dataclasses import dataclass\n"
        "@dataclass\n"
        "class Made:\n"
        "    size: 'int' = 3\n"
        "def make(): return Made()\n",
        "json.py",
    )
    import json

    made = call_factory(f"{path}:make", what="model")
    assert made.size == 3
    name = type(made).__module__
    assert re.fullmatch(r"_landtheory_factory_[0-9a-f]{16}", name)
    assert sys.modules["json"] is json


def test_neighbours_can_be_imported_but_shadow_nothing(tmp_path: Path) -> None:
    write(tmp_path, "answer = 42\n", "beside_the_factory.py")
    write(tmp_path, "raise RuntimeError\n", "fractions.py")
    path = write(
        tmp_path,
        "import beside_the_factory, fractions\n"
        "def make(): return beside_the_factory.answer, fractions.Fraction(1, 2)\n",
    )
    before = list(sys.path)
    try:
        answer, half = call_factory(f"{path}:make", what="model")
    finally:
        sys.modules.pop("beside_the_factory", None)
    assert (answer, float(half)) == (42, 0.5)
    assert sys.path == before


def test_nothing_is_written_beside_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "def make(): return 1\n")
    before = sys.dont_write_bytecode
    call_factory(f"{path}:make", what="model")
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.py"]
    assert sys.dont_write_bytecode == before


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "none.py")
    sentence = (
        f"model is '{path}:make'; expected an existing file: there is none at {path!r}"
    )
    with refused(sentence):
        call_factory(f"{path}:make", what="model")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "", "net.txt")
    with refused(f"model is '{path}:make'; expected a Python file"):
        call_factory(f"{path}:make", what="model")


@pytest.mark.parametrize(
    ("text", "defines"),
    [
        ("def other(): pass\nclass Net: pass\n_hidden = print\n", "other, Net"),
        ("make = 3\n", None),
    ],
)
def test_an_absent_function_is_refused(
    tmp_path: Path, text: str, defines: str | None
) -> None:
    path = write(tmp_path, text)
    sentence = (
        f"data is '{path}:make'; expected the name of a function in {path}: it defines "
        f"{defines or 'none'}"
    )
    with refused(sentence):
        call_factory(f"{path}:make", what="data")


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("raise ValueError('bad width.\\nmore')", "ValueError: bad width"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("def f(:", "SyntaxError: invalid syntax (net.py, line 1)"),
        ("import not_a_module", "ModuleNotFoundError: No module named 'not_a_module'"),
        ("raise RuntimeError", "RuntimeError"),
    ],
)
def test_a_file_that_raises_is_refused_in_one_sentence(
    tmp_path: Path, text: str, raised: str
) -> None:
    path = write(tmp_path, text)
    before = set(sys.modules), list(sys.path)
    sentence = (
        f"model is '{path}:make'; expected a file that can be imported, but it raised "
        f"{raised}"
    )
    with refused(sentence):
        call_factory(f"{path}:make", what="model")
    assert (set(sys.modules), list(sys.path)) == before


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("def make(): raise ValueError('no GPU')", "ValueError: no GPU"),
        ("def make(): raise SystemExit('stop')", "SystemExit: stop"),
    ],
)
def test_a_factory_that_raises_is_refused_in_one_sentence(
    tmp_path: Path, text: str, raised: str
) -> None:
    path = write(tmp_path, text)
    sentence = f"model is '{path}:make'; expected a factory that returns, but it raised {raised}"
    with refused(sentence):
        call_factory(f"{path}:make", what="model")


def test_an_interruption_passes(tmp_path: Path) -> None:
    path = write(tmp_path, "def make(): raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        call_factory(f"{path}:make", what="model")


def test_a_long_message_is_cut() -> None:
    assert first_line(ValueError("x" * 1000)) == "ValueError: " + "x" * 300


def test_an_optional_module_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = types.ModuleType("timm")
    monkeypatch.setitem(sys.modules, "timm", stand_in)
    assert optional_module("timm", what="model", name="timm:x") is stand_in


@pytest.mark.parametrize("module", ["timm", "torchvision.models"])
def test_an_absent_package_comes_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    package = module.partition(".")[0]
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    sentence = (
        f"model is 'x:y'; expected the package {package}, which is not installed: "
        f"pip install {package}"
    )
    with refused(sentence):
        optional_module(module, what="model", name="x:y")


def test_a_broken_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken_package.py").write_text("raise OSError('wrong libc')")
    monkeypatch.syspath_prepend(tmp_path)
    sentence = (
        "data is 'tv:X'; expected the package broken_package, but importing it raised "
        "OSError: wrong libc"
    )
    with refused(sentence):
        optional_module("broken_package", what="data", name="tv:X")
