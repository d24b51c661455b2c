"""Fisher matrices of a network whose loss is a log-likelihood."""

from typing import Any, Literal

import torch
from torch import Tensor, nn

from ...errors import InputError
from ..group import current_processes
from ..objective.batches import Batch
from ..objective.derivatives import OutputMap
from ..objective.likelihoods import check_likelihood, drawn_targets, score, score_square
from ..objective.losses import LossFunction, Reduction
from ..objective.objective import Objective
from ..objective.parameters import Selection
from ..objective.preserve import BatchNormMode
from ..objective.sample_draws import SampleDraws
from ..randomness import check_generator
from .operators import MapOfOutputs, SquareOperator

__all__ = ["FisherOperator"]


class FisherOperator(SquareOperator):
    """Σ_i ω_i E[g_i g_iᵀ], g_i = ∇(−log p(y | f(x_i; θ))), where L = Σ_i ω_i (−log p).

    Positive semi-definite (p, p). The expectation is over y ~ p(· | f(x_i; θ)): exact,
    and then this is the Gauss-Newton matrix; or a mean over draws. Or y is the data's
    own label: the empirical Fisher matrix, which is another matrix.

    Parameters
    ----------
    kind : {"exact", "monte-carlo", "empirical"}
        Which of these.
    draws : int
        Labels drawn for each sample, for "monte-carlo".
    generator : torch.Generator, optional
        On the CPU; needed for "monte-carlo". The labels are drawn once: the operator
        is one matrix, however it is cut into micro-batches.
    model, loss, data, params, reduction, batch_size, batch_norm, memory
        As in `CurvatureOperator`; loss is a CrossEntropyLoss, BCEWithLogitsLoss or
        MSELoss, which is the Gaussian −log p of variance 1 twice.

    References
    ----------
    Martens (2014), New insights and perspectives on the natural gradient method; Kunstner,
    Balles and Hennig (2019), Limitations of the empirical Fisher approximation.
    """

    def __init__(
        self,
        model: nn.Module,
        loss: LossFunction,
        data: Any,
        params: Selection = None,
        reduction: Reduction | None = None,
        *,
        kind: Literal["exact", "monte-carlo", "empirical"] = "exact",
        draws: int = 1,
        generator: torch.Generator | None = None,
        batch_size: int | None = None,
        batch_norm: BatchNormMode = "eval",
        memory: int | None = None,
    ) -> None:
        if kind not in ("exact", "monte-carlo", "empirical"):
            raise InputError(
                f"kind is {kind!r}; expected exact, monte-carlo or empirical"
            )
        if not _is_positive(draws):
            raise InputError(f"draws is {draws!r}; expected an integer >= 1")
        self.name = f"{kind} Fisher matrix"
        self._kind, self._draws, self._seed = kind, draws, 0
        if kind == "monte-carlo":
            self._seed = _drawn_seed(generator)
            with current_processes().together("generator", [str(self._seed)]):
                pass
        super().__init__(
            model,
            loss,
            data,
            params,
            reduction,
            batch_size=batch_size,
            batch_norm=batch_norm,
            memory=memory,
        )

    def _check(self, objective: Objective) -> None:
        check_likelihood(objective.loss, of_labels=self._kind != "exact")

    def _map_of_outputs(self, objective: Objective) -> MapOfOutputs:
        loss = objective.loss

        def made(index: int, batch: Batch, output: Tensor) -> OutputMap:
            targets = batch.targets
            if self._kind == "exact":
                return lambda u: loss.hessian_product(output, targets, u)
            if self._kind == "empirical":
                labels = [targets]
            else:
                # a sample has its own numbers, so that every pass draws the same
                numbers = SampleDraws(self._seed, self.risk.starts[index])
                labels = drawn_targets(loss, output, targets, numbers, self._draws)
            scores = [score(loss, output, each) for each in labels]
            return lambda u: score_square(loss, output, targets, scores, u)

        return made


def _is_positive(draws: object) -> bool:
    return isinstance(draws, int) and not isinstance(draws, bool) and draws >= 1


def _drawn_seed(generator: torch.Generator | None) -> int:
    if generator is None:
        raise InputError(
            "generator is None and kind is 'monte-carlo'; expected a torch.Generator: "
            "make one by torch.Generator().manual_seed(seed)"
        )
    check_generator(generator)
    return int(torch.randint(2**62, (), generator=generator))
