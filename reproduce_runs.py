"""Figures of optimisers, starts, lines, sizes and sampled volumes."""

from typing import Any

import numpy as np

from .deep.reproduce.association import spearman
from .deep.reproduce.evidence import Row, Table
from .reproduce_drawing import (
    BAD,
    COLOURS,
    GOOD,
    GREY,
    MARKS,
    Drawing,
    dots_by,
    new_figure,
    plain,
    rows_of,
)

__all__ = ["DRAWINGS"]

Drawn = tuple[Any, list[Row]]

SCHEMES = {"kaiming": "He", "xavier": "Xavier", "lecun": "LeCun"}
METHODS = {"gd": "GD", "sgd": "SGD", "adam": "Adam", "lbfgs": "L-BFGS"}


def _starts(table: Table) -> Drawn:
    rows = rows_of(table, "starts").converged
    figure, (axes,) = new_figure()
    optimisers, schemes = rows.values("optimiser"), rows.values("scheme")
    for i, name in enumerate(optimisers):
        for j, scheme in enumerate(schemes):
            own = rows.where(optimiser=name, scheme=scheme)
            place = j + (i - (len(optimisers) - 1) / 2) * 0.18
            axes.plot(np.full(len(own), place), own.column("accuracy"), MARKS[i],
                      color=COLOURS[(0, 3, 7, 8, 6)[i % 5]], ms=5.5, mec="white", mew=0.4,
                      label=METHODS.get(name, name) if j == 0 else None)  # fmt: skip
    axes.set_xticks(range(len(schemes)), [SCHEMES.get(name, name) for name in schemes])
    axes.axhline(0.8, color=BAD, lw=1, ls="--")
    axes.annotate("below: counted as bad", (0.01, 0.802), fontsize=8, color=BAD,
                  xycoords=("axes fraction", "data"))  # fmt: skip
    axes.set_ylim(0.75, 1.0)
    axes.set(ylabel="test accuracy", xlabel="initialisation")
    axes.legend(frameon=False, fontsize=8, ncols=5, loc="lower right")
    axes.set_title("Clean data, one mark a run")
    return figure, plain(rows, "seed", "scheme", "optimiser", "accuracy")


def _scales(table: Table) -> Drawn:
    rows = rows_of(table, "scales").converged
    figure, (axes,) = new_figure(width=5.4)
    scales = rows.values("scale")
    axes.plot(rows.column("scale"), rows.column("accuracy"), "o", color=GOOD, ms=5.5,
              mec="white", mew=0.4)  # fmt: skip
    axes.plot(scales, [rows.where(scale=s).mean("accuracy") for s in scales], color=GREY,
              lw=1, zorder=1)  # fmt: skip
    axes.set_xscale("log", base=2)
    axes.set_xticks(scales, [f"{s:g}" for s in scales])
    axes.set(xlabel="scale of He's initialisation", ylabel="test accuracy")
    axes.set_title("Clean data alone, by the scale of the start")
    return figure, plain(rows, "seed", "scale", "accuracy")


def _near(table: Table) -> Drawn:
    rows = rows_of(table, "near").those(lambda row: row["clean_loss"] is not None)
    figure, (axes,) = new_figure(width=5.4)
    sigmas = rows.values("sigma")
    places = {sigma: i for i, sigma in enumerate(sigmas)}
    for i, name in enumerate(rows.values("optimiser")):
        own = rows.where(optimiser=name)
        at = np.array([places[row["sigma"]] for row in own.rows]) + 0.12 * (i - 1)
        axes.plot(at, own.column("accuracy"), MARKS[i], color=COLOURS[(0, 3, 7)[i % 3]],
                  ms=5, mec="white", mew=0.4, label=METHODS.get(name, name))  # fmt: skip
    good = rows_of(table, "minima").good.mean("accuracy")
    axes.axhline(good, color=GREY, lw=1, ls="--")
    axes.annotate("random starts", (0.01, good + 0.008), fontsize=8, color=GREY,
                  xycoords=("axes fraction", "data"))  # fmt: skip
    axes.set_xticks(range(len(sigmas)), [f"{s:g}" for s in sigmas])
    axes.set(xlabel="σ: the start is θ + σ‖θ‖u", ylabel="test accuracy")
    axes.set_ylim(top=1.0)
    axes.set_title("Clean training from near a bad minimum")
    axes.legend(frameon=False, fontsize=8, loc="center left")
    return figure, plain(rows, "seed", "optimiser", "sigma", "accuracy")


def _escape(table: Table) -> Drawn:
    rows = rows_of(table, "escape").those(lambda row: row["clean_loss"] is not None)
    figure, (axes,) = new_figure(width=5.4)
    names = rows.values("treatment")
    for i, name in enumerate(names):
        own = rows.where(treatment=name)
        axes.plot(own.column("accuracy"), np.full(len(own), i), MARKS[i % len(MARKS)],
                  color=GOOD, ms=5.5, mec="white", mew=0.4)  # fmt: skip
    before = rows.mean("before")
    axes.axvline(before, color=BAD, lw=1, ls="--")
    axes.annotate("bad minima", (before + 0.005, 0.02), fontsize=8, color=BAD,
                  xycoords=("data", "axes fraction"))  # fmt: skip
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set(xlabel="test accuracy")
    axes.set_title("Clean training that goes on from bad minima")
    return figure, plain(rows, "seed", "treatment", "before", "accuracy", "weight_norm")


def _lines(table: Table) -> Drawn:
    rows = rows_of(table, "lines").where(height=0.01)
    figure, panels = new_figure(2)
    data: list[Row] = []
    titles = {True: "One start", False: "Two starts"}
    for axes, (shared, title) in zip(panels, titles.items(), strict=True):
        own = rows.where(shared=shared)
        if not own:
            continue
        for i, fraction in enumerate(own.values("fraction")):
            losses = np.array([r["losses"] for r in own.where(fraction=fraction).rows])
            middle, places = np.median(losses, axis=0), own.rows[0]["places"]
            axes.plot(
                places, middle, color=COLOURS[i + 2], lw=1.3, label=f"{fraction:g}"
            )
            data += [
                {
                    "shared": shared,
                    "fraction": fraction,
                    "place": t,
                    "loss": float(loss),
                }
                for t, loss in zip(places, middle, strict=True)
            ]
        # a width without an end is NaN here, and wins nothing
        wins = int((own.column("good_width") > own.column("bad_width")).sum())
        axes.set_yscale("log")
        axes.set(xlabel="0: good minimum, 1: bad minimum", ylabel="clean loss (median)")
        axes.set_title(f"{title}: wider in {wins} of {len(own)}")
        axes.axhline(0.011, color=GREY, lw=0.8, ls=":")
    panels[0].legend(title="attack fraction", frameon=False, fontsize=8,
                     title_fontsize=8)  # fmt: skip
    return figure, data


def _sizes(table: Table) -> Drawn:
    return _networks(table, "sizes", "ReLU networks of other widths and depths")


def _convolutional(table: Table) -> Drawn:
    return _networks(table, "convolutional", "Convolutional networks")


def _networks(table: Table, stage: str, title: str) -> Drawn:
    rows = rows_of(table, stage).converged
    figure, (left, right) = new_figure(2)
    dots_by(left, rows, "network", "log_volume_50", "accuracy", "{}")
    left.set(xlabel="log-volume, k = 50", ylabel="test accuracy")
    left.set_title(title)
    names = rows.values("network")
    places = np.arange(len(names))
    for measure, colour, mark, shift, sign, words in (
        ("log_volume_50", GOOD, "o", -0.15, 1, "log-volume"),
        ("trace", BAD, "s", 0.0, -1, "-trace"),
        ("lambda_max", GREY, "^", 0.15, -1, "-λ_max"),
    ):
        rhos = []
        for name in names:
            own = rows.where(network=name)
            rhos.append(sign * spearman(own.column(measure), own.column("accuracy")))
        right.plot(rhos, places + shift, mark, color=colour, ms=5.5, label=words)
    right.axvline(0, color=GREY, lw=0.8)
    right.set_yticks(places, names)
    right.set_xlim(-1.03, 1.03)
    right.set_ylim(len(names) - 0.4, -0.6)
    right.set(xlabel="Spearman's ρ with test accuracy")
    right.legend(frameon=False, fontsize=8, loc="lower left")
    if len(names) <= 5:
        left.legend(frameon=False, fontsize=8)
    columns = ("network", "p", "seed", "fraction", "accuracy", "log_volume_50", "trace")
    return figure, plain(rows, *columns, "lambda_max")


def _volumes(table: Table) -> Drawn:
    rows = rows_of(table, "volumes").where(damping=0.1)
    figure, (left, right) = new_figure(2)
    for i, fraction in enumerate(rows.values("fraction")):
        own = rows.where(fraction=fraction)
        colour, mark = COLOURS[(0, 3, 4)[i % 3]], MARKS[i]
        left.plot(own.column("laplace"), own.column("sampled"), mark, color=colour, ms=6,
                  label=f"attack fraction {fraction:g}")  # fmt: skip
        right.plot(own.column("effective_samples"), own.column("accuracy"), mark,
                   color=colour, ms=6)  # fmt: skip
    ends = [*rows.column("laplace"), *rows.column("sampled")]
    left.plot([min(ends), max(ends)], [min(ends), max(ends)], color=GREY, lw=1)
    left.set(xlabel="log-volume by Laplace (nats)", ylabel="sampled (nats)")
    left.set_title("Two values for each basin, δ = 0.1")
    left.legend(frameon=False, fontsize=8)
    right.axvline(10, color=BAD, lw=1, ls="--")
    right.annotate("needed", (10, 0.02), xycoords=("data", "axes fraction"), fontsize=8,
                   ha="right", color=BAD)  # fmt: skip
    right.set_xscale("log")
    right.set_xlim(0.8, 200)
    right.set(xlabel="effective number of directions", ylabel="test accuracy")
    right.set_title("Directions that count")
    names = ("seed", "fraction", "damping", "laplace", "sampled", "effective_samples",
             "half_difference", "isotropic_gap")  # fmt: skip
    return figure, plain(rows_of(table, "volumes"), *names)


DRAWINGS = (
    Drawing(
        name="optimisers",
        claim="C4",
        stage="starts",
        caption="Test accuracy of every run from a standard initialisation, by optimiser.",
        draw=_starts,
    ),
    Drawing(
        name="scales",
        claim="C4",
        stage="scales",
        caption="The same network and data, with all initial weights multiplied. Every "
        "mark has all clean samples right.",
        draw=_scales,
    ),
    Drawing(
        name="near",
        claim="C4b",
        stage="near",
        caption="Where clean training ends that starts near a bad minimum, by how far "
        "the start was moved.",
        draw=_near,
    ),
    Drawing(
        name="escape",
        claim="C4b",
        stage="escape",
        caption="Where clean training comes to that goes on from bad minima, by what is "
        "added to it. A mark is a network, the line their mean before.",
        draw=_escape,
    ),
    Drawing(
        name="lines",
        claim="C5",
        stage="lines",
        caption="The clean loss on the line from a good minimum through a bad one, "
        "median over pairs; 'wider' counts those in which the good side is. The "
        "dotted line is where widths end.",
        draw=_lines,
    ),
    Drawing(
        name="sizes",
        claim="C6",
        stage="sizes",
        caption="Minima of networks of several sizes, and the correlation inside each.",
        draw=_sizes,
    ),
    Drawing(
        name="convolutional",
        claim="C6",
        stage="convolutional",
        caption="The same for convolutional networks; to the left of 0 a measure has the "
        "wrong sign.",
        draw=_convolutional,
    ),
    Drawing(
        name="volumes",
        claim="C8",
        stage="volumes",
        caption="Left: the log-volume sampled with preconditioned directions beside "
        "Laplace's value; a quadratic bowl would lie on the line. Right: how many of the "
        "directions count.",
        draw=_volumes,
    ),
)  # fmt: skip
