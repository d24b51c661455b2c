"""What judging the claims of each theorem costs: the table of `numerics/plan.py`.

CPU microseconds an instance: all claims that are not dear, then all that are, on networks
of the sizes and kinds that a run draws. Everything that a theorem needs is charged to it,
though a run computes what several theorems share only once.
"""

from time import thread_time

import numpy as np
from threadpoolctl import threadpool_limits

from landtheory.numerics.drawn import draw
from landtheory.numerics.judge import applicable, judge
from landtheory.numerics.plan import plan
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.sampling import sample
from landtheory.theory import ACTIVATIONS, LOSSES, THEOREMS
from landtheory.theory.theorems import Theorem
from landtheory.theory.worlds import NETWORKS

COUNT = 256


def costs(theorem: Theorem, seed: int = 0) -> tuple[float, float]:
    """Microseconds an instance for the claims that are not dear, and the dear ones."""
    rng = np.random.default_rng(seed)
    kinds = tuple(ACTIVATIONS.values()), tuple(LOSSES.values())
    spent, judged = [0.0, 0.0], [0, 0]
    for cell in plan((theorem,), *kinds, budget=1e-3, rng=rng).cells:
        arguments = (cell.activation, cell.loss, cell.shape, cell.regime)
        instances = sample(*arguments, COUNT, rng)
        drawn = draw(instances, rng)
        for dear in (False, True):
            start = thread_time()
            q = Quantities(instances)
            for claim in theorem.claims:
                if claim.dear is dear and applicable(claim, q):
                    judge(claim, q, drawn)
            spent[dear] += thread_time() - start
            judged[dear] += len(instances)
    return 1e6 * spent[0] / judged[0], 1e6 * spent[1] / judged[1]


def main() -> None:
    """Print the table."""
    with threadpool_limits(limits=1, user_api="blas"):
        costs(THEOREMS["T04"])
        for theorem in THEOREMS.values():
            if NETWORKS not in theorem.worlds:
                continue
            cheap, dear = costs(theorem)
            print(f"{theorem.id}: {cheap:.0f}, {dear:.0f}", flush=True)


if __name__ == "__main__":
    main()
