"""Spectra, lines and planes of a loss as figures."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .pictures import figure_files

__all__ = ["line_figures", "plane_figures", "volume_figures"]

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

BLUE, RED, GREY = "#27528f", "#b5332e", "#7b8696"

FLOOR = 1e-12
"""Of an eigenvalue, as in the log-volumes."""

MANY = 8
"""Curves that a legend may name."""

LEVELS = 25
"""Of the colours of a plane."""


def volume_figures(
    spectra: Mapping[str, Vector], *, colours: Mapping[str, float], title: str
) -> dict[str, dict[str, bytes]]:
    """Eigenvalues by their number, and V_k by k, a curve for each network.

    Parameters
    ----------
    spectra : mapping of str to (k,) float64
        Eigenvalues, descending, by the name of the network.
    colours : mapping of str to float
        Share of attack samples by the name, where there is one.
    title : str
        Above both.

    Returns
    -------
    dict of str to dict of str to bytes
        spectrum and volumes, each as png and svg.
    """
    values = {name: np.maximum(spectrum, FLOOR) for name, spectrum in spectra.items()}
    sums = {name: -0.5 * np.cumsum(np.log(v)) for name, v in values.items()}
    return {
        "spectrum": figure_files(
            _curves(values, colours, title, "eigenvalue λᵢ", logarithmic=True)
        ),
        "volumes": figure_files(
            _curves(sums, colours, title, "Vₖ = -½ Σ log λᵢ over the k largest")
        ),
    }


def line_figures(record: Mapping[str, Any], *, title: str) -> dict[str, bytes]:
    """The loss along a line with both minima and the inward widths: PNG and SVG.

    Parameters
    ----------
    record : mapping
        Of the line, as `landtheory interpolate --json` has it.
    title : str
        Above the picture.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.2), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    t = np.array(record["places"])
    losses = _numbers(record["losses"])
    axes.plot(t, losses, color=BLUE, lw=1.6)
    axes.set_yscale("log")
    known = losses[np.isfinite(losses) & (losses > 0)]
    lowest = min([*record["ends"], *known])
    axes.set_ylim(lowest / 2 if lowest > 0 else None, float(known.max()) * 2)
    for name, place, end, width, sign in zip(
        "AB", (0.0, 1.0), record["ends"], record["widths"], (1, -1), strict=True
    ):
        axes.plot([place], [end], "o", color=RED, ms=6, zorder=3)
        axes.annotate(
            name, (place, end), xytext=(0, -14), textcoords="offset points", ha="center"
        )
        inward, outward = (
            np.nan if side is None else side / record["distance"]
            for side in (width["inward"], width["outward"])
        )
        level = end + record["height"]
        axes.plot(
            [place - sign * outward, place + sign * inward],
            [level, level],
            "|-",
            color=RED,
            lw=1.2,
            ms=9,
        )
    axes.plot([], [], "|-", color=RED, lw=1.2, label="width at L + ε")
    axes.axvspan(0, 1, color="#f1f4f9", zorder=0)
    axes.set_xlim(float(t[0]), float(t[-1]))
    axes.set_xlabel("t, from A at 0 to B at 1")
    axes.set_ylabel("loss (logarithmic)")
    axes.set_title(title, fontsize=11, parse_math=False)
    axes.legend(frameon=False, loc="best")
    axes.spines[["top", "right"]].set_visible(False)
    return figure_files(figure)


def plane_figures(record: Mapping[str, Any], *, title: str) -> dict[str, bytes]:
    """The loss on a plane through three networks: PNG and SVG.

    Parameters
    ----------
    record : mapping
        Of the plane, as `landtheory interpolate --json` has it.
    title : str
        Above the picture.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(7, 5.6), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    losses = np.array([_numbers(row) for row in record["losses"]])
    known = losses[np.isfinite(losses) & (losses > 0)]
    logs = np.log10(np.clip(losses, known.min(), known.max()))
    levels = np.linspace(logs.min(), logs.max(), LEVELS) if np.ptp(logs) else None
    x, y = np.array(record["x"]), np.array(record["y"])
    filled = axes.contourf(x, y, logs, levels=levels, cmap="viridis_r")
    if levels is not None:
        axes.contour(
            x,
            y,
            logs,
            levels=levels[::3],
            colors="white",
            linewidths=0.5,
            linestyles="solid",
        )
    bar = figure.colorbar(filled, ax=axes, label="log₁₀ of the loss")
    bar.ax.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
    corners = np.array(record["corners"])
    axes.plot(corners[:, 0], corners[:, 1], "o", color=RED, mec="white", ms=8)
    for name, corner in zip("ABC", corners, strict=True):
        axes.annotate(
            name,
            corner,
            xytext=(7, 6),
            textcoords="offset points",
            color="white",
            fontweight="bold",
            bbox={"boxstyle": "round,pad=0.15", "fc": RED, "ec": "none"},
        )
    unit = "relative to the filters" if record["normalised"] else "of the weights"
    axes.set_xlabel(f"distance {unit}, from A to B")
    axes.set_ylabel("distance across")
    axes.set_aspect("equal")
    axes.set_title(title, fontsize=11, parse_math=False)
    return figure_files(figure)


def _curves(
    values: Mapping[str, Vector],
    colours: Mapping[str, float],
    title: str,
    label: str,
    *,
    logarithmic: bool = False,
) -> Any:
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.4), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    most = max(colours.values(), default=0.0)
    named: set[str] = set()
    for name, curve in values.items():
        share = colours.get(name)
        colour = (
            BLUE if share is None else colormaps["plasma"](0.85 * share / (most or 1))
        )
        shown = name if share is None else f"attack {share:g}"
        k = np.arange(1, len(curve) + 1)
        style = "-" if len(curve) > 1 else "o"
        axes.plot(
            k,
            curve,
            style,
            color=colour,
            lw=1.2,
            label=None if shown in named else shown,
        )
        named.add(shown)
    axes.set_xscale("log")
    if logarithmic:
        axes.set_yscale("log")
    axes.set_xlabel("number of eigenvalues, i" if logarithmic else "k")
    axes.set_ylabel(label, parse_math=False)
    axes.set_title(title, fontsize=11, parse_math=False)
    if len(named) <= MANY:
        axes.legend(frameon=False, loc="best")
    axes.grid(color="#e3e7ee", lw=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _numbers(values: Sequence[float | None]) -> Vector:
    """Floats, infinite where there is none."""
    return np.array([np.inf if v is None else v for v in values], dtype=np.float64)
