"""Refusals that worlds share: what names an instance is given by, and what it is."""

from collections.abc import Mapping
from typing import Any

from ...errors import InputError

__all__ = ["refuse_other_names", "refuse_unless"]


def refuse_other_names(
    kind: str,
    values: Mapping[str, Any],
    needed: tuple[str, ...],
    others: tuple[str, ...],
) -> None:
    """Refuse an instance that lacks a name, or has one that means nothing.

    Raises
    ------
    InputError
        If it does.
    """
    if not set(needed) <= set(values) <= {*needed, *others}:
        given = ", ".join(values) or "nothing"
        raise InputError(
            f"{kind} is given by {given}; expected {', '.join(needed)}, and any of "
            f"{', '.join(others)}"
        )


def refuse_unless(
    fits: bool,  # noqa: FBT001
    kind: str,
    record: Mapping[str, Any],
    expected: str,
) -> None:
    """Refuse an instance that is none of the world.

    Raises
    ------
    InputError
        If it does not fit.
    """
    if not fits:
        shown = ", ".join(f"{name} {value}" for name, value in record.items())
        raise InputError(f"{kind} has {shown}; expected {expected}")
