"""How fast each claim is judged, and how soon each mutant is found.

    python benchmarks/claims.py [T06 T15 …]

Instances a second of CPU time on one core: networks by the batch, instances of other
worlds one by one in ball arithmetic. Then, for each mutant, the CPU time until the engine
finds a counterexample among instances drawn for it alone, over several seeds.
"""

import sys
from time import thread_time

import numpy as np
from threadpoolctl import threadpool_limits

from landtheory.numerics.drawn import draw
from landtheory.numerics.hunting import own_batches
from landtheory.numerics.judge import applicable, judge
from landtheory.numerics.plan import BATCH
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.sampling import sample
from landtheory.numerics.worlds import get_world
from landtheory.numerics.worlds.judge import Subject
from landtheory.theory import THEOREMS, get_activation, get_loss
from landtheory.theory.theorems import Claim, Theorem
from landtheory.theory.worlds import NETWORKS

SEEDS = 5
COUNT = 256
WORLD_COUNT = 12
SOON = 2.0
"""Seconds within which nine mutants of ten are to be found."""

LIMIT = 20.0
"""Seconds after which the search for a mutant is given up."""


def rate(claim: Claim) -> float:
    """Instances judged a second."""
    rng = np.random.default_rng(0)
    if claim.world != NETWORKS:
        world = get_world(claim.world)
        things = [world.draw(rng) for _ in range(WORLD_COUNT)]
        start = thread_time()
        for thing in things:
            Subject(world, thing).judge(claim)
        return WORLD_COUNT / (thread_time() - start)
    batches = own_batches(
        claim, claim.activations, claim.losses, rng, batches=8, count=COUNT
    )
    spent, judged = 0.0, 0
    for instances, drawn, _ in batches:
        start = thread_time()
        judge(claim, Quantities(instances), drawn)
        spent += thread_time() - start
        judged += len(instances)
    return judged / spent if judged else float("nan")


def seconds(claim: Claim, seed: int) -> float:
    """CPU time until a counterexample is found; infinite if none is."""
    rng = np.random.default_rng(seed)
    start = thread_time()
    if claim.world != NETWORKS:
        world = get_world(claim.world)
        while thread_time() - start < LIMIT:
            if Subject(world, world.draw(rng)).judge(claim).broken:
                return thread_time() - start
        return float("inf")
    for _, drawn, q in own_batches(
        claim, claim.activations, claim.losses, rng, batches=10**6, count=BATCH // 8
    ):
        if judge(claim, q, drawn).broken.any():
            return thread_time() - start
        if thread_time() - start > LIMIT:
            break
    return float("inf")


def main() -> None:
    """Print both tables."""
    chosen: list[Theorem] = [THEOREMS[name] for name in sys.argv[1:]] or [
        *THEOREMS.values()
    ]
    with threadpool_limits(limits=1, user_api="blas"):
        _warm()
        for theorem in chosen:
            rates = [f"{one.label}: {rate(one):,.0f}" for one in theorem.claims]
            print(f"{theorem.id}, instances/s: {', '.join(rates)}", flush=True)
        found, late = [], []
        for theorem in chosen:
            for mutant in theorem.mutants:
                times = [seconds(mutant.claim, seed) for seed in range(SEEDS)]
                found += times
                if max(times) > SOON:
                    late.append(f"{theorem.id}: {mutant.name}: {max(times):.1f} s")
    for line in late:
        print("later than", SOON, "s at some seed:", line)
    soon = sum(time <= SOON for time in found)
    print(
        f"{soon} of {len(found)} searches ({soon / len(found):.1%}; {SEEDS} seeds each) "
        f"found their mutant within {SOON:g} s; median {np.median(found) * 1e3:.0f} ms, "
        f"never found: {sum(time == float('inf') for time in found)}"
    )


def _warm() -> None:
    """Compile the kernels."""
    rng = np.random.default_rng(0)
    from landtheory.numerics.sampling import Shape

    some = sample(
        get_activation("tanh"),
        get_loss("squared"),
        Shape(n=2, d=1, m=1, C=1),
        "free",
        8,
        rng,
    )
    q, drawn = Quantities(some), draw(some, rng)
    for claim in THEOREMS["T02"].claims:
        if applicable(claim, q):
            judge(claim, q, drawn)


if __name__ == "__main__":
    main()
