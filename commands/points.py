"""Networks with their loss and data, from options or from the folder of a run."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .deep_options import use_threads

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from ..deep.landscape.point import Point

__all__ = ["Chosen", "Labelled", "missed_in_run", "network_of_run", "points_of_run"]

LOSSES = ("cross-entropy", "squared")


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """A point, with what it is called.

    Attributes
    ----------
    point : Point
        The network.
    about : dict
        What is known of it, as values that JSON can hold.
    """

    point: "Point"
    about: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A network and data as the options name them.

    Attributes
    ----------
    model, data : str
        As `build_network` and `load_data` take them.
    samples : int or None
        Of the data.
    labels : str or None
        parity or classes: as `landtheory minima` splits the data, the clean samples of
        `seed`. None for all of the data, as deep-spectrum takes them.
    loss : str or None
        squared or cross-entropy; by default squared with labels, cross-entropy without.
    device : str
        As `choose_device` takes it.
    batch_size : int or None
        Of a micro-batch.
    seed : int
        Of the data, of their split, and of weights that are not given.
    init : str
        Of weights that are not given.

    Raises
    ------
    InputError
        If there is no such loss.
    """

    model: str
    data: str
    samples: int | None
    labels: str | None
    loss: str | None
    device: str
    batch_size: int | None
    seed: int
    init: str = "default"

    def __post_init__(self) -> None:
        if self.loss not in (None, *LOSSES):
            raise InputError(
                f"loss is {self.loss!r}; expected one of {', '.join(LOSSES)}"
            )

    @property
    def ell(self) -> str:
        """The loss, by its name."""
        return self.loss or ("cross-entropy" if self.labels is None else "squared")

    def record(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return asdict(self) | {"loss": self.ell}

    def labelled(self, weights: str) -> "Iterator[Labelled]":
        """The one network with these weights."""
        for point in self.points([weights]):
            yield Labelled(point=point, about={"name": f"{self.model}, {weights}"})

    def points(self, weights: list[str | None]) -> "Iterator[Point]":
        """One point for each file of weights, of the same data.

        Raises
        ------
        InputError
            If one of them cannot be had.
        """
        from ..deep.devices import choose_device
        from ..deep.landscape.point import Point

        device = choose_device(self.device)
        X, y, outputs = self._samples()
        for file in weights:
            model = self._network(tuple(X.shape[1:]), outputs, file).to(device)
            _set_threads(model, device)
            yield Point(
                model, self._loss(y), (X, y), "mean", batch_size=self.batch_size
            )

    def _network(
        self, shape: tuple[int, ...], outputs: int, file: str | None
    ) -> "nn.Module":
        import torch

        from ..deep.minima.architectures import build_network
        from ..deep.runs.streams import generator_for
        from ..deep.training.weights import load_weights

        model = build_network(
            self.model,
            shape=shape,
            outputs=outputs,
            initialisation=self.init,
            generator=generator_for(self.seed, "initialisation"),
        )
        # first: a file may hold more digits than the network was made with
        model = model.to(torch.float64)
        if file is not None:
            load_weights(model, Path(file))
        return model

    def _samples(self) -> "tuple[Tensor, Tensor, int]":
        """X, y and C."""
        import torch
        from torch.nn.functional import one_hot

        from ..deep.data.sets import load_data
        from ..deep.minima.attack import attack_data

        if self.labels is not None:
            whole = load_data(self.data, seed=self.seed, dtype=torch.float64)
            split = attack_data(
                whole,
                seed=self.seed,
                samples=200 if self.samples is None else self.samples,
                pool=0,
                labels=self.labels,
                dtype=torch.float64,
            )
            return split.clean.X, split.clean.y, split.outputs
        found = load_data(
            self.data, seed=self.seed, samples=self.samples, dtype=torch.float64
        )
        y = found.y
        if self.ell == "squared":
            y = one_hot(y, found.classes).to(torch.float64)
        return found.X, y, found.classes

    def _loss(self, y: "Tensor") -> Any:
        from torch import nn

        from ..deep.minima.losses import mean_loss

        # labels as classes, and the ±1 or one-hot targets of a split
        return mean_loss(self.ell) if y.is_floating_point() else nn.CrossEntropyLoss()


def _set_threads(model: "nn.Module", device: "torch.device") -> None:
    """Before anything is computed: another number of threads rounds otherwise."""
    use_threads(device.type, sum(w.numel() for w in model.parameters()))


def points_of_run(folder: str, *, device: str) -> Iterator[Labelled]:
    """Every network of a complete run of deep-spectrum or minima.

    Parameters
    ----------
    folder : str
        Of the run.
    device : str
        Where they shall be.

    Yields
    ------
    Labelled
        One of a deep-spectrum run; of a minima run all that converged.

    Raises
    ------
    InputError
        If it is no such folder, or not complete.
    """
    path = Path(folder)
    try:
        known = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
        kind = str(known["format"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"run is {folder!r}; expected the folder of a run of deep-spectrum or minima"
        ) from error
    if kind.startswith("landtheory minima"):
        yield from _of_minima(path, device)
    else:
        yield from _of_spectrum(path, device)


def missed_in_run(folder: str) -> list[dict[str, str]]:
    """The networks of a minima run that missed a target, each with the reason.

    Parameters
    ----------
    folder : str
        Of a run that `points_of_run` takes; other runs than those of minima miss none.

    Raises
    ------
    InputError
        If the run is not complete.
    """
    if not _is_minima(folder):
        return []
    from ..deep.minima.folder import read_minima

    return [
        {"name": _name(one.fraction, one.seed), "reason": one.reason}
        for one in read_minima(Path(folder))[1]
        if not one.converged
    ]


def network_of_run(name: str, *, device: str) -> Labelled | None:
    """The network RUN/attack-FRACTION-seed-SEED of a minima run, if that is one.

    Parameters
    ----------
    name : str
        As users give it; a file of weights is none.
    device : str
        Where it shall be.

    Raises
    ------
    InputError
        If the run holds no such network, or it missed a target.
    """
    found = re.fullmatch(r"(.+)/attack-([0-9.]+)-seed-([0-9]+)", name)
    if found is None or not _is_minima(found[1]):
        return None
    for one in points_of_run(found[1], device=device):
        if (f"{one.about['fraction']:g}", one.about["seed"]) == (
            f"{float(found[2]):g}",
            int(found[3]),
        ):
            return one
    raise InputError(
        f"network is {name!r}; expected one that the run found: its converged minima are "
        "listed by landtheory volume with the folder"
    )


def _is_minima(folder: str) -> bool:
    try:
        text = (Path(folder) / "manifest.json").read_text(encoding="utf-8")
        return str(json.loads(text)["format"]).startswith("landtheory minima")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _name(fraction: float, seed: int) -> str:
    return f"attack {fraction:g}, seed {seed}"


def _of_minima(path: Path, device: str) -> Iterator[Labelled]:
    from ..deep.devices import choose_device
    from ..deep.landscape.point import Point
    from ..deep.minima.folder import read_minima
    from ..deep.minima.losses import mean_loss
    from ..deep.minima.run import prepare_minima
    from ..deep.minima.settings import MinimaSettings

    record, found = read_minima(path)
    settings = MinimaSettings.of(record["settings"])
    prepared = prepare_minima(settings)
    place = choose_device(device)
    for minimum in found:
        if not minimum.converged:
            continue
        one = prepared.data[minimum.seed]
        model = minimum.into(_start(settings.model, one.shape, one.outputs)).to(place)
        _set_threads(model, place)
        point = Point(model, mean_loss(settings.loss), tuple(one.clean), "mean")
        about = {
            "name": _name(minimum.fraction, minimum.seed),
            "model": settings.model,
            "data": settings.data,
            "fraction": minimum.fraction,
            "seed": minimum.seed,
            "test_accuracy": minimum.test_accuracy,
        }
        yield Labelled(point=point, about=about)


def _start(model: str, shape: tuple[int, ...], outputs: int) -> "nn.Module":
    """A network whose weights are to be replaced."""
    from ..deep.minima.architectures import build_network
    from ..deep.runs.streams import generator_for

    return build_network(
        model,
        shape=shape,
        outputs=outputs,
        initialisation="default",
        generator=generator_for(0, "initialisation"),
    )


def _of_spectrum(path: Path, device: str) -> Iterator[Labelled]:
    from ..deep.runs.folder import WEIGHTS, read_run

    record, _ = read_run(path)
    settings = record["settings"]
    own = path / WEIGHTS
    chosen = Chosen(
        model=settings["model"],
        data=settings["data"],
        samples=settings["samples"],
        labels=None,
        loss="cross-entropy",
        device=device,
        batch_size=settings["batch_size"],
        seed=settings["seed"],
        init=settings["initialisation"],
    )
    file = str(own) if own.is_file() else settings["weights"]
    for point in chosen.points([file]):
        yield Labelled(point=point, about={"name": f"{settings['model']} of {path}"})
