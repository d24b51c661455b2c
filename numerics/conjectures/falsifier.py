"""`falsify`: search, have the referee decide, shrink, and say what was learnt."""

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from ...theory.activations import ACTIVATIONS
from ...theory.language import parse_claim
from ..balls.verdicts import EQUAL_DIGITS
from ..exact_instances import ExactInstance
from ..two_layer import resolved_activation
from .agenda import agenda
from .assumptions import parse_assumptions
from .conclusions import attacks_of, certified, nearest_of, verdict_of
from .conjecture import Conjecture
from .exact_rows import exact_row, float_rows
from .falsification import CounterexampleFound, Falsification
from .functions import (
    Function,
    breaks,
    search_function,
    shrink_function,
    sides_of,
)
from .kinds import existing_kinds
from .ruling import ANYTHING, Ruling, certainly_met, rule
from .scoring import score
from .search import Findings, Progress, search
from .settings import loss_of, outputs_of, refuse_settings, several
from .shrinking import shrink
from .sizes import names_in

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from ..instances import Instance

__all__ = ["OUTPUTS", "falsify"]

OUTPUTS: Final = (1, 2, 3)
"""Numbers of outputs that are tried where none are given."""

LARGE = 20
"""Parameters up to which the nearest instance goes to the referee as well."""


def falsify(
    claim: str | Function,
    *,
    assume: str | Sequence[str] = (),
    activations: Any = tuple(ACTIVATIONS),
    losses: str | Iterable[str] = ("squared",),
    outputs: Iterable[int] = OUTPUTS,
    budget: float = 30.0,
    seed: int,
    strategy: "SearchStrategy[Instance] | None" = None,
    progress: Progress | None = None,
) -> Falsification:
    """Look for a counterexample to a conjecture about two-layer networks.

    Parameters
    ----------
    claim : str or callable
        One comparison in the conjecture language, such as
        ``Cx <= op(W)**2 * tr(G_bb)``; or a function of (TwoLayerProblem, θ) that returns
        whether it holds there, or the two sides of left <= right. What breaks a function
        is shown, but no ball certifies it: the verdict is then undecided.
    assume : str, or sequence of str
        Hypotheses: names such as interpolation, or comparisons such as ``m <= d``.
    activations : str, Activation or sympy.Expr, or iterable of these
        Which σ.
    losses : str, or iterable of str
        Which losses.
    outputs : iterable of int
        Which C; combinations that do not exist are skipped and named.
    budget : float
        Nominal seconds of search: a fixed amount of work.
    seed : int
        Where every random choice comes from.
    strategy : SearchStrategy, optional
        Of `Instance`: draws all instances, whatever networks are asked for above, and a
        counterexample is then shrunk within it.
    progress : callable, optional
        Told (stage, done, of).

    Returns
    -------
    Falsification
        refuted with a certified counterexample, supported, or undecided.

    Raises
    ------
    InputError
        If the claim or an assumption cannot be read, or no network of the kinds asked
        for exists.
    """
    function = claim if callable(claim) else None
    comparison = ANYTHING if callable(claim) else parse_claim(claim)
    found_losses = tuple(map(loss_of, several(losses)))
    assumptions = parse_assumptions(several(assume), found_losses)
    refuse_settings(budget, seed)
    kinds, skipped = existing_kinds(
        tuple(map(resolved_activation, several(activations))),
        found_losses,
        outputs_of(outputs),
        names_in(comparison) | assumptions.mentioned,
    )
    conjecture = Conjecture(claim=comparison, assumptions=assumptions, kinds=kinds)
    told = progress if progress is not None else _silent
    run = _Run(conjecture, function, budget=budget, seed=seed, told=told)
    # small matrices: threads inside BLAS only wait, and change the last bits
    with threadpool_limits(limits=1, user_api="blas"):
        if strategy is not None:
            return run.hunted(strategy)
        return run.searched(skipped)


class _Run:
    """One falsification, in whichever of the ways it is done."""

    def __init__(
        self,
        conjecture: Conjecture,
        function: Function | None,
        *,
        budget: float,
        seed: int,
        told: Progress,
    ) -> None:
        self.conjecture = conjecture
        self.function = function
        self.budget = budget
        self.seed = seed
        self.told = told
        self.started = time.monotonic()

    def searched(self, skipped: tuple[str, ...]) -> Falsification:
        """By the batches that the budget buys."""
        conjecture, seed, told = self.conjecture, self.seed, self.told
        rng = np.random.default_rng(seed)
        items = agenda(conjecture, budget=self.budget, rng=rng)
        if self.function is not None:
            findings, at = search_function(
                self.function, conjecture, items, seed=seed, progress=told
            )
            if at is not None:
                at = shrink_function(self.function, conjecture, at)
            return self.result(findings, self.by_floats(at), skipped)
        findings = search(
            conjecture, items, budget=self.budget, seed=seed, progress=told
        )
        smallest = findings.refuted
        if smallest is None:
            smallest = self.heard_last(findings)
        if smallest is not None:
            smallest = shrink(conjecture, smallest, seed=seed, progress=told)
        return self.result(findings, certified(smallest), skipped)

    def heard_last(self, findings: Findings) -> Ruling | None:
        """The nearest instance before the referee; its ruling if that refutes."""
        if findings.nearest is None:
            return None
        _, batch = findings.nearest
        if batch.theta.shape[1] > LARGE:
            return None
        at = exact_row(batch, 0, unit_inputs=self.conjecture.unit_inputs)
        findings.last = self.rule(at)
        return findings.last if findings.last.refutes else None

    def hunted(self, strategy: "SearchStrategy[Instance]") -> Falsification:
        """By the strategy that is given."""
        from .strategy import hunt

        findings, at = hunt(
            strategy,
            self.conjecture.assumptions,
            self.breaks,
            budget=self.budget,
            seed=self.seed,
        )
        if at is None or self.function is not None:
            return self.result(findings, self.by_floats(at), ())
        findings.refuted = self.rule(at)
        return self.result(findings, certified(findings.refuted), ())

    def breaks(self, at: ExactInstance) -> bool:
        """Whether an instance certainly meets the hypotheses and breaks the claim."""
        if self.function is None:
            claim, assumptions = self.conjecture.claim, self.conjecture.assumptions
            opened = score(claim, assumptions, float_rows([at])).open[0] >= 0
            return bool(opened) and self.rule(at).refutes
        # the cheap look first
        return breaks(self.function, at) and certainly_met(
            self.conjecture.assumptions, at
        )

    def rule(self, at: ExactInstance) -> Ruling:
        """The referee's word."""
        return rule(self.conjecture.claim, self.conjecture.assumptions, at)

    def by_floats(self, at: ExactInstance | None) -> CounterexampleFound | None:
        """What a function says of an instance."""
        if at is None or self.function is None:
            return None
        answer = sides_of(self.function, at)
        left, right = ("", "") if isinstance(answer, bool) else map(repr, answer)
        return CounterexampleFound(
            instance=at,
            left=left,
            right=right,
            certified=False,
            precision=53,
            reason="floats alone",
        )

    def result(
        self,
        findings: Findings,
        smallest: CounterexampleFound | None,
        skipped: tuple[str, ...],
    ) -> Falsification:
        """Everything that is known, with the verdict."""
        conjecture = self.conjecture
        status, reason = verdict_of(conjecture.assumptions, findings, smallest)
        text = str(conjecture.claim)
        if self.function is not None:
            text = getattr(self.function, "__qualname__", repr(self.function))
        return Falsification(
            claim=text,
            hypotheses=conjecture.assumptions.texts,
            status=status,
            reason=reason,
            counterexample=smallest,
            kinds=tuple(kind.label for kind in conjecture.kinds),
            skipped=skipped,
            attacks=attacks_of(findings),
            nearest=nearest_of(conjecture, findings),
            equal={"instances": len(findings.equal), "digits": EQUAL_DIGITS},
            heard=dict(findings.rulings),
            seed=self.seed,
            budget=self.budget,
            cut=findings.cut,
            timing={"seconds": time.monotonic() - self.started},
        )


def _silent(stage: str, done: int, of: int) -> None:
    del stage, done, of
