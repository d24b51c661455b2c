"""Products with a sum of curvature matrices over micro-batches, recorded while they fit."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import InputError
from ..devices import widest_dtype
from ..factories import first_line
from ..objective.batches import Batch
from ..objective.derivatives import Maybe
from ..objective.parameters import Tensors
from ..objective.preserve import nondeterministic_calls
from ..objective.risk import Risk
from .failures import explained, is_short_of_memory
from .recorder import CannotRecordError
from .tape import Programs, Tape, record
from .trust import agree_on_few, are_near, refuse_asymmetric, refuse_untrue

__all__ = ["Curvature", "Plan", "Products"]

WORTH_RECORDING = 4
"""Vectors in one product from which even a tape that cannot be kept costs less."""


BatchProduct = Callable[[int, Batch, Tensors], Maybe]


class Curvature(NamedTuple):
    """How one micro-batch multiplies a vector.

    Attributes
    ----------
    name : str
        Of the matrix, for messages.
    forward, reverse : callable
        (number of the batch, batch, tangents) → the product, with forward mode
        differentiation and without.
    is_square : bool
        Whether it is made of first derivatives, in forward mode from the right and in
        reverse mode from the left: symmetric only if both are right.
    """

    name: str
    forward: BatchProduct
    reverse: BatchProduct
    is_square: bool


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is kept between products.

    Attributes
    ----------
    micro_batches : int
        How many there are, of those of this process.
    kept : int
        How many are recorded, and so cost less than half of what the others do.
    bytes_kept, bytes_allowed : int
        Memory that they hold, and may hold.
    method : str
        How each product is made.
    """

    micro_batches: int
    kept: int
    bytes_kept: int
    bytes_allowed: int
    method: str


class Products:
    """V ↦ Σ_k c_k A_k V, each A_k V recorded the first time it is computed.

    Parameters
    ----------
    risk : Risk
        Micro-batches and their coefficients c_k.
    curvature : Curvature
        How each A_k multiplies.
    bytes_allowed : int
        Memory that recordings may hold.

    Notes
    -----
    Before forward mode is trusted, a product is compared with that of reverse mode, with
    some of the samples where these can be had alone; before a recording is, its replay
    at another argument.
    """

    def __init__(self, risk: Risk, curvature: Curvature, bytes_allowed: int) -> None:
        self._risk, self._curvature = risk, curvature
        self._allowed = bytes_allowed
        self._kept: dict[int, Tape] = {}
        self._bytes = self._last_size = 0
        self._programs: Programs = {}
        self._product: BatchProduct | None = None
        # none, in a process for which there was no micro-batch
        self._counted = len(risk.owned)
        self._why_not_recorded = ""
        self._method = ""

    def plan(self) -> Plan:
        """What is kept; after recording the first micro-batch if no product was made."""
        if self._counted:
            self._decide()
        owns = self._risk.processes.owns
        return Plan(
            micro_batches=sum(map(owns, range(len(self._risk.coefficients)))),
            kept=len(self._kept),
            bytes_kept=self._bytes,
            bytes_allowed=self._allowed,
            method=self._method + self._why_not_recorded,
        )

    def nondeterministic_calls(self) -> tuple[str, ...]:
        """Names of calls whose sums have no fixed order, in a product of one batch."""
        if not self._counted:
            return ()
        product = self._decide()
        index, batch = self._first()
        with self._risk.ready():
            return nondeterministic_calls(
                lambda: product(index, batch, self._direction())
            )

    def __call__(self, V: Tensor) -> Tensor:
        """Σ_k c_k A_k V for V (p, k), in float64 where the device has it.

        Raises
        ------
        InputError
            If an entry of the product is not finite, or the model cannot be
            differentiated twice.
        """
        names = self._risk.objective.parameters.names
        total = self._risk.processes.summed(
            lambda: self._own(V), "v", [V, self._curvature.name, *names]
        )
        self._refuse_non_finite(total, V)
        return total.T

    def _own(self, V: Tensor) -> Tensor:
        """The same over the micro-batches of this process, (k, p)."""
        objective, coefficients = self._risk.objective, self._risk.coefficients
        total = torch.zeros(
            V.shape[::-1], dtype=widest_dtype(objective.device), device=objective.device
        )
        if not self._counted:
            return total
        product = self._decide()
        columns = V.unbind(1)
        for index, tape in self._kept.items():
            self._add(total, map(tape, map(objective.tangents, columns)), index)
        if len(self._kept) < self._counted:
            for index, batch in self._risk.passes():
                if index not in self._kept and coefficients[index]:
                    found = self._multiplied(product, index, batch, columns)
                    self._add(total, found, index)
        return total

    def _add(self, total: Tensor, products: Iterable[Maybe], index: int) -> None:
        for row, product in zip(total, products, strict=True):
            self._risk.add(row, product, self._risk.coefficients[index])

    def _multiplied(
        self, product: BatchProduct, index: int, batch: Batch, columns: Sequence[Tensor]
    ) -> Iterator[Maybe]:
        """A_k V, one column after the other; recorded, and kept if there is room."""
        tape: Tape | None = None
        if self._is_worth_recording(len(columns)):
            _, tape = self._recorded(product, index, batch)
            self._keep_if_it_fits(index, tape)
        for column in columns:
            tangents = self._risk.objective.tangents(column)
            # a recording is replayed at once: a product has the same bits ever after
            yield tape(tangents) if tape else product(index, batch, tangents)

    def _is_worth_recording(self, columns: int) -> bool:
        if self._why_not_recorded:
            return False
        fits = self._bytes + self._last_size <= self._allowed
        return fits or columns >= WORTH_RECORDING

    def _keep_if_it_fits(self, index: int, tape: Tape | None) -> None:
        if tape is None:
            return
        self._last_size = tape.nbytes(beside=self._risk.objective.theta)
        if self._bytes + self._last_size <= self._allowed:
            self._kept[index] = tape
            self._bytes += self._last_size

    def _first(self) -> tuple[int, Batch]:
        """The first micro-batch that counts."""
        return next(
            (index, batch)
            for index, batch in self._risk.passes()
            if self._risk.coefficients[index]
        )

    def _direction(self, phase: float = 0.0) -> Tensors:
        """A vector without structure that could hide what is wrong.

        A caller's may be 0, or a row of the identity.
        """
        p = self._risk.objective.parameters.p
        v = (torch.arange(p, dtype=torch.float64).square() + phase).cos()
        return self._risk.objective.tangents(v)

    def _decide(self) -> BatchProduct:
        """How products are made: seen on the first micro-batch, before the first one."""
        if self._product is None:
            index, batch = self._first()
            with self._risk.ready():
                product, value, tape = self._decided(index, batch)
                u = self._direction(1.0)
                other = tape(u) if tape else product(index, batch, u)
            v, name = self._direction(), self._curvature.name
            refuse_asymmetric(name, v, value, u, other)
            self._product = product
            self._keep_if_it_fits(index, tape)
        return self._product

    def _decided(
        self, index: int, batch: Batch
    ) -> tuple[BatchProduct, Maybe, Tape | None]:
        forward, reverse = self._curvature.forward, self._curvature.reverse
        exact: Maybe | None = None
        agreed = self._agree_on_few(index, batch)
        if not agreed:
            exact = self._exact(index, batch)
        try:
            value, tape = self._recorded(forward, index, batch)
        except RuntimeError as error:
            if exact is None and not agreed:
                raise explained(error, batch) from error
            why = f", since torch raised {first_line(error)}"
        else:
            if exact is None or are_near(value, exact):
                self._method = "forward over reverse mode"
                return forward, value, tape
            why = ", since forward mode differs from it"
        self._why_not_recorded = ""
        self._method = "reverse over reverse mode" + why
        try:
            return reverse, *self._recorded(reverse, index, batch)
        except RuntimeError as error:
            raise explained(error, batch) from error

    def _agree_on_few(self, index: int, batch: Batch) -> bool:
        if self._risk.objective.couples_samples:
            return False
        forward, reverse = self._curvature.forward, self._curvature.reverse
        return agree_on_few(
            lambda few: forward(index, few, self._direction()),
            lambda few: reverse(index, few, self._direction()),
            batch,
        )

    def _exact(self, index: int, batch: Batch) -> Maybe | None:
        """The product in reverse mode; None for a square that has none."""
        try:
            return self._curvature.reverse(index, batch, self._direction())
        except RuntimeError as error:
            # of a square, symmetry will say whether forward mode is right
            if not self._curvature.is_square or is_short_of_memory(error):
                raise explained(error, batch) from error
            return None

    def _recorded(
        self, product: BatchProduct, index: int, batch: Batch
    ) -> tuple[Maybe, Tape | None]:
        """A product, and a tape of it whose replay is true."""
        known, direction = len(self._programs), self._direction()
        try:
            value, tape = record(
                lambda v: product(index, batch, v), direction, self._programs
            )
            if len(self._programs) > known:
                refuse_untrue(tape, direction, value)
        except CannotRecordError as reason:
            self._why_not_recorded = f", not recorded: {reason}"
            return product(index, batch, direction), None
        return value, tape

    def _refuse_non_finite(self, total: Tensor, V: Tensor) -> None:
        # one sum sees every NaN and infinity, unless it overflows by itself
        if math.isfinite(float(total.sum())):
            return
        if not bool(torch.isfinite(V).all()):
            raise InputError("v has entries that are not finite; expected finite ones")
        for name, place in self._risk.objective.parameters.slices.items():
            if not bool(torch.isfinite(total[:, place]).all()):
                raise InputError(
                    f"the product of the {self._curvature.name} with v is not finite in "
                    f"parameter {name!r}; expected a loss that is twice differentiable "
                    "at the model's weights, and no overflow"
                )
