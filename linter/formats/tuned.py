"""TuneD profiles: the INI text in ``spec.profile[].data`` of a Tuned object.

TuneD reads a profile with Python's ``configparser`` (TuneD, ``tuned/profiles/loader.py``): ``=``
is the only delimiter, names are case-sensitive, a line that begins with ``#`` or ``;`` is a
comment, ``#`` after white space begins a comment anywhere (``;`` does not), and a line indented
deeper than its key continues the value. Of a repeated key the last value counts. Double quotes
around a whole value are left out here, as TuneD does where it uses a value.

Not followed: a ``[DEFAULT]`` section, whose keys ``configparser`` lends to all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass, field
from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LINE_BREAK = regex(r"\r\n|\r|\n")
_SECTION = regex(r"\[(.+)\]")
_INLINE_COMMENT = regex(r"(?:\A|(?<=\s))#")
_REFERENCE = regex(r"\$\{(\w+)\}")
_BRACE_OR_SEPARATOR = regex(r"\$\{|[},;]")
_ENABLED = frozenset({"True", "true", "1"})
# What TuneD takes from any section for itself (tuned/profiles/unit.py); in [variables], include
# names a file.
_NO_VARIABLES = frozenset(
    {"priority", "type", "enabled", "replace", "prepend", "drop", "devices", "include"}
    | {"devices_udev_regex", "cpuinfo_regex", "uname_regex", "script_pre", "script_post"}
)
_MAX_NESTING = 32
_MAX_SUBSTITUTIONS = 1000
_MAX_EXPANSION = 2**16


@dataclass(frozen=True, slots=True)
class Entry:
    """``key=value`` in a section; offsets count code points of the profile's text.

    `start` and `end` bound the value without quotes, white space and comment; an empty value
    stands right after the equals sign. `is_literal` says that text[start:end] is the value; a
    value over several lines, joined by line feeds, is not. `quoted` says that the value stands
    in double quotes. `overridden` says that the same key comes again later in the section.
    """

    section: str
    key: str
    value: str
    start: int
    end: int
    key_start: int
    key_end: int
    is_literal: bool
    quoted: bool
    overridden: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that is neither comment, section nor entry: TuneD refuses the whole profile."""

    message: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Include:
    """The name of an included profile as it stands; it may hold ``${f:…}`` or begin with ``-``.

    The span is that of the name, or of the whole value if that has several lines.
    """

    name: str
    start: int
    end: int

    @property
    def optional(self) -> bool:
        """Whether TuneD goes on when there is no such profile."""
        return self.name.startswith("-")


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What a ``cmdline…`` entry says about the kernel command line.

    `operator` is ``+`` or empty (add the arguments), ``-`` (take away arguments that entries
    before this one add) or a backslash (add; only there to protect the next character).
    `arguments` is the rest; it is text[start:end] if `is_literal`.
    """

    entry: Entry
    operator: str
    arguments: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """The key, such as ``cmdline_isolation``."""
        return self.entry.key

    @property
    def is_literal(self) -> bool:
        """Whether the arguments stand in the text as they are, on one line."""
        return self.entry.is_literal


@dataclass(frozen=True, slots=True)
class TunedProfile:
    """The sections of a profile with all their entries, repeated ones included, in order."""

    sections: Mapping[str, tuple[Entry, ...]]
    problems: tuple[Problem, ...]
    variables: Mapping[str, Entry] = field(repr=False)
    _effective: Mapping[tuple[str, str], Entry] = field(repr=False)

    def get(self, section: str, key: str) -> Entry | None:
        """Return the entry that counts for a key, the last one."""
        return self._effective.get((section, key))

    @property
    def includes(self) -> tuple[Include, ...]:
        """The profiles named by ``include`` in ``[main]``, in order."""
        entry = self.get("main", "include")
        return tuple(_includes(entry)) if entry else ()

    @property
    def bootloader(self) -> tuple[CommandLine, ...]:
        """The ``cmdline…`` entries that count, in the order in which TuneD joins them.

        They come from ``[bootloader]`` and from sections of ``type=bootloader``, unless disabled.
        """
        return tuple(
            _command_line(entry)
            for section in self.sections
            if self._option(section, "type", section) == "bootloader"
            and self._option(section, "enabled", "1") in _ENABLED
            for entry in self._counting(section)
            if entry.key.startswith("cmdline")
        )

    def _option(self, section: str, key: str, default: str) -> str:
        entry = self.get(section, key)
        return entry.value if entry else default

    def _counting(self, section: str) -> Iterator[Entry]:
        """Yield the last entry of each key, in the order of the keys' first entries."""
        for key in dict.fromkeys(entry.key for entry in self.sections[section]):
            yield self._effective[section, key]


def parse(text: str) -> TunedProfile:
    """Read a profile; every text is accepted, what is not understood becomes a problem."""
    reader = _Reader(text)
    for start, end in _lines(text):
        reader.line(start, end)
    sections: dict[str, list[Entry]] = {name: [] for name in reader.sections}
    effective: dict[tuple[str, str], Entry] = {}
    for draft in reversed(reader.drafts):
        entry = draft.entry(text, overridden=(draft.section, draft.key) in effective)
        effective.setdefault((entry.section, entry.key), entry)
        sections[entry.section].append(entry)
    ordered = {name: tuple(reversed(entries)) for name, entries in sections.items()}
    variables = {
        entry.key: effective["variables", entry.key]
        for entry in ordered.get("variables", ())
        if entry.key not in _NO_VARIABLES
    }
    return TunedProfile(ordered, tuple(reader.problems), variables, effective)


def expand(profile: TunedProfile, value: str, known: Mapping[str, str]) -> str | None:
    """Replace every ``${name}`` in a value; None where the result cannot be told.

    A name is looked up in the profile's ``[variables]``, then in `known` (what included profiles
    define, fully expanded); a variable that refers to itself takes the value in `known`. The order
    of the definitions is not looked at, as it also depends on the included profiles. Unknown
    are functions (``${f:…}``), ``${i:PROFILE_DIR}``, an escaped reference, a name found nowhere,
    a cycle, and an expansion beyond 64 KiB, 32 levels or 1000 substitutions.
    """
    return _Expansion(profile, known).text(value, ())


class _Expansion:
    """One call of `expand`, with what is left of its bound on substitutions."""

    def __init__(self, profile: TunedProfile, known: Mapping[str, str]) -> None:
        self._variables = profile.variables
        self._known = known
        self._left = _MAX_SUBSTITUTIONS

    def text(self, value: str, within: tuple[str, ...]) -> str | None:
        """Expand a text that stands in the variables `within`; at most _MAX_NESTING deep."""
        if len(value) > _MAX_EXPANSION or len(within) > _MAX_NESTING:
            return None
        parts: list[str] = []
        position = length = 0
        for match in _REFERENCE.finditer(value):
            literal = value[position : match.start()]
            self._left -= 1
            if self._left < 0 or "${" in literal or literal.endswith("\\"):
                return None
            inserted = self._variable(match[1], within)
            if inserted is None:
                return None
            parts += literal, inserted
            length += len(literal) + len(inserted)
            if length > _MAX_EXPANSION:
                return None
            position = match.end()
        rest = value[position:]
        return None if "${" in rest else "".join([*parts, rest])

    def _variable(self, name: str, within: tuple[str, ...]) -> str | None:
        entry = self._variables.get(name)
        if entry is None or within[-1:] == (name,):
            return self._known.get(name)
        if name in within:
            return None
        return self.text(entry.value, (*within, name))


@dataclass(slots=True)
class _Draft:
    """An entry that indented lines may still continue."""

    section: str
    key: str
    key_start: int
    start: int
    end: int
    lines: list[str]

    def entry(self, text: str, *, overridden: bool) -> Entry:
        value = "\n".join(self.lines).rstrip()
        start, end = self.start, self.end
        quoted = len(value) > 1 and value[0] == value[-1] == '"' and "\n" not in value
        if quoted and text[start:end] == value:
            value, start, end = value[1:-1], start + 1, end - 1
        key_end = self.key_start + len(self.key)
        literal = text[start:end] == value
        return Entry(
            self.section,
            self.key,
            value,
            start,
            end,
            self.key_start,
            key_end,
            literal,
            quoted,
            overridden,
        )


class _Reader:
    """The state of ``configparser`` from line to line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._section: str | None = None
        self._open: _Draft | None = None
        self._indent = 0
        self.sections: dict[str, None] = {}
        self.drafts: list[_Draft] = []
        self.problems: list[Problem] = []

    def line(self, start: int, end: int) -> None:
        """Read one line, given without its line break."""
        line = self._text[start:end]
        comment = _INLINE_COMMENT.search(line)
        content = line[: comment.start()] if comment else line
        stripped = content.strip()
        if stripped.startswith(";") or not stripped:
            if self._open and not comment and not stripped:
                self._open.lines.append("")
            return
        indent = len(content) - len(content.lstrip())
        begin = start + indent
        if self._open and indent > self._indent:
            if not any(self._open.lines):
                self._open.start = begin
            self._open.lines.append(stripped)
            self._open.end = begin + len(stripped)
            return
        self._indent = indent
        header = _SECTION.match(stripped)
        if header:
            self._section = header[1]
            self._open = None
            self.sections[header[1]] = None
        elif self._section is None:
            self._problem("the line stands before any section", begin, stripped)
        else:
            self._entry(self._section, stripped, begin)

    def _entry(self, section: str, stripped: str, begin: int) -> None:
        key, equals, value = stripped.partition("=")
        if not equals:
            self._problem("the line has no =", begin, stripped)
            return
        if not key:
            self._problem("no key stands before the =", begin, stripped)
            return
        value_end = begin + len(stripped)
        value = value.strip()
        value_start = value_end - len(value) if value else begin + len(key) + 1
        self._open = _Draft(
            section, key.rstrip(), begin, value_start, value_start + len(value), [value]
        )
        self.drafts.append(self._open)

    def _problem(self, message: str, begin: int, stripped: str) -> None:
        self.problems.append(Problem(message, begin, begin + len(stripped)))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _LINE_BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _includes(entry: Entry) -> Iterator[Include]:
    """Split at commas and semicolons outside ``${…}``, as these are expanded first."""
    value = entry.value
    depth = begin = 0
    for match in (*_BRACE_OR_SEPARATOR.finditer(value), None):
        if match and match[0] == "${":
            depth += 1
        elif match and match[0] == "}":
            depth = max(0, depth - 1)
        elif match is None or not depth:
            piece = value[begin : match.start() if match else len(value)]
            name = piece.strip()
            if name:
                start = entry.start + begin + len(piece) - len(piece.lstrip())
                literal = entry.is_literal
                yield Include(
                    name,
                    start if literal else entry.start,
                    start + len(name) if literal else entry.end,
                )
            begin = match.end() if match else len(value)


def _command_line(entry: Entry) -> CommandLine:
    """Split the operator off, as ``_get_effective_options`` of TuneD's bootloader plugin does.

    TuneD looks at the first character before it removes quotes: a quoted value has no operator.
    """
    value = entry.value
    operator = ""
    if value and not entry.quoted:
        protects = value[0] == "\\" and value[1:2] in ("\\", "+", "-")
        operator = value[0] if value[0] in "+-" or protects else ""
    arguments = value[len(operator) :].strip()
    if not entry.is_literal:
        return CommandLine(entry, operator, arguments, entry.start, entry.end)
    rest = value[len(operator) :]
    start = entry.start + len(operator) + len(rest) - len(rest.lstrip())
    if not arguments:
        start = entry.start + len(operator)
    return CommandLine(entry, operator, arguments, start, start + len(arguments))
