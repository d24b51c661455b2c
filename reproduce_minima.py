"""Figures of good and bad minima: accuracy, spectra, volumes, complexity."""

from typing import Any

import numpy as np

from .deep.reproduce.association import spearman
from .deep.reproduce.evidence import Row, Rows, Table
from .deep.reproduce.measure_table import MEASURES, by_split
from .deep.reproduce.measures import KS
from .reproduce_drawing import (
    BAD,
    COLOURS,
    GOOD,
    GREY,
    Drawing,
    dots_by,
    new_figure,
    number,
    plain,
    rows_of,
)

__all__ = ["DRAWINGS"]

Drawn = tuple[Any, list[Row]]

RANK = 200
"""n C, the rank of the Gauss-Newton matrix."""

FRACTION = "attack fraction"


def _accuracy(table: Table) -> Drawn:
    rows = rows_of(table, "minima").converged
    figure, (axes,) = new_figure(width=5.4)
    dots_by(axes, rows, "fraction", "fraction", "accuracy")
    levels = rows.values("fraction")
    means = [rows.where(fraction=f).mean("accuracy") for f in levels]
    axes.plot(levels, means, color=GREY, lw=1, zorder=1)
    axes.axhline(0.5, color=GREY, lw=0.8, ls=":")
    axes.annotate("chance", (levels[-1], 0.51), ha="right", fontsize=8, color=GREY)
    axes.set(xlabel="attack samples / clean samples", ylabel="test accuracy")
    axes.set_title("Every network has all clean samples right")
    return figure, plain(rows, "seed", "fraction", "accuracy", "clean_accuracy")


def _spectra(table: Table) -> Drawn:
    rows = rows_of(table, "minima").converged
    figure, (left, right) = new_figure(2)
    data: list[Row] = []
    for i, fraction in enumerate(rows.values("fraction")):
        own = rows.where(fraction=fraction)
        values = np.array([row["eigenvalues"] for row in own.rows])
        middle = np.exp(np.log(np.maximum(values, 1e-12)).mean(0))
        places = np.arange(1, len(middle) + 1)
        left.plot(places, middle, color=COLOURS[i], lw=1.4, label=f"{fraction:g}")
        data += [
            {"fraction": fraction, "i": int(k), "eigenvalue": float(v)}
            for k, v in zip(places, middle, strict=True)
        ]
    left.set_yscale("log")
    left.set(xlabel="i", ylabel="eigenvalue λ_i (geometric mean over seeds)")
    left.set_title("Spectra")
    left.legend(title=FRACTION, frameon=False, fontsize=8, title_fontsize=8)
    dots_by(right, rows, "fraction", "trace", "accuracy")
    right.set_xscale("log")
    right.set(xlabel="trace of the Hessian", ylabel="test accuracy")
    right.set_title(_rho(rows, "trace"))
    return figure, data


def _rescaling(table: Table) -> Drawn:
    rows = rows_of(table, "rescaling")
    figure, (axes,) = new_figure(width=5.4)
    for fraction, colour, mark in zip(
        rows.values("fraction"), (GOOD, BAD), "os", strict=False
    ):
        own = rows.where(fraction=fraction)
        alphas = own.values("alpha")
        middle = [own.where(alpha=a).mean("trace") for a in alphas]
        for seed in own.values("seed"):
            one = own.where(seed=seed)
            axes.plot(one.column("alpha"), one.column("trace"), color=colour, lw=0.5,
                      alpha=0.5)  # fmt: skip
        axes.plot(alphas, middle, mark, color=colour, ms=6,
                  label=f"{FRACTION} {fraction:g}")  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set(
        xlabel="α: hidden layer times α, output weights divided by α", ylabel="trace"
    )
    axes.set_title("The same functions, written with other weights")
    axes.legend(frameon=False, fontsize=8)
    return figure, plain(rows, "seed", "fraction", "alpha", "trace", "change")


def _entropy(table: Table) -> Drawn:
    rows = rows_of(table, "entropy").converged
    figure, (left, right) = new_figure(2)
    matched = rows.where(protocol="matched")
    dots_by(left, matched, "fraction", "trace", "accuracy")
    left.set_title("Clean loss 0.001 for all: " + _rho(matched, "trace"))
    left.legend(title=FRACTION, frameon=False, fontsize=8, title_fontsize=8)
    bad = max(rows.where(protocol="trained on").values("fraction"), default=0.0)
    for protocol, mark, loss in (
        ("matched", "o", "0.001"),
        ("trained on", "^", "1e-5"),
    ):
        for fraction, colour, word in ((0.0, GOOD, "good"), (bad, BAD, "bad")):
            own = rows.where(protocol=protocol, fraction=fraction)
            right.plot(own.column("trace"), own.column("accuracy"), mark, color=colour,
                       ms=5.5, mec="white", mew=0.4, label=f"{word}, {loss}")  # fmt: skip
    right.set_title("Clean losses differ")
    right.legend(frameon=False, fontsize=8)
    for panel in (left, right):
        panel.set_xscale("log")
        panel.set(xlabel="trace of the Hessian", ylabel="test accuracy")
    names = ("seed", "fraction", "protocol", "clean_loss", "trace", "accuracy")
    return figure, plain(rows, *names)


def _volume(table: Table) -> Drawn:
    rows = rows_of(table, "minima").converged
    figure, (left, right) = new_figure(2)
    dots_by(left, rows, "fraction", "log_volume_50", "accuracy")
    left.set(xlabel="log-volume, k = 50", ylabel="test accuracy")
    left.set_title(_rho(rows, "log_volume_50"))
    left.legend(title=FRACTION, frameon=False, fontsize=8, title_fontsize=8)
    accuracy = rows.column("accuracy")
    rhos = [spearman(rows.column(f"log_volume_{k}"), accuracy) for k in KS]
    right.plot(KS, rhos, "o-", color=GOOD, ms=5, lw=1.2, label="log-volume")
    for name, words, style in (
        ("fraction", FRACTION, "--"),
        ("weight_norm", "‖θ‖", ":"),
    ):
        size = abs(spearman(rows.column(name), accuracy))
        right.axhline(size, color=GREY, ls=style, lw=1, label=f"|ρ| of {words}")
    right.axvline(RANK, color=BAD, lw=1)
    right.annotate("n C", (RANK, 0.02), xycoords=("data", "axes fraction"),
                   ha="right", fontsize=8, color=BAD)  # fmt: skip
    right.set_xscale("log")
    right.set_ylim(0, 1.03)
    right.set(xlabel="eigenvalues taken, k", ylabel="Spearman's ρ with test accuracy")
    right.set_title("By how many eigenvalues are taken")
    right.legend(frameon=False, fontsize=8, loc="center left")
    names = ("seed", "fraction", "accuracy", "weight_norm")
    return figure, plain(rows, *names, *(f"log_volume_{k}" for k in KS))


def _within(table: Table) -> Drawn:
    rows = rows_of(table, "within").converged
    one = rows.where(seed=rows.values("seed")[0])
    figure, (left, right) = new_figure(2)
    for axes, name, words, colour, mark in (
        (left, "log_volume_100", "log-volume, k = 100", GOOD, "o"),
        (right, "weight_norm", "weight norm ‖θ‖", GREY, "s"),
    ):
        axes.plot(one.column(name), one.column("accuracy"), mark, color=colour, ms=5,
                  mec="white", mew=0.4)  # fmt: skip
        axes.set(xlabel=words, ylabel="test accuracy")
        axes.set_title(_rho(one, name))
    names = ("seed", "start", "accuracy", "test_loss", "log_volume_100", "weight_norm")
    return figure, plain(one, *names)


def _measures(table: Table) -> Drawn:
    figure, (left, right) = new_figure(2, height=5.2)
    minima = rows_of(table, "minima").converged
    starts = rows_of(table, "within").converged
    names = [name for name in MEASURES if all(name in row for row in minima.rows)]
    places = np.arange(len(names))
    accuracy = minima.column("accuracy")
    across = [spearman(minima.column(name), accuracy) for name in names]
    left.plot(across, places, "o", color=GOOD, ms=5.5)
    data: list[Row] = [
        {"measure": name, "data": "all minima", "split": None, "rho": number(rho)}
        for name, rho in zip(names, across, strict=True)
    ]
    taken = [name for name in names if starts and all(name in r for r in starts.rows)]
    for place, name in zip(places, names, strict=True):
        each = by_split(starts, name, "accuracy") if name in taken else {}
        right.plot(list(each.values()), [place] * len(each), ".", color=GREY, ms=5,
                   alpha=0.6)  # fmt: skip
        if each:
            right.plot(np.mean(list(each.values())), place, "D", color=GOOD, ms=5.5)
        data += [
            {"measure": name, "data": "clean starts", "split": split, "rho": rho}
            for split, rho in each.items()
        ]
    left.set_yticks(places, [MEASURES[name] for name in names], fontsize=8)
    right.set_yticks(places, [])
    for axes, title in (
        (left, "All attack fractions"),
        (right, "Random starts, clean data"),
    ):
        axes.axvline(0, color=GREY, lw=0.8)
        axes.set_xlim(-1.05, 1.05)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set(xlabel="ρ with test accuracy")
        axes.set_title(title)
    return figure, data


def _complexity(table: Table) -> Drawn:
    rows = rows_of(table, "minima").converged
    figure, (axes,) = new_figure(width=5.4)
    dots_by(axes, rows, "fraction", "complexity", "frobenius")
    within = rows_of(table, "within").converged
    if within:
        axes.plot(within.column("complexity"), within.column("frobenius"), ".",
                  color=GREY, ms=4, alpha=0.5, zorder=1, label="random starts")  # fmt: skip
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set(xlabel="E‖∇ₓf‖²", ylabel="‖H‖_F")
    rho = spearman(rows.column("complexity"), rows.column("frobenius"))
    axes.set_title(f"Spearman's ρ = {rho:.2f}")
    axes.legend(title=FRACTION, frameon=False, fontsize=8, title_fontsize=8)
    names = ("seed", "fraction", "complexity", "frobenius", "complexity_ratio")
    return figure, plain(rows, *names)


def _rho(rows: Rows, name: str) -> str:
    return f"ρ = {spearman(rows.column(name), rows.column('accuracy')):.2f}"


DRAWINGS = (
    Drawing(
        name="accuracy",
        claim="C1",
        stage="minima",
        caption="Test accuracy of minima that share data, initial weights and clean "
        "loss, by how many wrongly labelled samples led to them. A mark is a network, "
        "the line their mean.",
        draw=_accuracy,
    ),
    Drawing(
        name="spectra",
        claim="C2",
        stage="minima",
        caption="Left: the eigenvalues of the Gauss-Newton matrix at the minima, by "
        "attack fraction. Right: trace and test accuracy; a mark is a network.",
        draw=_spectra,
    ),
    Drawing(
        name="rescaling",
        claim="C2",
        stage="rescaling",
        caption="The trace of good and of bad minima when the scale of their layers is "
        "exchanged. None of these changes moves an output: a good minimum can be written "
        "sharper than a bad one.",
        draw=_rescaling,
    ),
    Drawing(
        name="cross-entropy",
        claim="C2",
        stage="entropy",
        caption="Under the cross-entropy the Hessian vanishes with the loss. Left: one "
        "clean loss for all. Right: two clean losses, at which a bad network may be "
        "flatter than a good one; a colour is the same networks, trained on.",
        draw=_entropy,
    ),
    Drawing(
        name="volume",
        claim="C3",
        stage="minima",
        caption="Left: the log-volume -½ Σ log λ of the 50 largest eigenvalues and test "
        "accuracy. Right: the correlation by how many eigenvalues are taken, beside that "
        "of the attack fraction and of the weight norm; beyond n C they are noise.",
        draw=_volume,
    ),
    Drawing(
        name="measures",
        claim="C3",
        stage="minima",
        caption="Spearman's ρ of every measure with test accuracy. Left: over all minima, "
        "where whatever follows the attack fraction looks good. Right: among random "
        "starts on clean data; a dot is one split, the diamond their mean.",
        draw=_measures,
    ),
    Drawing(
        name="within",
        claim="C3",
        stage="within",
        caption="No attack samples, one data split, 60 random starts: what is left of the "
        "order among good minima.",
        draw=_within,
    ),
    Drawing(
        name="complexity",
        claim="C7",
        stage="minima",
        caption="E‖∇ₓf‖² over the clean samples and the Frobenius norm of the curvature; "
        "a mark is a network.",
        draw=_complexity,
    ),
)  # fmt: skip
