"""Public names that load their module only when they are first used."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["attach"]


def attach(
    package: str, homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` for a package whose names live in its modules.

    Parameters
    ----------
    package : str
        Its `__name__`.
    homes : mapping
        Public name → module that defines it, relative to the package.

    Returns
    -------
    (callable, callable)
        For the package's own namespace.
    """

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name], package), name)

    def names() -> list[str]:
        return sorted(homes)

    return load, names
