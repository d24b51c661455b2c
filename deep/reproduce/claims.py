"""Each claim with the function that judges it."""

from collections.abc import Callable, Mapping, Sequence

from .claims_basins import (
    good_basins_dominate,
    good_minima_are_wider,
    spectra_of_every_size,
)
from .claims_order import complexity_goes_with_curvature, volume_orders_minima
from .claims_sharpness import bad_minima_are_sharper, bad_minima_exist
from .claims_starts import every_optimiser_finds_good_minima, near_a_bad_minimum_stays
from .evidence import Evidence
from .findings import Finding, not_run
from .statements import STATEMENTS

__all__ = ["JUDGES", "judge"]

JUDGES: Mapping[str, Callable[[Evidence], Finding]] = {
    "C1": bad_minima_exist,
    "C2": bad_minima_are_sharper,
    "C3": volume_orders_minima,
    "C4": every_optimiser_finds_good_minima,
    "C4b": near_a_bad_minimum_stays,
    "C5": good_minima_are_wider,
    "C6": spectra_of_every_size,
    "C7": complexity_goes_with_curvature,
    "C8": good_basins_dominate,
}
"""By the claim's name, as `STATEMENTS` has them."""


def judge(claims: Sequence[str], evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of some claims, in the order of the report.

    Parameters
    ----------
    claims : sequence of str
        Keys of `STATEMENTS`.
    evidence : Evidence
        What was measured. A claim whose first stage was not run is not judged.
    """
    found = []
    for claim, about in STATEMENTS.items():
        if claim not in claims:
            continue
        if evidence.has(about.stages[0]):
            found.append(JUDGES[claim](evidence))
        else:
            why = f"Nothing was run for it: it needs the stage {about.stages[0]}."
            found.append(not_run(claim, about.title, about.statement, why))
    return tuple(found)
