"""`landtheory falsify`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..records import check_target, write_text
from .options import (
    Budget,
    Debug,
    Json,
    NoProgress,
    Quiet,
    Seed,
    console,
    deliver,
    parse_budget,
    progress,
    values,
)

if TYPE_CHECKING:
    from ..numerics.conjectures.falsification import Falsification

__all__ = ["falsify"]

EVERY = "all"

MOST = 16
"""Largest C that is searched."""


def falsify(
    claim: Annotated[
        str, typer.Argument(help="One comparison, such as 'Cx <= op(W)**2 * tr(G_bb)'.")
    ],
    *,
    assume: Annotated[
        list[str] | None,
        typer.Option(help="A hypothesis: interpolation, 'm <= d', …; may be repeated."),
    ] = None,
    activation: Annotated[
        list[str] | None, typer.Option(help="Activations; all by default.")
    ] = None,
    loss: Annotated[
        list[str] | None,
        typer.Option(help="squared, logistic, softmax; squared by default."),
    ] = None,
    outputs: Annotated[
        list[str] | None, typer.Option(help="Numbers of outputs; 1,2,3 by default.")
    ] = None,
    save_test: Annotated[
        str | None,
        typer.Option(help="Save a counterexample as a pytest file, FILE.py."),
    ] = None,
    budget: Budget = "30s",
    seed: Seed = 0,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Refute a conjecture about two-layer networks, or say what was tried."""
    del debug
    from ..falsify_report import conclusion, show_falsification
    from ..verdict import exit_code

    check_target(json)
    _check_file(save_test)
    line = progress(shown=not (no_progress or quiet))
    try:
        found = _searched(
            claim,
            assume=tuple(assume or ()),
            activations=values(activation),
            losses=values(loss) or ("squared",),
            outputs=_numbers(outputs),
            budget=parse_budget(budget),
            seed=seed,
            progress=line,
        )
    finally:
        line.close()
    note = _save(found, save_test)
    if not deliver(_record(found), json):
        if quiet:
            console().print(conclusion(found), markup=False, soft_wrap=True)
        else:
            show_falsification(found, console(), note=note)
    return exit_code(found.status)


def _searched(
    claim: str,
    *,
    activations: tuple[str, ...],
    losses: tuple[str, ...],
    outputs: tuple[int, ...],
    **settings: Any,
) -> "Falsification":
    from ..numerics.conjectures.falsifier import OUTPUTS
    from ..numerics.conjectures.falsifier import falsify as run
    from ..theory.activations import ACTIVATIONS
    from ..theory.losses import LOSSES

    return run(
        claim,
        activations=tuple(ACTIVATIONS)
        if activations in ((), (EVERY,))
        else activations,
        losses=tuple(LOSSES) if losses == (EVERY,) else losses,
        outputs=outputs or OUTPUTS,
        **settings,
    )


def _record(found: "Falsification") -> dict[str, Any]:
    from .._version import __version__

    return {"command": "falsify", "version": __version__, **found.record()}


def _numbers(given: list[str] | None) -> tuple[int, ...]:
    numbers = []
    for text in values(given):
        if not (text.isascii() and text.isdecimal() and 0 < int(text) <= MOST):
            raise InputError(
                f"outputs is {text!r}; expected integers from 1 to {MOST} between commas"
            )
        numbers.append(int(text))
    return tuple(numbers)


def _check_file(target: str | None) -> None:
    """Say so before the search, not after it, if a test cannot be written."""
    if target is None:
        return
    path = Path(target)
    try:
        fits = path.suffix == ".py" and path.parent.is_dir() and not path.is_dir()
        fits &= "\0" not in target
    except (OSError, ValueError):
        # a name too long for the file system
        fits = False
    if not fits:
        raise InputError(
            f"save-test is {target!r}; expected a name ending in .py, in an existing "
            "folder"
        )


def _save(found: "Falsification", target: str | None) -> str | None:
    """Write the test, where there is something to replay, and say so."""
    if target is None:
        return None
    counterexample = found.counterexample
    if counterexample is None or not counterexample.certified:
        return "no counterexample to replay: no test written"
    write_text(Path(target), found.test_source())
    return f"test written to {target}"
