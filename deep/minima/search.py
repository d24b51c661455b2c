"""The search for minima: first on clean and attack samples, then on clean ones alone.

Both phases end at a given loss, the second at the same clean loss for every network. So
minima that generalise differently are compared at one training loss, and at a training
accuracy of 100 %.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

import torch
from torch import nn

from ...errors import InputError
from ..devices import deterministic
from ..objective.parameters import Parameters
from ..objective.preserve import preserved
from ..progress import Progress, part
from ..runs.streams import generator_for
from .attack import AttackData
from .descent import descend
from .ensemble import Ensemble, is_dense
from .family import Descent, Networks
from .losses import check_loss, temperature_for
from .minimum import Minimum, Phase, measured, outputs_of
from .optimisers import Method
from .samples import Samples
from .single import Single

__all__ = ["PROTOCOLS", "Case", "Protocol", "Search", "find_minima"]

MEMBERS = 32
"""Of an ensemble, at most."""

MATCHED = 0.99
"""Share of its target below which a clean loss is no longer the same."""


FIRST = Method(name="adam", learning_rate=1e-2, schedule="cosine", steps=4000)
POLISH = Method(name="adam", learning_rate=1e-3, steps=3000)
"""Of the two phases, unless another is asked for."""


class Case(NamedTuple):
    """One minimum that is looked for."""

    seed: int
    fraction: float


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """How minima are found.

    Attributes
    ----------
    loss : {"squared", "cross-entropy"}
        ℓ.
    first : Method
        Of the first phase, on clean and attack samples.
    target : float
        Loss of all of them at which it ends.
    polish : Method or None
        Of the second phase, on clean samples; None for no such phase.
    polish_target : float
        Clean loss at which it ends.
    temperature_loss : float or None
        Cross-entropy that the temperature gives the clean outputs; None for none.

    Raises
    ------
    InputError
        If the loss is none of these, a target is not positive, or a temperature is
        asked for with the squared loss.
    """

    loss: str = "squared"
    first: Method = FIRST
    target: float = 1e-2
    polish: Method | None = POLISH
    polish_target: float = 1e-3
    temperature_loss: float | None = None

    def __post_init__(self) -> None:
        check_loss(self.loss)
        for name in ("target", "polish_target"):
            value = getattr(self, name)
            if not (value > 0 and isfinite(value)):
                raise InputError(f"{name} is {value!r}; expected a finite number > 0")
        if self.temperature_loss is not None and self.loss != "cross-entropy":
            raise InputError(
                f"temperature_loss is {self.temperature_loss!r} for the {self.loss} "
                "loss; expected none: only the cross-entropy has a temperature"
            )


PROTOCOLS = {
    "squared": Protocol(),
    "cross-entropy": Protocol(loss="cross-entropy", temperature_loss=0.1),
}
"""By the loss."""


class Search:
    """Minima for every fraction and seed, in groups that are trained together.

    The members of a group have one fraction, so that none needs padding, and what is
    found does not depend on the other fractions. A group gives the same bits whenever
    it is run on the same machine with as many threads.

    Parameters
    ----------
    build : callable
        Case -> its network with initial weights, all of one architecture. The same for
        every fraction of a seed where they shall share their start.
    data : mapping of int to AttackData
        By seed.
    fractions : sequence of float
        Of attack samples by clean ones.
    protocol : Protocol
        How.
    dtype : torch.dtype
        Of the networks while they are trained.
    device : torch.device, optional
        Where; the CPU by default.

    Raises
    ------
    InputError
        If there is nothing to look for, a fraction is more than the pool of a seed, the
        network has other than C outputs, or too few parameters for the squared loss of
        so many samples to be small.
    """

    def __init__(
        self,
        *,
        build: Callable[[Case], nn.Module],
        data: Mapping[int, AttackData],
        fractions: Sequence[float],
        protocol: Protocol,
        dtype: torch.dtype = torch.float32,
        device: torch.device | None = None,
    ) -> None:
        self.build, self._data, self.protocol = build, dict(data), protocol
        self._dtype, self._device = dtype, device or torch.device("cpu")
        _check_cases(self._data, fractions)
        model = build(Case(next(iter(self._data)), fractions[0]))
        self.p = Parameters.select(model).p
        for one in self._data.values():
            check_outputs_of(model, one)
            check_parameters(self.p, one, max(fractions), protocol.loss)
        size = MEMBERS if is_dense(model) else 1
        seeds = list(self._data)
        self.groups = tuple(
            tuple(Case(seed, fraction) for seed in seeds[i : i + size])
            for fraction in fractions
            for i in range(0, len(seeds), size)
        )

    def run(
        self, group: Sequence[Case], *, progress: Progress | None = None
    ) -> tuple[Minimum, ...]:
        """The minima of a group, in its order, those that miss a target too.

        Parameters
        ----------
        group : sequence of Case
            One of `groups`.
        progress : callable, optional
            Told (step, of) before each step, over both phases.
        """
        models = [self.build(case) for case in group]
        networks: Networks
        if len(models) == 1 and not is_dense(models[0]):
            networks = Single(models[0], dtype=self._dtype, device=self._device)
        else:
            networks = Ensemble.of(models, dtype=self._dtype, device=self._device)
        with deterministic(self._device):
            return self._found(group, networks, progress)

    def _found(
        self, group: Sequence[Case], networks: Networks, progress: Progress | None
    ) -> tuple[Minimum, ...]:
        protocol = self.protocol
        polishing = 0 if protocol.polish is None else protocol.polish.steps
        whole = protocol.first.steps + polishing
        descents = descend(
            networks,
            self._samples(group),
            loss=protocol.loss,
            method=protocol.first,
            target=protocol.target,
            generators=_generators(group, "first"),
            progress=part(progress, done=0, of=whole),
        )
        phases = [
            self._phase(case, networks.member(i), descents[i], protocol.target)
            for i, case in enumerate(group)
        ]
        found = {
            i: self._minimum(case, networks, i, phases[i], None)
            for i, case in enumerate(group)
        }
        ready = [i for i, phase in enumerate(phases) if phase.reached]
        if protocol.polish is not None and ready:
            rows = torch.tensor(ready, device=networks.theta.device)
            polished = networks.kept(rows)
            cases = [group[i] for i in ready]
            descents = descend(
                polished,
                self._samples([case._replace(fraction=0.0) for case in cases]),
                loss=protocol.loss,
                method=protocol.polish,
                target=protocol.polish_target,
                generators=_generators(cases, "polish"),
                progress=part(progress, done=protocol.first.steps, of=whole),
            )
            for row, (i, case) in enumerate(zip(ready, cases, strict=True)):
                model = polished.member(row)
                end = self._phase(case, model, descents[row], protocol.polish_target)
                found[i] = self._minimum(case, polished, row, phases[i], end)
        return tuple(found[i] for i in range(len(group)))

    def _samples(self, cases: Sequence[Case]) -> Samples:
        parts = [self._data[case.seed].training(case.fraction) for case in cases]
        return Samples.of(parts, dtype=self._dtype, device=self._device)

    def _phase(
        self, case: Case, model: nn.Module, descent: Descent, target: float
    ) -> Phase:
        data = self._data[case.seed]
        return measured(
            model,
            data,
            descent,
            loss=self.protocol.loss,
            target=target,
            attacked=data.attacked(case.fraction),
        )

    def _minimum(
        self, case: Case, networks: Networks, i: int, first: Phase, polish: Phase | None
    ) -> Minimum:
        data, end = self._data[case.seed], first if polish is None else polish
        reason = _shortfall(self.protocol, first, polish, data.n)
        model = networks.member(i, dtype=self._dtype)
        temperature = None
        if self.protocol.temperature_loss is not None and end.clean_accuracy == 1:
            f = outputs_of(networks.member(i), data.clean.X)
            level = self.protocol.temperature_loss
            temperature = temperature_for(f, data.clean.y, loss=level)
        return Minimum(
            state={name: value.clone() for name, value in model.state_dict().items()},
            seed=case.seed,
            fraction=case.fraction,
            attacked=data.attacked(case.fraction),
            first=first,
            polish=polish,
            clean_loss=end.clean_loss,
            clean_accuracy=end.clean_accuracy,
            test_loss=end.test_loss,
            test_accuracy=end.test_accuracy,
            weight_norm=float(networks.theta[i].to(torch.float64).norm()),
            temperature=temperature,
            converged=not reason,
            reason=reason,
        )


def find_minima(
    build: Callable[[Case], nn.Module],
    data: Mapping[int, AttackData],
    *,
    fractions: Sequence[float],
    protocol: Protocol,
    dtype: torch.dtype = torch.float32,
    device: torch.device | None = None,
    progress: Progress | None = None,
) -> tuple[Minimum, ...]:
    """The minima of every fraction and seed, as `Search` finds them.

    Parameters
    ----------
    build, data, fractions, protocol, dtype, device
        As `Search` takes them.
    progress : callable, optional
        Told (step, of) before each step, over all groups.

    Returns
    -------
    tuple of Minimum
        Fraction by fraction, and seed by seed; also those that did not converge.
    """
    search = Search(
        build=build,
        data=data,
        fractions=fractions,
        protocol=protocol,
        dtype=dtype,
        device=device,
    )
    found: list[Minimum] = []
    polish = protocol.polish
    steps = protocol.first.steps + (0 if polish is None else polish.steps)
    of = steps * len(search.groups)
    for i, group in enumerate(search.groups):
        found += search.run(group, progress=part(progress, done=i * steps, of=of))
    return tuple(found)


def check_outputs_of(model: nn.Module, data: AttackData) -> None:
    """Refuse a network whose outputs would be compared with targets of another shape.

    Raises
    ------
    InputError
        If its outputs for two samples are not (2, C).
    """
    like = next(model.parameters())
    X = data.test.X[:1].repeat(2, *(1 for _ in data.shape)).to(like)
    with preserved(model, device=like.device), torch.no_grad():
        shape = tuple(model(X).shape)
    if shape != (2, data.outputs):
        raise InputError(
            f"model gives outputs of shape {shape} for 2 samples; expected "
            f"{(2, data.outputs)}: build it for C = {data.outputs}"
        )


def check_parameters(p: int, data: AttackData, fraction: float, loss: str) -> None:
    """Refuse a network that has too few parameters to fit so many targets.

    The squared loss of N samples with C outputs asks for N C numbers. Below p = 2 N C
    networks were seen to miss their target; above it some still do.

    Raises
    ------
    InputError
        If p < 2 C (n + n_attack), for the squared loss.
    """
    samples = data.n + data.attacked(fraction)
    least = 2 * data.outputs * samples
    if loss == "squared" and p < least:
        raise InputError(
            f"p is {p}; expected at least 2 C (n + n_attack) = {least} parameters under "
            f"the squared loss, for {samples} samples and C = {data.outputs}: take a "
            "larger model, fewer samples or a smaller fraction"
        )


def _check_cases(data: Mapping[int, AttackData], fractions: Sequence[float]) -> None:
    if not data or not fractions:
        raise InputError(
            f"data and fractions are {len(data)} and {len(fractions)}; expected at least "
            "one of each"
        )
    if len(set(fractions)) < len(fractions):
        raise InputError(f"fractions are {list(fractions)}; expected different ones")
    for one in data.values():
        for fraction in fractions:
            one.attacked(fraction)


def _generators(cases: Sequence[Case], phase: str) -> list[torch.Generator]:
    return [generator_for(case.seed, f"batches of the {phase}") for case in cases]


def _shortfall(protocol: Protocol, first: Phase, polish: Phase | None, n: int) -> str:
    """Why this is no minimum to compare with others; empty if it is one."""
    if not first.reached:
        return _missed("the loss of clean and attack samples", first)
    if protocol.polish is not None and polish is not None:
        if not polish.reached:
            return _missed("the clean loss", polish)
        if polish.clean_loss < MATCHED * polish.target:
            return (
                f"the clean loss is {polish.clean_loss:.3g} already at the end of the "
                f"first phase, below its target {polish.target:g}"
            )
    end = first if polish is None else polish
    wrong = round((1 - end.clean_accuracy) * n)
    return f"{wrong} of {n} clean samples are wrong" if wrong else ""


def _missed(what: str, phase: Phase) -> str:
    if not isfinite(phase.loss):
        return f"{what} is not finite after {phase.steps} steps"
    return (
        f"{what} is {phase.loss:.3g} after {phase.steps} steps, above its target "
        f"{phase.target:g}"
    )
