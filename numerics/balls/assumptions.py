"""Named assumptions at an exact instance: certainly met, certainly not, or open."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ...errors import InputError
from .activations import value_of
from .linear_algebra import rank_bounds
from .network import Network
from .numbers import Number, Numbers, surely_zero

__all__ = ["NAMED", "assumption"]


def assumption(name: str, network: Network) -> bool | None:
    """Whether the network meets an assumption: True, False, or None where that is open.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in NAMED:
        raise InputError(f"assumes is {name!r}; expected one of {', '.join(NAMED)}")
    return NAMED[name](network)


def _all(*flags: bool | None) -> bool | None:
    if False in flags:
        return False
    return None if None in flags else True


def _any(*flags: bool | None) -> bool | None:
    if True in flags:
        return True
    return None if None in flags else False


def _vanish(entries: Numbers) -> bool | None:
    """Whether all of them are 0."""
    if any(entry != 0 for entry in entries.flat):
        return False
    return True if all(map(surely_zero, entries.flat)) else None


def _differs(entry: Number) -> bool | None:
    """Whether a number is not 0."""
    if entry != 0:
        return True
    return False if surely_zero(entry) else None


def _some_entry(entries: Numbers) -> bool | None:
    """Whether not all of them are 0."""
    return _any(*map(_differs, entries.flat))


def _interpolation(network: Network) -> bool | None:
    return _vanish(network.r.items)


def _critical(network: Network) -> bool | None:
    return _vanish(network.grad.items)


def _active(network: Network) -> bool | None:
    columns = network.A.items[0].T
    return _all(*map(_some_entry, columns))


def _full_rank_jacobian(network: Network) -> bool | None:
    return _full(network.J.items[0], network.n * network.C, network.row_rank)


def _full_rank_first_layer(network: Network) -> bool | None:
    return _full(network.W.items[0], network.m, None)


def _full(matrix: Numbers, rank: int, most: int | None) -> bool | None:
    low, high = rank_bounds(matrix, most=most)
    if low >= rank:
        return True
    return False if high < rank else None


def _nonzero_inputs(network: Network) -> bool | None:
    return _all(*map(_some_entry, network.x.items[0]))


def _distinct_inputs(network: Network) -> bool | None:
    return len(network.equal_inputs) == network.n


def _unit_inputs(network: Network) -> bool | None:
    return _vanish(((network.x * network.x).sum(-1) - 1.0).items)


def _no_dead_neurons(network: Network) -> bool | None:
    units = network.s1.items[0].T
    return _all(*map(_some_entry, units))


def _off_kinks(network: Network) -> bool | None:
    kinks = [value_of(kink, {}) for kink in network.activation.kinks]
    z = network.z.items.flat
    return _all(*(_differs(one - kink) for one in z for kink in kinks))


NAMED: Final[Mapping[str, Callable[[Network], bool | None]]] = MappingProxyType(
    {
        "interpolation": _interpolation,
        "critical": _critical,
        "active": _active,
        "full_rank_jacobian": _full_rank_jacobian,
        "full_rank_first_layer": _full_rank_first_layer,
        "nonzero_inputs": _nonzero_inputs,
        "distinct_inputs": _distinct_inputs,
        "unit_inputs": _unit_inputs,
        "no_dead_neurons": _no_dead_neurons,
        "off_kinks": _off_kinks,
    }
)
"""Every named assumption: no_dead_neurons means σ'(z_ik) ≠ 0 at some i for every k."""
