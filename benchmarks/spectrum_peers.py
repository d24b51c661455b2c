"""Eigenvalues, densities and traces of the same Hessian by the peers.

Each gives its result and how many products it made, or None where it is not installed:
pip install 'landtheory[bench]'.
"""

import importlib
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from networks import Network
from scipy.sparse.linalg import LinearOperator, eigsh

__all__ = ["DENSITIES", "EIGENVALUES", "TRACES", "arpack"]

LOSS = torch.nn.CrossEntropyLoss()
Values = tuple[np.ndarray, int]
Measure = tuple[np.ndarray, np.ndarray, int]


class Counted:
    """A function with a count of its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        self.calls += 1
        return self.function(*arguments, **options)


def arpack(
    product: Callable[[np.ndarray], np.ndarray],
    p: int,
    *,
    k: int,
    tol: float,
    seed: int,
    dtype: Any = np.float64,
) -> Values:
    """SciPy's eigsh on any product."""
    counted = Counted(lambda v: product(v.ravel()))
    start = np.random.default_rng(seed).standard_normal(p).astype(dtype)
    op = LinearOperator((p, p), matvec=counted, dtype=dtype)
    values = eigsh(op, k, which="LM", tol=tol, v0=start, return_eigenvectors=False)
    return values, counted.calls


def curvlinops_operator(net: Network) -> Any:
    """curvlinops's Hessian, or None."""
    try:
        from curvlinops import HessianLinearOperator
    except ImportError:
        return None
    params = list(net.model.parameters())
    return HessianLinearOperator(net.model, LOSS, params, [net.data])


def curvlinops_eigenvalues(
    net: Network, k: int, tol: float, seed: int
) -> Values | None:
    """curvlinops's Hessian, through its SciPy face, with eigsh."""
    op = curvlinops_operator(net)
    if op is None:
        return None
    face = op.to_scipy()
    return arpack(face.matvec, net.p, k=k, tol=tol, seed=seed, dtype=face.dtype)


def pyhessian_eigenvalues(net: Network, k: int, tol: float, seed: int) -> Values | None:
    """PyHessian's power iterations with deflation, 100 at most each by default."""
    try:
        # the package hides this module behind a class of the same name
        module = importlib.import_module("pyhessian.hessian")
    except ImportError:
        return None
    counted = Counted(module.hessian_vector_product)
    before, module.hessian_vector_product = module.hessian_vector_product, counted
    try:
        with torch.random.fork_rng(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.default_generator.manual_seed(seed)
            made = module.hessian(net.model, LOSS, data=net.data, cuda=False)
            values, _ = made.eigenvalues(tol=tol, top_n=k)
    finally:
        module.hessian_vector_product = before
        net.model.zero_grad(set_to_none=True)
    return np.array(values), counted.calls


def eigenthings_operator(net: Network) -> Any:
    """hessian-eigenthings's Hessian, with a count of its products, or None."""
    try:
        import hessian_eigenthings as module
    except ImportError:
        return None
    op = module.HessianOperator(net.model, [net.data], module.supervised_loss(LOSS))
    op.matvec = Counted(op.matvec)
    return op


def eigenthings_eigenvalues(
    net: Network, k: int, tol: float, seed: int
) -> Values | None:
    """hessian-eigenthings's Lanczos at its default of 2 k steps."""
    op = eigenthings_operator(net)
    if op is None:
        return None
    from hessian_eigenthings import lanczos

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = lanczos(op, k=k, tol=tol, seed=seed)
    return found.eigenvalues.numpy(), op.matvec.calls


def curvlinops_density(net: Network, seed: int) -> Measure | None:
    """curvlinops's smoothed spectrum, normalised to a measure on its grid."""
    op = curvlinops_operator(net)
    if op is None:
        return None
    from curvlinops import lanczos_approximate_spectrum

    op = Recording(op)
    # curvlinops draws from the global states
    np.random.seed(seed)  # noqa: NPY002
    with torch.random.fork_rng():
        torch.default_generator.manual_seed(seed)
        grid, density = lanczos_approximate_spectrum(op.given, 128)
    x, y = np.asarray(grid, dtype=float), np.asarray(density, dtype=float)
    return x, y / y.sum(), op.products


class Recording:
    """A curvlinops operator whose products are counted."""

    def __init__(self, given: Any) -> None:
        self.given, self.products = given, 0
        plain = given._matmat

        def matmat(X: Any) -> Any:
            self.products += X[0].shape[-1]
            return plain(X)

        given._matmat = matmat


def eigenthings_density(net: Network, seed: int) -> Measure | None:
    """hessian-eigenthings's density from 100 steps, with its default width."""
    op = eigenthings_operator(net)
    if op is None:
        return None
    from hessian_eigenthings import spectral_density

    found = spectral_density(op, num_runs=1, lanczos_steps=100, seed=seed)
    x, y = found.grid.double().numpy(), found.density.double().numpy()
    return x, y / y.sum(), op.matvec.calls


def hutchinson(H: torch.Tensor, products: int, seed: int) -> float:
    """PyHessian's trace estimator without its stopping rule: Rademacher vectors."""
    generator = torch.Generator().manual_seed(seed)
    V = torch.randint(0, 2, (len(H), products), generator=generator).double() * 2 - 1
    return float((V * (H @ V)).sum(dim=0).mean())


def _curvlinops_trace(name: str) -> Callable[[torch.Tensor, int, int], float | None]:
    def estimate(H: torch.Tensor, products: int, seed: int) -> float | None:
        try:
            import curvlinops
        except ImportError:
            return None
        with torch.random.fork_rng():
            torch.default_generator.manual_seed(seed)
            return float(getattr(curvlinops, name)(H, products))

    return estimate


EIGENVALUES = {
    "curvlinops + eigsh": curvlinops_eigenvalues,
    "PyHessian": pyhessian_eigenvalues,
    "hessian-eigenthings": eigenthings_eigenvalues,
}
DENSITIES = {
    "curvlinops": curvlinops_density,
    "hessian-eigenthings": eigenthings_density,
}
TRACES = {
    "Hutchinson (PyHessian)": hutchinson,
    "Hutch++ (curvlinops)": _curvlinops_trace("hutchpp_trace"),
    "XTrace (curvlinops)": _curvlinops_trace("xtrace"),
}
