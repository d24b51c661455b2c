"""How often the falsifier finds what is false, over seeds, and in what time.

    python tests/quality/falsifier_rates.py [SEEDS]

prints, for every false conjecture of `support.conjectures`, in how many of the runs it
fell, in how many the counterexample had the smallest sizes, and CPU seconds of a run; for
every true one, what became of it; then the same, once, for all claims and mutants of the
catalogue that are comparisons. Runs are of 2 nominal seconds.
"""

import sys
from collections import Counter
from pathlib import Path
from statistics import median
from time import process_time

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from support.conjectures import FALSE, TRUE, Known, catalogue

from landtheory.numerics import falsify
from landtheory.verdict import Status

SEEDS = 20
BUDGET = 2.0
SOON = 2.0
"""Seconds in which a false conjecture is to fall."""


def rates(known: Known, seeds: int) -> tuple[int, int, list[float]]:
    """Runs that refuted it, those that reached its sizes, and their CPU seconds."""
    fallen, smallest, seconds = 0, 0, []
    for seed in range(seeds):
        started = process_time()
        found = falsify(known.claim, budget=BUDGET, seed=seed, **known.options)
        seconds.append(process_time() - started)
        if found.status is Status.REFUTED and found.counterexample is not None:
            at = found.counterexample.instance
            fallen += 1
            smallest += (at.n, at.d, at.m, at.C) == known.sizes
    return fallen, smallest, seconds


def outcomes(known: Known, seeds: int) -> Counter[str]:
    """How many runs of a true conjecture ended in each verdict."""
    return Counter(
        falsify(known.claim, budget=BUDGET, seed=seed, **known.options).status.value
        for seed in range(seeds)
    )


def described(known: Known) -> str:
    assumed = f", assuming {', '.join(known.assume)}" if known.assume else ""
    return f"{known.claim}{assumed} [{', '.join(known.activations)}]"


def main(seeds: int) -> int:
    """Print both tables; 1 if a true conjecture was refuted."""
    # the first run compiles what all others use
    falsify("L >= 0", budget=BUDGET, seed=0)
    found, shrunk, soon = 0, 0, 0
    for known in FALSE:
        fallen, smallest, seconds = rates(known, seeds)
        found, shrunk = found + fallen, shrunk + smallest
        soon += sum(one < SOON for one in seconds)
        print(
            f"{fallen:3d} of {seeds} refuted, {smallest:3d} smallest, "
            f"{median(seconds):.2f} s (at most {max(seconds):.2f} s)  {described(known)}",
            flush=True,
        )
    total = seeds * len(FALSE)
    print(f"{found} of {total} runs refuted, {shrunk} shrunk to the smallest sizes")
    print(f"{soon} of {total} runs took less than {SOON:g} s of CPU time")
    wrong = 0
    for known in TRUE:
        ended = outcomes(known, seeds)
        wrong += ended["refuted"]
        print(f"{dict(ended)}  {described(known)}", flush=True)
    print(f"{wrong} of {seeds * len(TRUE)} runs on true conjectures refuted them")
    wrong += examine_catalogue()
    return 1 if wrong else 0


def examine_catalogue() -> int:
    """Print what became of the catalogue; how many of its claims were refuted."""
    counts: Counter[tuple[bool, str]] = Counter()
    for name, known, true in catalogue():
        ended = falsify(known.claim, budget=BUDGET, seed=0, **known.options).status
        counts[true, ended.value] += 1
        if (ended is Status.REFUTED) is true:
            print(f"{ended.value}: {name}: {described(known)}", flush=True)
    for (true, status), count in counts.items():
        print(f"{count} {'claims' if true else 'mutants'} of the catalogue {status}")
    return counts[True, "refuted"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS))
