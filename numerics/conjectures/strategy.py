"""Instances from a Hypothesis strategy: drawn, judged, and shrunk within it."""

import tempfile
from collections.abc import Callable
from random import Random

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from ...errors import InputError
from ..exact_instances import ExactInstance
from ..instances import Instance
from ..property_search import as_batch
from .assumptions import Assumptions
from .exact_rows import exact_row
from .scoring import meets, usable
from .search import Findings

__all__ = ["EXAMPLES_PER_SECOND", "hunt"]

EXAMPLES_PER_SECOND = 40.0
"""That a nominal second buys."""


def hunt(
    strategy: SearchStrategy[Instance],
    assumptions: Assumptions,
    breaks: Callable[[ExactInstance], bool],
    *,
    budget: float,
    seed: int,
) -> tuple[Findings, ExactInstance | None]:
    """The simplest instance of a strategy that breaks a conjecture.

    Parameters
    ----------
    strategy : SearchStrategy of Instance
        What draws; nothing else is tried, nor any simplification outside of it.
    assumptions : Assumptions
        Hypotheses, beside what the strategy sees to.
    breaks : callable
        Whether an exact instance certainly meets the hypotheses and breaks it.
    budget : float
        Nominal seconds.
    seed : int
        Of the draws.

    Raises
    ------
    InputError
        If it is no strategy, or draws anything but instances.
    """
    if not isinstance(strategy, SearchStrategy):
        raise InputError(
            f"strategy is {strategy!r}; expected a Hypothesis strategy of instances: "
            "such as landtheory.numerics.strategies.instances()"
        )
    findings = Findings(allowance=0)

    def tried(instance: Instance) -> bool:
        if not isinstance(instance, Instance):
            raise InputError(
                f"strategy drew {instance!r}; expected an Instance: build it from those "
                "of landtheory.numerics.strategies"
            )
        batch = as_batch(instance)
        loss, C = instance.loss.name, instance.outputs
        key = ("strategy", f"{instance.activation.name}, {loss}, C = {C}")
        findings.tried[key] += 1
        if not usable(batch)[0] or not meets(assumptions, batch)[0]:
            return False
        findings.met[key] += 1
        findings.judged[key] += 1
        return breaks(exact_row(batch, 0, unit_inputs=False))

    with tempfile.TemporaryDirectory() as directory:
        set_hypothesis_home_dir(directory)
        try:
            found = find(
                strategy,
                tried,
                settings=settings(
                    max_examples=max(10, round(EXAMPLES_PER_SECOND * budget)),
                    database=None,
                    deadline=None,
                    phases=(Phase.generate, Phase.shrink),
                    suppress_health_check=list(HealthCheck),
                ),
                random=Random(seed),  # noqa: S311 - Hypothesis asks for this generator
            )
        except NoSuchExample:
            return findings, None
    return findings, exact_row(as_batch(found), 0, unit_inputs=False)
