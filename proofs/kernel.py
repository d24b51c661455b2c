"""coqchk: Coq's own checker, which reads the compiled files and trusts no tactic."""

from collections.abc import Iterator
from dataclasses import dataclass

from .build import Build
from .lexer import squeezed
from .processes import Processes
from .sources import PREFIX
from .toolchain import Toolchain

__all__ = ["Recheck", "complaints", "recheck"]

TIME_LIMIT = 1800.0


@dataclass(frozen=True)
class Recheck:
    """What coqchk says.

    Attributes
    ----------
    seconds : float
        How long it took.
    complaints : tuple of str
        Sentences; none if it accepts everything.
    """

    seconds: float
    complaints: tuple[str, ...]


def recheck(made: Build, toolchain: Toolchain, pool: Processes) -> Recheck:
    """Check the library's own files anew; those of the distribution are taken as given."""
    command = [toolchain.coqchk, "-silent", "-o", "-Q", ".", PREFIX]
    for name in made.order:
        command += ["-norec", f"{PREFIX}.{name}"]
    done = pool.run(command, cwd=made.folder, timeout=TIME_LIMIT)
    if done.code:
        last = squeezed(done.err or done.out)[-300:]
        return Recheck(done.seconds, (f"coqchk refuses the library: {last}",))
    return Recheck(done.seconds, tuple(complaints(done.out + done.err)))


def complaints(text: str) -> Iterator[str]:
    """What is assumed by the library's own files, in coqchk's summary."""
    title = ""
    if "CONTEXT SUMMARY" not in text:
        yield "coqchk gives no summary"
    for line in text.splitlines():
        if line.startswith("* "):
            title = squeezed(line[2:].partition(":")[0])
        name = line.strip()
        if title and name.startswith(f"{PREFIX}."):
            yield f"coqchk lists {name} under {title!r}"
    if "Set is impredicative" in text:
        yield "coqchk says that Set is impredicative"
