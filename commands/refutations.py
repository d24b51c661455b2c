"""`landtheory refutations`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..records import check_target
from .options import Debug, Json, NoProgress, Quiet, Seed, console, deliver, values

if TYPE_CHECKING:
    from ..numerics.folklore import RefutedFolklore
    from ..theory.theorems import Refutation

__all__ = ["refutations"]


def refutations(
    refutation: Annotated[
        list[str] | None,
        typer.Argument(help="Ids such as R03 R09 or R03,R09; all by default."),
    ] = None,
    *,
    seed: Seed = 0,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Refute folklore, each by counterexamples certified in ball arithmetic.

    Nothing in it is random: the seed is recorded, and changes nothing.
    """
    del no_progress, debug
    from .._version import __version__
    from ..numerics.folklore import refute_folklore
    from ..verdict import Status

    chosen = _select(values(refutation))
    check_target(json)
    found = refute_folklore(chosen)
    record = {
        "command": "refutations",
        "version": __version__,
        "seed": seed,
        "settings": {"refutations": [one.id for one in chosen]},
        "refutations": [_record(one) for one in found],
    }
    if not deliver(record, json):
        if not quiet:
            for one in found:
                _show(one)
        typer.echo(_summary(found))
    return 0 if all(one.status is Status.REFUTED for one in found) else 3


def _select(ids: tuple[str, ...]) -> tuple["Refutation", ...]:
    from ..theory.catalogue import REFUTATIONS

    for one in ids:
        if one not in REFUTATIONS:
            raise InputError(
                f"refutation is {one!r}; expected one of {', '.join(REFUTATIONS)}"
            )
    return tuple(REFUTATIONS[one] for one in ids or REFUTATIONS)


def _show(found: "RefutedFolklore") -> None:
    from ..tex import plain

    out = console()
    one = found.refutation
    lines = [f"{one.id}  False: {one.statement}"]
    for case in found.cases:
        verdict = "fails" if case.fails else "is NOT refuted"
        claim = plain(case.case.claim.statement)
        lines += [
            f"     {claim} {verdict}, certified at {case.precision} bits:",
            f"       left   {case.left}",
            f"       right  {case.right}",
        ]
    lines += [f"     {label}: {value:.6g}" for label, value, _ in found.shown]
    lines.append(f"     Learnt: {one.learnt}")
    lines.append("")
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)


def _summary(found: tuple["RefutedFolklore", ...]) -> str:
    from ..verdict import Status

    done = sum(one.status is Status.REFUTED for one in found)
    cases = sum(len(one.cases) for one in found)
    return (
        f"{done} of {len(found)} pieces of folklore refuted, by {cases} certified "
        "counterexamples"
    )


def _record(found: "RefutedFolklore") -> dict[str, Any]:
    one = found.refutation
    return {
        "id": one.id,
        "statement": one.statement,
        "learnt": one.learnt,
        "source": one.source,
        "status": found.status.value,
        "cases": [
            {
                "claim": case.case.claim.statement,
                "certified": case.fails,
                "left": case.left,
                "right": case.right,
                "precision": case.precision,
            }
            for case in found.cases
        ],
        "shown": [
            {"what": what, "value": value, "quoted": quoted}
            for what, value, quoted in found.shown
        ],
    }
