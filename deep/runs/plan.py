"""How many products a run takes, and whether its vectors fit in memory."""

from dataclasses import asdict, dataclass
from typing import Any

from ...errors import InputError
from ..budget import spare_bytes
from ..estimators.complement import BATCH
from ..estimators.eigenvalues import BASIS, PATIENCE
from ..estimators.quadrature import Split, split_products
from ..group import current_processes
from .prepared import Prepared
from .settings import SpectrumSettings

__all__ = ["SpectrumPlan", "plan_spectrum"]

TRACE_PRODUCTS = 20
"""Probes for the trace and the Frobenius norm together, after the eigenvalues."""

DENSITY_PRODUCTS = 80
"""Products for the density, if neither probes nor steps are given."""

NUMBER = 8
"""Bytes of a float64: vectors are kept in it whatever the model's dtype."""


@dataclass(frozen=True, kw_only=True)
class SpectrumPlan:
    """What a run will do.

    Attributes
    ----------
    p, n : int
        Parameters and samples.
    epochs : int
        Passes over the data before; 0 without training.
    most_products : int
        After which the eigenvalues are given as they are, not converged.
    verification_products, trace_products, density_products : int
        Vectors multiplied for each.
    density : Split or None
        Deflation, probes and steps.
    basis : int
        Vectors that Lanczos keeps before it restarts.
    bytes_needed, bytes_available : int
        For the vectors, at most, and what is free now; of several processes, in each,
        and in the one that has least.
    bytes_per_product : int
        On the disk, if the run is kept in a folder, until it is complete.
    """

    p: int
    n: int
    epochs: int
    most_products: int
    verification_products: int
    trace_products: int
    density_products: int
    density: Split | None
    basis: int
    bytes_needed: int
    bytes_available: int
    bytes_per_product: int

    def record(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        split = None if self.density is None else self.density._asdict()
        return asdict(self) | {"density": split}


def plan_spectrum(settings: SpectrumSettings, prepared: Prepared) -> SpectrumPlan:
    """The plan of a run.

    Vectors are what its memory goes into: p numbers of 8 bytes each, for the basis, for
    the pairs and their products while they are verified, and for the probes.

    Raises
    ------
    InputError
        If not even the smallest basis fits.
    """
    p, k = prepared.p, settings.k
    split = _split(settings, p)
    beside = 4 * k + 3 * BATCH
    if split is not None:
        beside += min(BATCH, split.probes) * (split.steps + 4) + split.deflate
    least, wanted = min(p, k + 2), min(p, max(BASIS, 4 * k, k + 2))
    processes = current_processes()
    own = spare_bytes(prepared.device) // processes.sharing(prepared.device)
    available = min(processes.gathered(own))
    fitting = available // (2 * NUMBER * p) - beside
    basis = max(least, min(wanted, fitting))
    needed = NUMBER * p * (basis + beside)
    if needed > available:
        raise InputError(
            f"model is {settings.model!r} with p = {p} parameters; expected a run that "
            f"fits in memory, but {basis + beside} vectors take {needed / 2**30:.1f} GiB "
            f"and {available / 2**30:.1f} GiB are available: lower --k, or leave out "
            "the density"
        )
    return SpectrumPlan(
        p=p,
        n=prepared.data.n,
        epochs=0 if prepared.recipe is None else prepared.recipe.epochs,
        most_products=max(10 * PATIENCE, PATIENCE * k),
        verification_products=k,
        trace_products=TRACE_PRODUCTS if settings.trace else 0,
        density_products=0 if split is None else _count(split),
        density=split,
        basis=basis,
        bytes_needed=needed,
        bytes_available=available,
        bytes_per_product=NUMBER * p,
    )


def _count(split: Split) -> int:
    return split.deflate + split.probes * split.steps


def _split(settings: SpectrumSettings, p: int) -> Split | None:
    """Probes and steps; the Krylov basis of the eigenvalues deflates, unless p is small."""
    if not (settings.density or settings.volume):
        return None
    probes, steps = settings.probes, settings.steps
    if probes is None and steps is None:
        if p <= DENSITY_PRODUCTS:
            # then all of the space is reached, and nothing is left to chance
            return Split(deflate=p, probes=1, steps=1)
        return split_products(DENSITY_PRODUCTS, p, share=0)
    if probes is None:
        return Split(0, max(1, DENSITY_PRODUCTS // (steps or 1)), steps or 1)
    return Split(0, probes, steps or max(1, DENSITY_PRODUCTS // probes))
