"""numerics/_kernels.py: compiled kernels against the same functions run plain."""

import numpy as np
from support.problems import make

from landtheory.numerics import _kernels
from landtheory.numerics._jit import jitted


def test_small_hessians_compiled_equals_plain() -> None:
    problem, theta, _, _ = make("tanh", "softmax", 3, n=3, d=2, m=2)
    fwd = problem._pass(theta[None])
    names = ("A", "s0", "s1", "s2", "r", "S")
    arrays = [np.ascontiguousarray(getattr(fwd, name)) for name in names]
    x = np.ascontiguousarray(fwd.x[None])
    results = []
    for kernel in (_kernels.small_hessians, jitted(_kernels.small_hessians)):
        G, F = (np.zeros((1, problem.p, problem.p)) for _ in range(2))
        kernel(x, *arrays, G, F)
        results.append(G + F)
    assert np.allclose(results[0], results[1], rtol=1e-13, atol=1e-15)
    assert np.allclose(results[0][0], problem.hessian(theta), rtol=1e-11, atol=1e-14)


def test_dense_hessian_plain_equals_compiled() -> None:
    problem, theta, _, _ = make("tanh", "squared", 2, n=3, d=2, m=2)
    compiled = problem.hessian(theta)
    from landtheory.numerics import hessian as module

    kept = module.jitted
    module.jitted = lambda kernel: kernel
    try:
        plain = problem.hessian(theta)
    finally:
        module.jitted = kept
    assert np.allclose(plain, compiled, rtol=1e-13, atol=1e-15)
