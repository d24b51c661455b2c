"""How long closed forms take: all blocks for any size against brute force for one size.

Both in this process, after import: the gradient, H, G, F and the Fisher information for
symbolic n, d, m and C (68 blocks, σ undefined), and `sympy.hessian` of the explicit
loss at d = 3, m = 4 (n = 2, C = 1).
"""

from time import perf_counter

import sympy as sp

from landtheory.theory import UNDEFINED, TwoLayerNet
from landtheory.theory.explicit import scalar
from landtheory.theory.sigma import sigma

BLOCKS = ("W", "b", "A", "c")
MATRICES = ("hessian", "gauss_newton", "residual_hessian", "fisher")


def derived(loss: str) -> float:
    """Seconds for every block, for any size; a cold cache, as in a fresh process."""
    sp.core.cache.clear_cache()
    start = perf_counter()
    net = TwoLayerNet(UNDEFINED, loss)
    for rows in BLOCKS:
        net.gradient.block(rows)
        for columns in BLOCKS:
            for name in MATRICES:
                net.block(rows, columns, name)
    return perf_counter() - start


def brute_force(n: int = 2, d: int = 3, m: int = 4) -> float:
    """Seconds for sympy.hessian of the mean squared loss at one size."""
    sp.core.cache.clear_cache()
    start = perf_counter()
    theta = list(TwoLayerNet(UNDEFINED).explicit(n=n, d=d, m=m, C=1).theta)
    total = sp.Integer(0)
    for i in range(1, n + 1):
        f = scalar("c", (1,))
        for k in range(1, m + 1):
            products = (
                scalar("W", (k, j)) * scalar("x", (i, j)) for j in range(1, d + 1)
            )
            f += scalar("A", (1, k)) * sigma()(scalar("b", (k,)) + sum(products))
        total += (f - scalar("y", (i, 1))) ** 2 / (2 * n)
    sp.hessian(total, theta)
    return perf_counter() - start


def main() -> None:
    """Print the medians of three, and their ratio."""
    force = sorted(brute_force() for _ in range(3))[1]
    print(f"sympy.hessian at n=2, d=3, m=4, C=1: {force:.3f} s")
    for loss in ("squared", "logistic", "softmax"):
        seconds = sorted(derived(loss) for _ in range(3))[1]
        print(
            f"all 68 blocks for any size, {loss}: {seconds:.3f} s, "
            f"{force / seconds:.1f} times faster"
        )


if __name__ == "__main__":
    main()
