"""A linear map, recorded while it is computed once, and replayed with other arguments.

What does not depend on the argument is kept as it was then, so that a replay costs only
what does: of a Hessian-vector product, neither the forward nor the backward pass of the
primal, and none of autograd's bookkeeping.
"""

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor, nn
from torch.fx import Graph, GraphModule

from ..objective.derivatives import Maybe, Product
from ..objective.parameters import Tensors
from .location import Location
from .recorder import Recorder
from .simplify import simplify

__all__ = ["Program", "Tape", "record"]

Program = Callable[..., Sequence[Tensor]]


class Tape:
    """A linear map as the calls that depend on its argument.

    Parameters
    ----------
    program : callable
        (the argument's tensors, constants) → the result's tensors.
    constants : sequence of tensors
        All else that the calls read.
    live : sequence of bool
        Which of the map's results are not 0 for every argument.
    """

    def __init__(
        self, program: Program, constants: Sequence[Tensor], live: Sequence[bool]
    ) -> None:
        self._program = program
        self._constants = tuple(constants)
        self._live = tuple(live)

    def __call__(self, tangents: Tensors) -> Maybe:
        """The map's value at other tangents, of the same shapes and layouts."""
        with torch.inference_mode():
            found = iter(self._program(None, *tangents, *self._constants))
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
    product: Product, tangents: Tensors, programs: dict[str, Program]
) -> tuple[Maybe, Tape]:
    """Compute a linear map once, and keep what is needed to do it again.

    Parameters
    ----------
    product : callable
        From one tensor for each parameter to one, or None, for each; linear.
    tangents : tuple of tensors
        Its argument, owned by the caller: nobody else may write into them.
    programs : dict
        Compiled calls of earlier recordings, which are used again where the same calls
        come; added to.

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
    with recorder:
        values = product(tangents)
    live = recorder.finish(values)
    graph = recorder.graph
    simplify(graph)
    constants = _take_constants(graph)
    source = str(graph)
    if source not in programs:
        programs[source] = _compiled(graph)
    return values, Tape(programs[source], constants, live)


def _take_constants(graph: Graph) -> list[Tensor]:
    """The constants that are still read, in order; the graph lets go of all tensors."""
    constants = []
    for node in list(graph.nodes):
        constant = node.meta.get("constant")
        node.meta.clear()
        if constant is not None and node.users:
            constants.append(constant)
        elif constant is not None:
            graph.erase_node(node)
    return constants


def _compiled(graph: Graph) -> Program:
    # the plain function: its module is a cycle, which would outlive its users
    return type(GraphModule(nn.Module(), graph)).forward
