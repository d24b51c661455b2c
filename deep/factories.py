"""Code that is not ours: `path.py:factory`, and packages that are optional.

Importing a file runs it. That is what the user asks for by naming the file, as in
`python path.py`; an address is never taken from a checkpoint, a configuration or a
folder's content.
"""

import hashlib
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import InputError

__all__ = ["call_factory", "first_line", "is_factory", "optional_module"]


def is_factory(address: str) -> bool:
    """Whether the text has the form `path.py:factory`."""
    path, colon, _ = address.rpartition(":")
    return bool(colon) and path.endswith(".py")


def call_factory(address: str, *, what: str, **offered: Any) -> Any:
    """Import a file and call the factory in it.

    The file becomes a module of a private name, so that it cannot replace another;
    while it runs it may import its neighbours, which come after everything installed.
    No byte code is written beside it.

    Parameters
    ----------
    address : str
        `path.py:factory`.
    what : str
        What it makes, and what the user calls the address: model or data.
    **offered
        Arguments; those that the factory's signature names are passed by keyword.

    Returns
    -------
    object
        What the factory returned; the caller checks it.

    Raises
    ------
    InputError
        If there is no such file or no such factory in it, or either raises.
    """
    path, _, name = address.rpartition(":")
    with _neighbours_importable(Path(path).parent):
        module = _imported(address, Path(path), what)
        factory = getattr(module, name, None)
        if not callable(factory):
            raise InputError(
                f"{what} is {address!r}; expected the name of a function in {path}: "
                f"{_functions(module)}"
            )
        try:
            return factory(**_wanted(factory, offered))
        except (Exception, SystemExit) as error:
            raise InputError(
                f"{what} is {address!r}; expected a factory that returns, but it "
                f"raised {first_line(error)}"
            ) from error


def optional_module(module: str, *, what: str, name: str) -> Any:
    """A module of a package that landtheory does not depend on.

    Parameters
    ----------
    module : str
        Its full name.
    what, name : str
        What asked for it, for the message: model or data, and the user's text.

    Returns
    -------
    module
        Imported.

    Raises
    ------
    InputError
        If the package is not installed, or cannot be imported.
    """
    package = module.partition(".")[0]
    try:
        return import_module(module)
    except Exception as error:
        absent = isinstance(error, ModuleNotFoundError) and error.name in (
            package,
            module,
        )
        reason = (
            f"which is not installed: pip install {package}"
            if absent
            else f"but importing it raised {first_line(error)}"
        )
        raise InputError(
            f"{what} is {name!r}; expected the package {package}, {reason}"
        ) from error


def first_line(error: BaseException) -> str:
    """An exception's type and the first line of its message, for one sentence."""
    lines = str(error).strip().splitlines()
    name = type(error).__name__
    return f"{name}: {lines[0].rstrip('.')[:300]}" if lines else name


def _imported(address: str, path: Path, what: str) -> ModuleType:
    if not path.is_file():
        raise InputError(
            f"{what} is {address!r}; expected an existing file: "
            f"there is none at {str(path)!r}"
        )
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
    name = f"_landtheory_factory_{digest}"
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"{what} is {address!r}; expected a Python file")
    module = module_from_spec(spec)
    # dataclasses and torch.compile look a class's module up by its name
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise InputError(
            f"{what} is {address!r}; expected a file that can be imported, but it "
            f"raised {first_line(error)}"
        ) from error
    return module


@contextmanager
def _neighbours_importable(folder: Path) -> Iterator[None]:
    place, writes_nothing = str(folder.resolve()), sys.dont_write_bytecode
    sys.path.append(place)
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes_nothing
        # the last one: it may have been there before, or been added by the file
        del sys.path[len(sys.path) - 1 - sys.path[::-1].index(place)]


def _functions(module: ModuleType) -> str:
    found = [
        name
        for name, value in vars(module).items()
        if callable(value)
        and getattr(value, "__module__", None) == module.__name__
        and not name.startswith("_")
    ]
    return f"it defines {', '.join(found)}" if found else "it defines none"


def _wanted(factory: Callable[..., Any], offered: dict[str, Any]) -> dict[str, Any]:
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        return {}
    named = {p.name for p in parameters if p.kind is not p.POSITIONAL_ONLY}
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return offered
    return {name: value for name, value in offered.items() if name in named}
