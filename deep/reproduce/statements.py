"""The claims in words, and which stages of a run each of them needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from .findings import Finding, Statistic, decide

__all__ = ["STATEMENTS", "Statement", "finding"]


@dataclass(frozen=True)
class Statement:
    """A claim before anything is measured.

    Attributes
    ----------
    title, statement : str
        In a few words, and as it is tested.
    stages : tuple of str
        What it is tested on; the first is needed, the others are used if they were run.
    """

    title: str
    statement: str
    stages: tuple[str, ...]


STATEMENTS = {
    "C1": Statement(
        "Bad minima exist",
        "Training on wrongly labelled extra samples leads to minima of the clean loss "
        "that fit every clean sample, and the more of them, the lower the test accuracy.",
        ("minima", "entropy"),
    ),
    "C2": Statement(
        "Bad minima are sharper",
        "At one clean loss, the Hessian of minima that generalise badly has a larger "
        "trace, largest eigenvalue and Frobenius norm, and more large eigenvalues.",
        ("minima", "rescaling", "entropy", "check"),
    ),
    "C3": Statement(
        "The volume of the basin orders minima",
        "The larger the log-volume of the basin, -½ Σ log λ over the k largest "
        "eigenvalues, the higher the test accuracy.",
        ("minima", "within", "learning"),
    ),
    "C4": Statement(
        "Every optimiser finds good minima",
        "From standard random initialisations, full-batch gradient descent, SGD, Adam "
        "and L-BFGS all reach minima that generalise: it is not the noise of SGD.",
        ("starts", "scales"),
    ),
    "C4b": Statement(
        "A start near a bad minimum stays there",
        "Trained on clean samples from a start near a bad minimum, a network ends in a "
        "bad minimum.",
        ("near", "minima", "escape"),
    ),
    "C5": Statement(
        "Good minima are wider",
        "On the line from a good to a bad minimum, the good one's side stays below a "
        "given loss for longer.",
        ("lines",),
    ),
    "C6": Statement(
        "Spectra tell small and large networks alike",
        "The log-volume orders minima by test accuracy in networks of every size and "
        "kind.",
        ("sizes", "convolutional", "closer"),
    ),
    "C7": Statement(
        "Low complexity goes with a small Hessian",
        "Networks with a small E‖∇ₓf‖² have a small Hessian, and the bound of the one by "
        "the other holds.",
        ("minima", "within"),
    ),
    "C8": Statement(
        "Good basins dominate by volume",
        "The basins of good minima are larger than those of bad ones by a factor so "
        "large that random starts fall into them.",
        ("volumes", "minima"),
    ),
}
"""By the claim's name, in the order of the report."""


def finding(
    claim: str,
    tests: Sequence[Statistic],
    sentence: str,
    breaks: Sequence[str],
    notes: Sequence[str],
) -> Finding:
    """A claim's finding, its word decided by its tests.

    Parameters
    ----------
    claim : str
        A key of `STATEMENTS`.
    tests : sequence of Statistic
        Its tests.
    sentence : str
        What was found.
    breaks, notes : sequences of str
        Where it does not hold, and how to read the numbers.
    """
    about = STATEMENTS[claim]
    return Finding(
        claim=claim,
        title=about.title,
        statement=about.statement,
        word=decide(tests),
        sentence=sentence,
        statistics=tuple(tests),
        breaks=tuple(breaks),
        notes=tuple(notes),
    )
