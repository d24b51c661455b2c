"""What statements rest on without proof, as Print Assumptions lists it.

The listing walks through all that a constant rests on, the libraries below included, so
that statements of one theorem are asked about together; one by one only where their
answer holds something that not all of them may rest on.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .queries import Questioner, answer
from .sources import PREFIX

__all__ = ["Assumptions", "assumptions", "parse_assumptions"]


@dataclass(frozen=True)
class Assumptions:
    """What is assumed: axioms, and checks of the kernel that were turned off."""

    axioms: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()


def assumptions(
    groups: Sequence[Sequence[str]],
    allowed: Iterable[str],
    modules: Sequence[str],
    ask: Questioner,
) -> dict[str, Assumptions]:
    """What each constant rests on, or each group of them where that is as good.

    Parameters
    ----------
    groups : sequence of sequences of str
        Constants, as Statements.T06_identity, to be asked about together.
    allowed : iterable of str
        What every member of a group may rest on.
    modules : sequence of str
        The files of the library.
    ask : Questioner
        Puts the questions.
    """
    known = set(allowed)
    found = _asked("axioms", groups, modules, ask)
    doubtful = [
        (name,)
        for group in groups
        for name in group
        if len(group) > 1 and (found[name].unsafe or set(found[name].axioms) - known)
    ]
    if doubtful:
        found |= _asked("axioms_singly", doubtful, modules, ask)
    return found


def _asked(
    title: str,
    groups: Sequence[Sequence[str]],
    modules: Sequence[str],
    ask: Questioner,
) -> dict[str, Assumptions]:
    lines = [
        f"From {PREFIX} Require {' '.join(modules)}.",
        "Set Printing Width 100000.",
    ]
    for place, group in enumerate(groups):
        held = "".join(f"let _ := @{PREFIX}.{name} in " for name in group)
        lines += [
            f"Definition group_{place} := {held}Coq.Init.Logic.I.",
            f'Redirect "audit/{title}-{place}" Print Assumptions group_{place}.',
        ]
    folder = ask(title, "\n".join(lines) + "\n")
    return {
        name: parse_assumptions(answer(folder, f"{title}-{place}"))
        for place, group in enumerate(groups)
        for name in group
    }


def parse_assumptions(text: str) -> Assumptions:
    """Read what Print Assumptions prints."""
    if text.startswith("Closed under the global context"):
        return Assumptions()
    axioms, unsafe = [], []
    lines = text.splitlines()
    for place, line in enumerate(lines):
        if not line.strip() or line[0].isspace() or line.startswith("Axioms:"):
            continue
        following = lines[place + 1].strip() if place + 1 < len(lines) else ""
        match = re.match(r"([\w'.]+)(?: :|$)", line)
        if match and (" :" in line or following.startswith(":")):
            axioms.append(match[1])
        else:
            unsafe.append(line.strip())
    return Assumptions(tuple(axioms), tuple(unsafe))
