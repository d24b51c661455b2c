"""A linear map, recorded while it is computed once, and replayed with other arguments.

What does not depend on the argument is kept as it was then, so that a replay costs only
what does: of a Hessian-vector product, neither the forward nor the backward pass of the
primal, and none of autograd's bookkeeping.
"""

import sys
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

from ..objective.derivatives import Maybe, Product
from ..objective.parameters import Tensors
from .location import Location
from .program import Program
from .recorder import Recorder
from .simplify import simplify

__all__ = ["Programs", "Tape", "record"]

Programs = dict[Hashable, Program]


class Tape:
    """A linear map as the calls that depend on its argument.

    Parameters
    ----------
    program : Program, or another callable
        The argument's tensors and the constants → the result's tensors.
    constants : sequence of tensors
        All else that the calls read.
    live : sequence of bool
        Which of the map's results are not 0 for every argument.
    """

    def __init__(
        self,
        program: Callable[[Sequence[Tensor]], Sequence[Tensor]],
        constants: Sequence[Tensor],
        live: Sequence[bool],
    ) -> None:
        self._program = program
        self._constants = tuple(constants)
        self._live = tuple(live)

    def __call__(self, tangents: Tensors) -> Maybe:
        """The map's value at other tangents, of the same shapes and layouts."""
        with torch.inference_mode():
            found = iter(self._program((*tangents, *self._constants)))
        return tuple(next(found) if live else None for live in self._live)

    def nbytes(self, beside: Iterable[Tensor] = ()) -> int:
        """Memory that is held by this alone.

        Parameters
        ----------
        beside : iterable of tensors
            What is held anyway, such as θ.
        """
        shared = {Location.of(tensor).home for tensor in beside}
        held = {
            Location.of(tensor).home: tensor.untyped_storage().nbytes()
            for tensor in self._constants
        }
        return sum(size for home, size in held.items() if home not in shared)


def record(
    product: Product, tangents: Tensors, programs: Programs
) -> tuple[Maybe, Tape]:
    """Compute a linear map once, and keep what is needed to do it again.

    Parameters
    ----------
    product : callable
        From one tensor for each parameter to one, or None, for each; linear.
    tangents : tuple of tensors
        Its argument, owned by the caller: nobody else may write into them.
    programs : dict
        The calls of earlier recordings, which are used again where the same ones come;
        added to.

    Returns
    -------
    values : tuple of tensors or None
        The map's value.
    tape : Tape
        The map.

    Raises
    ------
    CannotRecordError
        If a call gives anything but tensors that depends on the argument, a random
        number is drawn, or a tensor has no memory of its own.
    """
    recorder = Recorder(tangents)
    with _eagerly(), recorder:
        values = product(tangents)
    live = recorder.finish(values)
    graph = recorder.graph
    simplify(graph)
    constants = graph.take_constants()
    program = Program(graph)
    return values, Tape(programs.setdefault(program.key, program), constants, live)


def _eagerly() -> AbstractContextManager[None]:
    """What torch.compile made runs as it was written, and nothing is compiled."""
    # without the compiler, which takes seconds to load, nothing can have been
    if "torch._dynamo" not in sys.modules:
        return nullcontext()
    return torch.compiler.set_stance("force_eager")
