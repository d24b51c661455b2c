"""histogram.py, and what the engine counts with it."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landtheory.numerics.histogram import BINS, RatioHistogram
from landtheory.numerics.refute import Settings
from landtheory.numerics.run import verify
from landtheory.numerics.run_record import theorem_record
from landtheory.theory.activations import ACTIVATIONS
from landtheory.theory.catalogue import THEOREMS
from landtheory.theory.losses import LOSSES


@given(
    st.lists(
        st.one_of(st.floats(0, 1), st.just(float("nan")), st.floats(1, 1.0000001))
    ),
    st.integers(0, 5),
)
def test_every_ratio_is_in_its_bin(ratios: list[float], cut: int) -> None:
    made = RatioHistogram()
    made.add(np.array(ratios[:cut], dtype=np.float64))
    made.add(np.array(ratios[cut:], dtype=np.float64))
    known = [ratio for ratio in ratios if ratio == ratio]
    expected = Counter(min(int(ratio * BINS), BINS - 1) for ratio in known)
    assert made.counts == [expected[k] for k in range(BINS)]
    assert made.without == len(ratios) - len(known)
    assert made.record() == {"counts": made.counts, "without_ratio": made.without}


def test_the_engine_counts_every_random_instance_once_and_alike() -> None:
    settings = Settings(
        activations=(ACTIVATIONS["relu"], ACTIVATIONS["tanh"]),
        losses=(LOSSES["squared"],),
        budget=0.1,
        seed=3,
    )
    # some claims of T05 assume what few instances fulfil
    theorems = (THEOREMS["T05"], THEOREMS["T08"], THEOREMS["T24"])
    records = [
        [
            theorem_record(verdict)
            for verdict in verify(
                theorems, settings, data=None, folklore=False
            ).theorems
        ]
        for _ in range(2)
    ]
    assert records[0] == records[1]
    for record in records[0]:
        for claim in record["claims"]:
            if not claim["covered"]:
                continue
            counted = claim["ratios"]
            tried = claim["tried"].get("sweeps", 0) + claim["tried"].get("balls", 0)
            assert sum(counted["counts"]) + counted["without_ratio"] == tried
            tightest = claim["tightest"]
            if claim["worst_ratio"] is not None:
                assert tightest["ratio"] == claim["worst_ratio"]
            if claim["relation"] == "<=" and any(counted["counts"]):
                last = max(k for k, count in enumerate(counted["counts"]) if count)
                assert last / BINS <= claim["worst_ratio"] + 1e-9
        for counter in record["counterexamples"]:
            assert counter["fails"]
            assert counter["left"] != counter["right"]
