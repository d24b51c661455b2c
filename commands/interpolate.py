"""`landtheory interpolate`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..records import check_target
from .deep_options import (
    BatchSize,
    Data,
    Device,
    Model,
    Samples,
)
from .landscape_options import Labels, Loss, Out
from .options import (
    Debug,
    Json,
    NoProgress,
    Quiet,
    Seed,
    console,
    deliver,
    progress,
)

if TYPE_CHECKING:
    from ..deep.landscape.point import Point
    from .points import Chosen

__all__ = ["interpolate"]

COMMAND = "interpolate"


def interpolate(
    a: Annotated[
        str,
        typer.Argument(
            help="Weights of one network; or RUN/attack-0-seed-0 of a minima run."
        ),
    ],
    b: Annotated[str, typer.Argument(help="The same of another.")],
    *,
    plane: Annotated[
        str | None,
        typer.Option(help="Weights of a third: the plane through all three."),
    ] = None,
    model: Model = "relu:32",
    data: Data = "digits",
    samples: Samples = None,
    labels: Labels = None,
    loss: Loss = None,
    height: Annotated[
        float, typer.Option(help="ε: a width ends where the loss is higher by that.")
    ] = 0.01,
    places: Annotated[int, typer.Option(help="Losses along the line.")] = 201,
    size: Annotated[
        int, typer.Option(help="Losses along each side of the plane.")
    ] = 41,
    normalise: Annotated[
        bool,
        typer.Option(
            "--normalise/--no-normalise", help="Lengths in the plane by the filters."
        ),
    ] = True,
    device: Device = "auto",
    batch_size: BatchSize = None,
    seed: Seed = 0,
    out: Out = None,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """The loss between networks: a line with its widths and barrier, or a plane."""
    del debug
    from .._version import __version__
    from .out_folder import check_out
    from .points import Chosen

    check_target(json)
    check_out(out)
    chosen = Chosen(
        model=model,
        data=data,
        samples=samples,
        labels=labels,
        loss=loss,
        device=device,
        batch_size=batch_size,
        seed=seed,
    )
    files = {"A": a, "B": b} | ({} if plane is None else {"C": plane})
    points, origin = _points(list(files.values()), chosen)
    asked = {"height": height, "places": places, "size": size, "normalise": normalise}
    record: dict[str, Any] = {
        "command": COMMAND,
        "version": __version__,
        "seed": seed,
        "settings": origin | asked,
        "networks": files,
    }
    line = progress(shown=not (no_progress or quiet))
    try:
        record["line"] = _line(points, height, places, line)
        if plane is not None:
            record["plane"] = _plane(points, size, line, normalised=normalise)
    finally:
        line.close()
    if out is not None:
        _write(out, record)
    _show(record, json=json, quiet=quiet)
    return 0


def _points(names: list[str], chosen: "Chosen") -> "tuple[list[Point], dict[str, Any]]":
    """The networks, and where they are from: files of weights, or one run of minima."""
    from ..errors import InputError
    from .points import network_of_run

    found = [network_of_run(name, device=chosen.device) for name in names]
    known = [one for one in found if one is not None]
    if not known:
        return list(chosen.points(list(names))), chosen.record()
    if len(known) < len(names):
        raise InputError(
            f"networks are {', '.join(names)}; expected all from a run of minima, or all "
            "as files of weights"
        )
    if len({one.about["seed"] for one in known}) > 1:
        raise InputError(
            f"networks are {', '.join(names)}, of several seeds; expected one seed: "
            "another has other clean samples, and so another loss"
        )
    about = {name: known[0].about[name] for name in ("model", "data", "seed")}
    return [one.point for one in known], about


def _line(
    points: "list[Point]", height: float, places: int, line: progress
) -> dict[str, Any]:
    from ..deep.landscape.lines import line_between
    from ..deep.landscape.measures import plain

    found = line_between(
        *points[:2],
        height=height,
        places=places,
        progress=lambda done, of: line("line", done, of),
    )
    return {
        "places": found.places.tolist(),
        "losses": [plain(value) for value in found.losses.tolist()],
        "distance": found.distance,
        "ends": list(found.ends),
        "widths": [
            {
                name: plain(getattr(width, name))
                for name in ("inward", "outward", "whole", "relative", "norm")
            }
            for width in found.widths
        ],
        "height": found.height,
        "barrier": plain(found.barrier),
        "barrier_place": found.barrier_place,
    }


def _plane(
    points: "list[Point]", size: int, line: progress, *, normalised: bool
) -> dict[str, Any]:
    from ..deep.landscape.measures import plain
    from ..deep.landscape.planes import plane_through

    a, b, c = points
    found = plane_through(
        a,
        b,
        c,
        size=size,
        normalised=normalised,
        progress=lambda done, of: line("plane", done, of),
    )
    return {
        "x": found.x.tolist(),
        "y": found.y.tolist(),
        "losses": [[plain(v) for v in row] for row in found.losses.tolist()],
        "corners": found.corners.tolist(),
        "corner_losses": list(found.corner_losses),
        "normalised": found.normalised,
    }


def _write(out: str, record: dict[str, Any]) -> None:
    from ..landscape_pictures import line_figures, plane_figures
    from .out_folder import table_file, write_out

    settings, line = record["settings"], record["line"]
    title = f"{settings['model']} on {settings['data']}"
    made = {"line": line_figures(line, title=title)}
    files = {
        "line.csv": table_file(
            ("t", "loss"), zip(line["places"], line["losses"], strict=True)
        )
    }
    if "plane" in record:
        plane = record["plane"]
        made["plane"] = plane_figures(plane, title=title)
        files["plane.csv"] = table_file(
            ("x", "y", "loss"),
            [
                (x, y, loss)
                for y, row in zip(plane["y"], plane["losses"], strict=True)
                for x, loss in zip(plane["x"], row, strict=True)
            ],
        )
    for name, kinds in made.items():
        files |= {f"figures/{name}.{kind}": content for kind, content in kinds.items()}
    write_out(out, record, files)


def _show(record: dict[str, Any], *, json: str | None, quiet: bool) -> None:
    from ..interpolation_report import interpolation_summary, show_interpolation

    if deliver(record, json):
        return
    if quiet:
        console().print(interpolation_summary(record), markup=False, soft_wrap=True)
    else:
        show_interpolation(record, console())
