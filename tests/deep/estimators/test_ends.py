"""estimators/ends.py: which values are wanted, against SciPy's eigsh and brute force."""

import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.sparse.linalg import eigsh
from support.spectra import matrix, seeded

from landtheory.deep.estimators.ends import WHICH, check_which, outranks, wanted
from landtheory.errors import InputError

VALUES = torch.tensor([7.0, 3.0, 2.0, 0.5, -1.0, -2.5, -6.0, -9.0]).double()
EXPECTED = {
    ("LA", 3): [7.0, 3.0, 2.0],
    ("SA", 3): [-9.0, -6.0, -2.5],
    ("LM", 3): [-9.0, 7.0, -6.0],
    ("BE", 3): [7.0, 3.0, -9.0],
    ("BE", 4): [7.0, 3.0, -6.0, -9.0],
    ("BE", 1): [7.0],
    ("LM", 8): [-9.0, 7.0, -6.0, 3.0, -2.5, 2.0, -1.0, 0.5],
}

Chooser = Callable[[torch.Tensor, int, str], torch.Tensor]


def agrees(choose: Chooser) -> bool:
    """Compare with the lists above."""
    return all(
        VALUES[choose(VALUES, k, which)].tolist() == expected
        for (which, k), expected in EXPECTED.items()
    )


def test_the_outermost_values_come_first() -> None:
    assert agrees(wanted)


@pytest.mark.parametrize("which", WHICH)
def test_the_choice_is_that_of_scipy(which: str) -> None:
    eigenvalues = torch.randn(20, generator=seeded(0), dtype=torch.float64)
    eigenvalues = eigenvalues.sort(descending=True).values
    A = matrix(eigenvalues).numpy()
    # ARPACK has no BE with k = 1
    for k in (2, 4, 5):
        theirs = eigsh(A, k, which=which, return_eigenvectors=False, v0=np.ones(20))
        ours = eigenvalues[wanted(eigenvalues, k, which)].numpy()
        assert np.allclose(np.sort(ours), np.sort(theirs), rtol=1e-10, atol=0)


@pytest.mark.parametrize(
    "mutant",
    [
        pytest.param(lambda v, k, w: wanted(v, k, w).flip(0), id="unsorted"),
        pytest.param(lambda v, k, w: torch.arange(k), id="always-the-largest"),
        pytest.param(
            lambda v, k, w: wanted(v, k, "LA" if w == "LM" else w), id="no-magnitude"
        ),
        pytest.param(
            lambda v, k, w: (
                torch.cat([torch.arange(k // 2), torch.arange(8)[8 - k + k // 2 :]])
                if w == "BE"
                else wanted(v, k, w)
            ),
            id="one-more-below",
        ),
    ],
)
def test_the_comparison_rejects(mutant: Chooser) -> None:
    assert not agrees(mutant)


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("reach", [-0.4, 0.0, 0.6, 3.0])
def test_a_value_outranks_if_moving_it_out_changes_the_choice(
    which: str, reach: float
) -> None:
    for k in (1, 3, 4):
        places = wanted(VALUES, k, which)
        others = [i for i in range(len(VALUES)) if i not in places.tolist()]
        shift = torch.full((len(others),), reach, dtype=torch.float64)
        found = outranks(VALUES[others], shift, VALUES[places], which)
        for i, verdict in zip(others, found.tolist(), strict=True):
            assert verdict == moves_in(i, places, reach, which)


def moves_in(i: int, places: torch.Tensor, reach: float, which: str) -> bool:
    """Whether value i, moved outwards on either side that counts, would be chosen."""
    k = len(places)
    upper = {"LA": k, "SA": 0, "LM": 0, "BE": k - k // 2}[which]
    lower = {"LA": 0, "SA": k, "LM": 0, "BE": k // 2}[which]
    value = float(VALUES[i])
    if which == "LM":
        return abs(value) + reach > min(abs(v) for v in VALUES[places].tolist())
    tops = sorted(VALUES.tolist())[::-1][:upper]
    bottoms = sorted(VALUES.tolist())[:lower]
    return bool(
        (tops and value + reach > tops[-1]) or (bottoms and value - reach < bottoms[-1])
    )


def test_another_name_is_refused() -> None:
    sentence = "which is 'SM'; expected one of LA, SA, LM, BE"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        check_which("SM")
    for which in WHICH:
        check_which(which)
