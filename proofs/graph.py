"""Which lemma rests on which, read from what Coq noted while it compiled (.glob files).

An item is a definition or lemma with its proof; its evidence is the hash of its own text
and of all that it rests on: the items that it mentions, the variables of the sections
around it, and of every file that these lie in what is in force without being mentioned
(imports, options, hints, canonical structures).
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .build import Build, Compiled
from .lexer import Sentence, blanked, squeezed
from .sources import PREFIX, Sources

__all__ = ["Graph", "Item", "read_graph"]

_ENTRY = re.compile(r"^(?P<kind>[a-z]+) (?P<at>\d+):\d+ (?P<within>\S+) (?P<name>\S+)$")
_REFERENCE = re.compile(
    rf"^R(?P<at>\d+):\d+ {PREFIX}\.(?P<file>\w+) (?P<within>\S+) (?P<name>\S+) \w+$"
)

_SIGN = re.compile(r"(?<![<>:=!/\\~|&+*-])=(?![>=])|<->")
"""What stands between the two sides of an equation or an equivalence."""

_NOT_ITEMS = {"binder", "sec", "mod", "modtype", "lib"}

_UNSEEN = {
    "Canonical", "Instance", "Existing", "Coercion", "Hint", "Arguments", "Ltac",
    "Ltac2", "Tactic", "Implicit", "Set", "Unset", "Open", "Close", "Delimit", "Bind",
}  # fmt: skip
"""Commands that work without being mentioned."""

_VARIABLES = {"Variable", "Variables", "Hypothesis", "Hypotheses", "Context", "Let"}

_ENDS = {"Qed", "Defined", "Admitted", "Abort", "Save"}


@dataclass
class Item:
    """A definition, a lemma with its proof, a notation, or a section's variables.

    Attributes
    ----------
    id : str
        File and name: Network.net_partial.
    file, command : str
        Where it is, and how it is introduced.
    line, end_line : int
        Where it begins and ends.
    bare, text : str
        Its text without comments, a character for each byte; and without layout.
    seconds : float
        What Coq took for it.
    mentions : dict of str to list of int
        Items that it mentions, and where.
    context : tuple of str
        Items that are variables of the sections around it.
    """

    id: str
    file: str
    command: str
    start: int
    end: int
    line: int
    end_line: int
    bare: str
    text: str
    seconds: float
    mentions: dict[str, list[int]] = field(default_factory=dict)
    context: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        """Whether it is a definition or a lemma, which a reader would look up."""
        return self.command not in _VARIABLES and not self.is_notation

    @property
    def is_notation(self) -> bool:
        """Whether it is a notation or an abbreviation."""
        return self.command in ("Notation", "Infix")

    def explained(self) -> list[str]:
        """What it mentions on the left of its equation, and not on the right."""
        found = []
        for target, places in self.mentions.items():
            sign = _SIGN.search(self.bare, min(places) - self.start)
            if sign and max(places) < self.start + sign.start():
                found.append(target)
        return found


@dataclass(frozen=True)
class Graph:
    """All items of a library.

    Attributes
    ----------
    items : mapping of str to Item
        By id.
    frames : mapping of str to str
        What is in force in each file without being mentioned.
    files : mapping of str to tuple of str
        Each file and those that it rests on.
    """

    items: Mapping[str, Item]
    frames: Mapping[str, str]
    files: Mapping[str, tuple[str, ...]]

    def closure(self, one: str) -> tuple[str, ...]:
        """Everything that an item rests on, itself included, sorted."""
        found: set[str] = set()
        waiting = [one]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                item = self.items[name]
                waiting += [*item.mentions, *item.context]
        return tuple(sorted(found))

    def uses(self, one: str) -> tuple[str, ...]:
        """The definitions and lemmas that an item mentions, through notations too."""
        found: set[str] = set()
        waiting = list(self.items[one].mentions)
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if self.items[name].is_shown:
                found.add(name)
            else:
                waiting += self.items[name].mentions
        return tuple(sorted(found - {one}))

    def evidence(self, one: str) -> str:
        """SHA-256 over the texts of all that an item rests on."""
        names = self.closure(one)
        files = {file for name in names for file in self.files[self.items[name].file]}
        parts = [f"{name}\0{self.items[name].text}" for name in names]
        parts += [f"{file}\0{self.frames[file]}" for file in sorted(files)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def seconds(self, one: str) -> float:
        """What Coq takes for all that an item rests on, imports apart."""
        return sum(self.items[name].seconds for name in self.closure(one))


def read_graph(sources: Sources, made: Build) -> Graph:
    """Read what Coq noted about every file that compiled."""
    items: dict[str, Item] = {}
    names: dict[str, str] = {}
    frames = {}
    notes = {}
    for file, compiled in made.compiled.items():
        globs = (made.folder / f"{file}.glob").read_text(encoding="utf-8")
        notes[file] = globs.splitlines()
        read = _File(file, sources.texts[file], compiled, notes[file])
        items |= read.items
        names |= read.names
        frames[file] = read.frame
    for file, lines in notes.items():
        own = sorted(
            (one for one in items.values() if one.file == file), key=lambda i: i.start
        )
        starts = [one.start for one in own]
        for at, target in _references(lines):
            place = bisect_right(starts, at) - 1
            if place >= 0 and target in names:
                _mention(own[place], at, names[target])
    return Graph(items, frames, {file: made.closure(file) for file in made.compiled})


class _File:
    """One file, divided into items and what is left."""

    def __init__(
        self, file: str, text: str, compiled: Compiled, notes: list[str]
    ) -> None:
        self.file = file
        self.items: dict[str, Item] = {}
        self.names: dict[str, str] = {}
        self._bytes = text.encode()
        # byte by byte, since Coq counts bytes
        wide = self._bytes.decode("latin-1")
        self._bare = blanked(wide, keep_strings=True).encode("latin-1")
        self._commands = list(compiled.timings)
        self._entries = _entries(notes)
        self._sections: list[list[str]] = []
        frame: list[str] = []
        place = 0
        while place < len(self._commands):
            sentence = self._sentence(place)
            last = self._last(place)
            if not self._kept(place, last, sentence):
                frame += self._frame(place, last, sentence)
            place = last + 1
        self.frame = "\n".join(frame)

    def _sentence(self, place: int) -> Sentence:
        start, end, _ = self._commands[place]
        return Sentence(start, end, self._bare[start:end].decode().strip())

    def _last(self, place: int) -> int:
        """The command that ends what one begins: itself, or the end of its proof."""
        if place + 1 == len(self._commands) or not self._goes_on(place + 1):
            return place
        last = place + 1
        while last + 1 < len(self._commands):
            if self._sentence(last).command in _ENDS:
                break
            last += 1
        return last

    def _goes_on(self, place: int) -> bool:
        word = self._sentence(place).text.lstrip("{}-+* ")
        return word.startswith("Proof") or word[:1].islower() or word[:1] == "["

    def _kept(self, place: int, last: int, sentence: Sentence) -> bool:
        """Make an item of a command, if it introduces something to be mentioned."""
        start, end = sentence.start, self._commands[last][1]
        introduced = [
            name for at, name in self._entries if sentence.start <= at < sentence.end
        ]
        if not introduced or sentence.command in _UNSEEN:
            return False
        item = Item(
            id=f"{self.file}.{introduced[0]}",
            file=self.file,
            command=sentence.command,
            start=start,
            end=end,
            line=self._bytes.count(b"\n", 0, start) + 1,
            end_line=self._bytes.count(b"\n", 0, end) + 1,
            bare=self._bare[start:end].decode("latin-1"),
            text=squeezed(self._bare[start:end].decode()),
            seconds=sum(s for _, _, s in self._commands[place : last + 1]),
            context=tuple(one for part in self._sections for one in part),
        )
        self.items[item.id] = item
        self.names |= {f"{self.file}.{name}": item.id for name in introduced}
        if sentence.command in _VARIABLES and self._sections:
            self._sections[-1].append(item.id)
        return True

    def _frame(self, place: int, last: int, sentence: Sentence) -> Iterator[str]:
        match sentence.command:
            case "Section":
                self._sections.append([])
            case "End":
                if self._sections:
                    self._sections.pop()
            case _:
                end = self._commands[last][1]
                start = self._commands[place][0]
                yield squeezed(self._bare[start:end].decode())


def _entries(notes: list[str]) -> list[tuple[int, str]]:
    found = []
    for line in notes:
        match = _ENTRY.match(line)
        if match and match["kind"] not in _NOT_ITEMS:
            found.append((int(match["at"]), _qualified(match["within"], match["name"])))
    return found


def _references(notes: list[str]) -> Iterator[tuple[int, str]]:
    for line in notes:
        if match := _REFERENCE.match(line):
            name = _qualified(match["within"], match["name"])
            yield int(match["at"]), f"{match['file']}.{name}"


def _qualified(within: str, name: str) -> str:
    return name if within == "<>" else f"{within}.{name}"


def _mention(item: Item, at: int, target: str) -> None:
    """Note a mention with the item that it lies in."""
    if at < item.end and item.id != target:
        item.mentions.setdefault(target, []).append(at)
