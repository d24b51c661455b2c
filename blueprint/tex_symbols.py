"""Commands of LaTeX that the catalogue uses, and the characters that they stand for."""

from typing import Final

__all__ = [
    "ACCENTS",
    "BIG",
    "FUNCTIONS",
    "LETTERS",
    "SIGNS",
    "SPACES",
    "bold",
    "hollow",
]

LETTERS: Final = {
    r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\delta": "δ", r"\epsilon": "ϵ",
    r"\varepsilon": "ε", r"\zeta": "ζ", r"\eta": "η", r"\theta": "θ", r"\kappa": "κ",
    r"\lambda": "λ", r"\mu": "μ", r"\nu": "ν", r"\xi": "ξ", r"\pi": "π", r"\rho": "ρ",
    r"\varrho": "ϱ", r"\sigma": "σ", r"\tau": "τ", r"\phi": "ϕ", r"\varphi": "φ",
    r"\psi": "ψ", r"\omega": "ω", r"\Gamma": "Γ", r"\Delta": "Δ", r"\Lambda": "Λ",
    r"\Sigma": "Σ", r"\Omega": "Ω", r"\ell": "ℓ", r"\partial": "∂", r"\nabla": "∇",
    r"\infty": "∞", r"\dots": "…", r"\#": "#", r"\blacksquare": "∎", "!": "!", ".": ".",
    r"\top": "T",
}  # fmt: skip
"""Letters, and signs that are set like letters."""

FUNCTIONS: Final = {
    rf"\{name}": name
    for name in (
        *("log", "ln", "exp", "det", "max", "min", "sup", "inf", "ker", "dim", "lim"),
        *("cos", "sin", "arcsin", "arg"),
    )
}

BIG: Final = {r"\sum": "∑", r"\prod": "∏", r"\int": "∫"}

SPACES: Final = {
    r"\,": "0.167em", r"\ ": "0.3em", r"\;": "0.28em", r"\quad": "1em",
    r"\qquad": "2em",
}  # fmt: skip

ACCENTS: Final = {
    r"\tilde": "˜", r"\widetilde": "˜", r"\hat": "ˆ", r"\widehat": "ˆ", r"\bar": "¯",
    r"\overline": "¯", r"\dot": "˙",
}  # fmt: skip

SIGNS: Final = {
    "sign": {"+": "+", r"\pm": "±"},
    "factor": {
        r"\cdot": "⋅", r"\times": "×", r"\otimes": "⊗",
        r"\cap": "∩", r"\cup": "∪", r"\oplus": "⊕", r"\odot": "⊙", r"\setminus": "∖",
        r"\circ": "∘", "*": "∗",
    },
    "relation": {
        "=": "=", "<": "<", ">": ">", r"\le": "≤", r"\leq": "≤", r"\ge": "≥",
        r"\geq": "≥", r"\ne": "≠", r"\neq": "≠", r"\sim": "∼", r"\approx": "≈",
        r"\equiv": "≡", r"\in": "∈", r"\notin": "∉", r"\subset": "⊂",
        r"\subseteq": "⊆", r"\succeq": "⪰", r"\preceq": "⪯", r"\to": "→",
        r"\mapsto": "↦", r"\Rightarrow": "⇒", r"\Leftrightarrow": "⇔", r"\perp": "⊥",
        r"\mid": "∣", ":": ":", r"\ll": "≪", r"\gg": "≫",
    },
}  # fmt: skip
"""Between two terms or factors: what joins them, and what relates them."""

_HOLLOW: Final = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "C": "ℂ", "E": "𝔼", "P": "ℙ", "Q": "ℚ"}


def bold(text: str) -> str:
    """Bold capital and small letters."""
    return "".join(
        chr(0x1D400 + ord(c) - ord("A"))
        if "A" <= c <= "Z"
        else chr(0x1D41A + ord(c) - ord("a"))
        if "a" <= c <= "z"
        else c
        for c in text
    )


def hollow(text: str) -> str:
    """Letters of sets, such as ℝ.

    Raises
    ------
    KeyError
        If a letter has none.
    """
    return "".join(_HOLLOW[c] for c in text)
