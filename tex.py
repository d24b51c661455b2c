"""The catalogue's LaTeX as plain Unicode text, and plain text in other formats."""

import re
from typing import Final

__all__ = ["escaped", "literal", "plain"]

_WORDS: Final = {
    r"\partial": "∂", r"\nabla": "∇", r"\sigma": "σ", r"\lambda": "λ", r"\theta": "θ",
    r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\mu": "μ", r"\rho": "ρ",
    r"\delta": "δ", r"\omega": "ω", r"\varphi": "φ", r"\circ": "∘", r"\otimes": "⊗",
    r"\sum": "Σ", r"\prod": "Π", r"\le": "≤", r"\ge": "≥", r"\ne": "≠", r"\pm": "±",
    r"\cdot": "·", r"\times": "×", r"\to": "→", r"\mapsto": "↦", r"\in": "∈",
    r"\succeq": "⪰", r"\cup": "∪", r"\dots": "…", r"\infty": "∞", r"\blacksquare": "∎",
    r"\Rightarrow": "⇒", r"\log": "log", r"\ln": "ln", r"\det": "det", r"\max": "max",
    r"\min": "min", r"\ell": "ℓ", r"\quad": "  ", r"\sim": "~", r"\|": "‖",
    r"\{": "{", r"\}": "}", r"\#": "#", r"\,": " ", r"\leq": "≤", r"\geq": "≥",
    r"\neq": "≠", r"\langle": "⟨", r"\rangle": "⟩", r"\lceil": "⌈", r"\rceil": "⌉",
    r"\lfloor": "⌊", r"\rfloor": "⌋", r"\inf": "inf", r"\sup": "sup", r"\exp": "exp",
    r"\ker": "ker", r"\dim": "dim", r"\perp": "⊥", r"\oplus": "⊕", r"\varepsilon": "ε",
    r"\epsilon": "ε", r"\eta": "η", r"\xi": "ξ", r"\phi": "φ", r"\psi": "ψ", r"\tau": "τ",
    r"\kappa": "κ", r"\Lambda": "Λ", r"\pi": "π", r"\zeta": "ζ", r"\Delta": "Δ", r"\Sigma": "Σ",
    r"\approx": "≈", r"\equiv": "≡", r"\subset": "⊂", r"\subseteq": "⊆",
    r"\setminus": "∖", r"\notin": "∉", r"\mid": "|", r"\qquad": "   ", r"\;": " ",
    r"\left": "", r"\right": "", r"\top": "T", r"\forall": "∀", r"\exists": "∃",
    r"\preceq": "⪯", r"\odot": "⊙", r"\int": "∫", r"\gg": "≫", r"\ll": "≪",
    r"\cos": "cos", r"\sin": "sin", r"\lim": "lim", r"\arg": "arg", r"\prime": "′", r"\Leftrightarrow": "⇔",
    r"\cap": "∩", r"\Omega": "Ω", r"\Gamma": "Γ", r"\nu": "ν", r"\varrho": "ϱ",
    r"\arcsin": "arcsin",
}  # fmt: skip
# a word ends where its letters end: \le is not the start of \left
_EVERY: Final = re.compile(
    "|".join(
        re.escape(word) + ("(?![a-zA-Z])" if word[-1].isalpha() else "")
        for word in sorted(_WORDS, key=len, reverse=True)
    )
)
# where the name of a function follows a letter, a digit or a bracket
_NAMED: Final = re.compile(
    r"(?<=[\w)}])(?=\\(?:operatorname|log|ln|det|max|min|sup|inf|exp|ker|dim|cos|sin)\b)"
)
_ACCENTS: Final = {
    "(?:wide)?tilde": "\u0303",
    "(?:wide)?hat": "\u0302",
    "bar|overline": "\u0304",
    "dot": "\u0307",
}
_SMALL: Final = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")

_COMMANDS: Final = {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "|": r"\textbar{}", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def escaped(text: str) -> str:
    """Plain text for a LaTeX document; Unicode mathematics stays as it is."""
    return re.sub(r"[\\{}$&#%_^~|<>]", lambda m: _COMMANDS.get(m[0], "\\" + m[0]), text)


def literal(text: str) -> str:
    """Plain text for Markdown: nothing in it is read as a mark."""
    return re.sub(r"[\\`*_{}\[\]<>$~|]", r"\\\g<0>", text)


def plain(latex: str) -> str:
    """LaTeX text of the catalogue's kind, mathematics in $…$, as one line of Unicode."""
    text = latex.replace("$", "").replace("\\ ", " ")
    text = _NAMED.sub(" ", text)
    text = _EVERY.sub(lambda m: _WORDS[m[0]], text)
    text = re.sub(r"([∂∇⟨·]) (?=\S)", r"\1", text)
    text = re.sub(
        r"\\(?:operatorname|mathrm|text|mathbf|mathbb)\{([^{}]*)\}", r"\1", text
    )
    for accent, mark in _ACCENTS.items():
        text = re.sub(rf"\\(?:{accent})\s*(?:\{{(\w)\}}|(\w))", rf"\1\2{mark}", text)
    text = re.sub(r"\^\{([0-9+-]+)\}", lambda m: m[1].translate(_SMALL), text)
    text = re.sub(r"\^([0-9+])", lambda m: m[1].translate(_SMALL), text)
    text = text.replace("^T", "ᵀ")
    for _ in range(4):
        text = re.sub(r"([_^])\{([^{}]*)\}", _script, text)
        text = re.sub(r"\\sqrt\{([^{}]*)\}", r"√(\1)", text)
        text = re.sub(
            r"\\frac\{([^{}]*)\}\{([^{}]*)\}", lambda m: _fraction(m[1], m[2]), text
        )
    return re.sub(r" {2,}", " ", text).strip()


def _fraction(above: str, below: str) -> str:
    simple = {("1", "2"): "½", ("1", "4"): "¼"}.get((above, below))
    if simple:
        return simple
    return f"({above}/({below}))" if set(below) & set("+- ") else f"({above}/{below})"


def _script(match: re.Match[str]) -> str:
    # the space that ended a command, as in c\ne e
    inner = re.sub(r"([≠~∈≤≥]) (?=\S)", r"\1", match[2])
    return match[1] + (inner if re.fullmatch(r"\w+'?", inner) else f"({inner})")
