"""Spectra as pictures: a density of Unicode blocks, and figures as PNG and SVG."""

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["density_blocks", "density_figures", "figure_files", "layer_figures"]

BLOCKS = " ▁▂▃▄▅▆▇█"
WIDTH, ROWS = 72, 5
BUMP = 0.004
"""Standard deviation of a bump in the figure, as a share of the axis."""

Vector = npt.NDArray[np.float64]


def density_blocks(
    nodes: Vector, weights: Vector, *, p: int, width: int = WIDTH, rows: int = ROWS
) -> list[str]:
    """A histogram whose height is the logarithm of the number of eigenvalues.

    Parameters
    ----------
    nodes, weights : (m,) float64
        The measure; the weights sum to 1.
    p : int
        Number of eigenvalues. The lowest step stands for half of one, the top for p.
    width, rows : int
        In characters.

    Returns
    -------
    list of str
        Lines, the axis with its ends last.
    """
    low, high = _ends(nodes)
    counts, _ = np.histogram(nodes, bins=width, range=(low, high), weights=weights)
    steps = 8 * rows
    # log of twice the number: half an eigenvalue is 0, p of them the top
    heights = np.log(np.maximum(2 * p * counts, 1)) / math.log(2 * p)
    filled = np.ceil(steps * heights).astype(int)
    lines = [
        "".join(BLOCKS[min(max(int(f) - 8 * row, 0), 8)] for f in filled).rstrip()
        for row in range(rows - 1, -1, -1)
    ]
    left, right = f"{low:.3g}", f"{high:.3g}"
    return [*lines, left + " " * max(1, width - len(left) - len(right)) + right]


def density_figures(
    nodes: Vector, weights: Vector, eigenvalues: Vector, *, p: int, title: str
) -> dict[str, bytes]:
    """The density on a logarithmic scale with the verified eigenvalues: PNG and SVG.

    Every node is a Gaussian bump, for the picture only; the same bytes for the same
    numbers.

    Parameters
    ----------
    nodes, weights : (m,) float64
        The measure.
    eigenvalues : (k,) float64
        Marked on the axis.
    p : int
        Number of eigenvalues.
    title : str
        Above the picture.

    Returns
    -------
    dict of str to bytes
        By the ending of the file: png and svg.
    """
    return _files(_density(nodes, weights, eigenvalues, p=p, title=title))


def layer_figures(
    layers: Sequence[Mapping[str, Any]], *, title: str
) -> dict[str, bytes]:
    """The trace and the outermost eigenvalue of each layer's block: PNG and SVG.

    Both per block on one logarithmic axis, the trace with its interval; a layer whose
    value is not positive has no mark there. The same bytes for the same numbers.

    Parameters
    ----------
    layers : sequence of mappings
        As a run's record holds them: layer, value, and trace with value, lower, upper.
    title : str
        Above the picture.

    Returns
    -------
    dict of str to bytes
        By the ending of the file: png and svg.
    """
    return _files(_layers(layers, title=title))


def figure_files(figure: Any) -> dict[str, bytes]:
    """Any figure of matplotlib as PNG and SVG: the same bytes for the same figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Complete.

    Returns
    -------
    dict of str to bytes
        By the ending of the file: png and svg.
    """
    return _files(figure)


def _density(
    nodes: Vector, weights: Vector, eigenvalues: Vector, *, p: int, title: str
) -> Any:
    from matplotlib.figure import Figure

    low, high = _ends(np.concatenate([nodes, eigenvalues]))
    width = BUMP * (high - low)
    x = np.linspace(low, high, 1600)
    z = (x[:, None] - nodes) / width
    density = np.exp(-(z**2) / 2) @ weights / (width * math.sqrt(2 * math.pi))
    # half an eigenvalue's bump is the floor: less than that is a tail of the smoothing
    floor = 0.5 / (p * width * math.sqrt(2 * math.pi))
    figure = Figure(figsize=(8, 4), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    axes.fill_between(x, floor, np.maximum(density, floor), color="#b7cbe8", lw=0)
    axes.plot(x, np.maximum(density, floor), color="#27528f", lw=1.1)
    axes.set_yscale("log")
    axes.set_ylim(bottom=floor)
    axes.set_xlim(low, high)
    axes.plot(
        eigenvalues,
        np.full(len(eigenvalues), 0.03),
        "|",
        color="#b5332e",
        ms=14,
        mew=1.4,
        transform=axes.get_xaxis_transform(),
        label="verified eigenvalues",
    )
    axes.set_xlabel("eigenvalue λ")
    axes.set_ylabel("density (logarithmic)")
    # a name may hold a dollar sign, which would be mathematics
    axes.set_title(title, fontsize=11, parse_math=False)
    axes.legend(frameon=False, loc="upper right")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _layers(layers: Sequence[Mapping[str, Any]], *, title: str) -> Any:
    from matplotlib.figure import Figure

    places = np.arange(len(layers))
    trace = np.array([row["trace"]["value"] for row in layers])
    ends = np.array([(row["trace"]["lower"], row["trace"]["upper"]) for row in layers])
    outermost = np.abs([row["value"] for row in layers])
    figure = Figure(
        figsize=(8, 1.4 + 0.26 * len(layers)), dpi=150, layout="constrained"
    )
    axes = figure.add_subplot()
    known = trace > 0
    # on a logarithmic axis an interval that reaches 0 reaches its left end
    low = np.where(ends[:, 0] > 0, ends[:, 0], trace / 10)
    axes.hlines(places[known], low[known], ends[known, 1], color="#27528f", lw=1.6)
    axes.plot(trace[known], places[known], "o", color="#27528f", ms=5, label="trace")
    some = outermost > 0
    axes.plot(
        outermost[some],
        places[some],
        "|",
        color="#b5332e",
        ms=10,
        mew=1.6,
        label="outermost eigenvalue, |λ|",
    )
    if known.any() or some.any():
        axes.set_xscale("log")
    axes.set_yticks(places, [row["layer"] for row in layers], parse_math=False)
    axes.set_ylim(len(layers) - 0.4, -0.6)
    axes.set_xlabel("trace and eigenvalue of the layer's diagonal block")
    axes.set_title(title, fontsize=11, parse_math=False)
    axes.grid(axis="x", color="#e3e7ee", lw=0.7)
    axes.set_axisbelow(True)
    figure.legend(frameon=False, loc="outside lower center", ncols=2)
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def _files(figure: Any) -> dict[str, bytes]:
    return {
        "png": _saved(figure, "png", {"Software": None}),
        "svg": _saved(figure, "svg", {"Date": None, "Creator": None}),
    }


def _saved(figure: Any, kind: str, metadata: dict[str, None]) -> bytes:
    import matplotlib as mpl

    stream = io.BytesIO()
    # ids in an SVG are random without a salt
    with mpl.rc_context({"svg.hashsalt": "landtheory", "svg.fonttype": "path"}):
        figure.savefig(stream, format=kind, metadata=metadata)
    return stream.getvalue()


def _ends(points: Vector) -> tuple[float, float]:
    """An axis with a little room, also where all points are one."""
    low, high = float(points.min()), float(points.max())
    room = 0.03 * (high - low) or max(abs(high), 1.0)
    return low - room, high + room
