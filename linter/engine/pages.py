"""Rule pages: the Markdown beside a rule, with the examples that are its documentation and tests.

A page is a head of ``key: value`` lines between two ``---``, a title, and six sections in a fixed
order. *Bad* and *Good* hold examples, split by third-level headings: the fences that carry a
``title`` are their files, a ``console`` fence gives options, and other fences are illustration. Of
a rule about a change ``state=before`` and ``state=after`` say in which of the two states a file is
there; one without is in both. A comment such as ``# error[WPL301]`` marks the line that a finding
points at; alone on a line it marks the next one. Markers are taken out of the files, so they may
stand anywhere, even in JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine.findings import Severity
from linter.engine.loader import RuleFileError
from linter.engine.rules import CODE
from linter.model.releases import ReleaseSpan
from linter.records import dataclass
from linter.regexes import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from linter.engine.rules import Rule

SECTIONS = (
    "What it checks",
    "Why it matters on the node",
    "Bad",
    "Good",
    "How to fix",
    "References",
)
"""The second-level headings of every page, in their order."""

FIXES = ("safe", "unsafe", "none")
_KEYS = ("code", "name", "severity", "fix", "releases")
_COMMAND = ["wplint", "lint"]
_PLAN_COMMAND = ["wplint", "plan"]
_OPTIONS = ("--openshift-version", "--topology", "--to-version")
BEFORE, AFTER = "before", "after"

_HEAD_LINE = regex(r"([a-z]+):\s+(.*?)(?:\s+#.*)?\Z")
_TITLE = regex(r'(?:^|\s)title="([^"]*)"')
_STATE = regex(r"(?:^|\s)state=(\S*)")
_FINDING = regex(rf"(error|warning|info)\[({CODE})\]")
_MARKER = regex(rf"(?:^|(?<=\s))#((?:\s+(?:error|warning|info)\[{CODE}\])+)\s*$")


class PageError(RuleFileError):
    """A rule page that is not of the fixed form."""


@dataclass(frozen=True, slots=True, order=True)
class Expectation:
    """A finding that an example must give. ``line`` counts from 1 in the file without markers.

    ``file`` begins with ``before/`` where it is there before a change only.
    """

    file: str
    line: int
    severity: str
    code: str


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """A file of an example: its path relative to the cluster's directory, and its text.

    ``state`` is ``before`` or ``after`` where it is there in one of two states only, else empty.
    """

    name: str
    text: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A small cluster, or a part of one.

    ``title`` is empty where the section has one example; ``line`` is where it begins in the page;
    ``release`` is the target release that its options name, such as ``4.16``; ``topologies`` are
    the values of ``--topology``, whose files stand in the example and are no part of the cluster.
    ``change`` says that it has two states, and ``to_release`` is the release of the second one.
    """

    title: str
    line: int
    files: tuple[ExampleFile, ...]
    expected: tuple[Expectation, ...]
    release: str | None
    topologies: tuple[str, ...] = ()
    change: bool = False
    to_release: str | None = None

    def files_of(self, state: str) -> tuple[ExampleFile, ...]:
        """Return the files of one of two states, ``before`` or ``after``."""
        return tuple(file for file in self.files if file.state in {"", state})


@dataclass(frozen=True, slots=True)
class Page:
    """A rule page, read.

    ``sections`` holds the Markdown of each section by its heading; ``text`` is the whole page
    without its head.
    """

    path: str
    code: str
    name: str
    severity: Severity
    fix: str
    releases: str
    title: str
    text: str
    sections: Mapping[str, str]
    bad: tuple[Example, ...]
    good: tuple[Example, ...]


def page_path(rule: Rule) -> str:
    """Return where the page of a rule stands: beside the rule, with the ending ``.md``."""
    path: str = rule.function.__code__.co_filename
    return path.removesuffix(".py") + ".md"


def head_of(rule: Rule) -> dict[str, str]:
    """Return the head of a rule's page: code, name, severity, fix and releases.

    Raises:
        PageError: There is no page, or its head is not of the fixed form.

    """
    path = page_path(rule)
    return _read_head(_lines(_text_of(path)), path)[0]


def page_for(rule: Rule) -> Page:
    """Read the page of a rule; raises :class:`PageError` like :func:`read_page`."""
    return read_page(page_path(rule))


def read_page(path: str) -> Page:
    """Read a rule page; raises :class:`PageError` if there is none, or it cannot be parsed."""
    return parse_page(_text_of(path), path)


def _text_of(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except OSError as error:
        raise PageError(path, 1, f"the page cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PageError(path, 1, f"the page is not UTF-8: {error.reason}") from error


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def parse_page(text: str, path: str) -> Page:
    """Parse the text of a rule page; raises :class:`PageError` if it is not of the fixed form."""
    lines = _lines(text)
    head, begin = _read_head(lines, path)
    blocks = list(_blocks(lines, begin, path))
    headings = [block for block in blocks if block.level in {1, 2}]
    title = next((block for block in headings if block.level == 1), None)
    if title is None or headings[0] is not title or sum(b.level == 1 for b in headings) > 1:
        raise PageError(path, begin + 1, "a page begins with its one title, '# …'")
    found = headings[1:]
    if (names := tuple(block.text for block in found)) != SECTIONS:
        wrong = next(
            (b for b, want in zip(found, SECTIONS, strict=False) if b.text != want), headings[-1]
        )
        expected, got = ", ".join(SECTIONS), ", ".join(names) or "none"
        raise PageError(path, wrong.line, f"the sections must be {expected}; they are {got}")
    ends = [block.line - 1 for block in found[1:]] + [len(lines)]
    spans = {b.text: (b.line, end) for b, end in zip(found, ends, strict=True)}
    bad, good = (
        tuple(_examples([b for b in blocks if spans[name][0] < b.line <= spans[name][1]], path))
        for name in ("Bad", "Good")
    )
    return Page(
        path=path,
        code=head["code"],
        name=head["name"],
        severity=Severity(head["severity"]),
        fix=head["fix"],
        releases=head["releases"],
        title=title.text,
        text="\n".join(lines[begin:]).strip("\n") + "\n",
        sections={name: "\n".join(lines[a:z]).strip("\n") for name, (a, z) in spans.items()},
        bad=bad,
        good=good,
    )


def _read_head(lines: list[str], path: str) -> tuple[dict[str, str], int]:
    """Return the values of the head by key, and the index of the line after it."""
    if lines[0] != "---" or "---" not in lines[1:]:
        raise PageError(path, 1, "a page begins with a head between two lines '---'")
    end = lines.index("---", 1)
    head: dict[str, str] = {}
    for number, line in enumerate(lines[1:end], start=2):
        found = _HEAD_LINE.match(line)
        if found is None or found[1] not in _KEYS or found[1] in head:
            raise PageError(path, number, f"the head has one line 'key: value' for each of {_KEYS}")
        head[found[1]] = found[2].strip("\"'")
    for key in _KEYS:
        if not head.get(key):
            raise PageError(path, end + 1, f"the head lacks '{key}'")
    choices = {"fix": FIXES, "severity": tuple(severity.value for severity in Severity)}
    for key, allowed in choices.items():
        if head[key] not in allowed:
            raise PageError(path, 2, f"{key} is one of {', '.join(allowed)}, not '{head[key]}'")
    try:
        ReleaseSpan.parse(head["releases"])
    except ValueError as error:
        raise PageError(path, 2, f"releases: {error}") from None
    return head, end + 1


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading (``level`` 1 to 6) or a fence (``level`` 0: ``text`` is what follows its ticks)."""

    level: int
    text: str
    line: int
    body: tuple[str, ...] = ()


def _blocks(lines: list[str], begin: int, path: str) -> Iterator[_Block]:
    """Yield the headings and fences of a page; fences stand at the beginning of their line."""
    at = begin
    while at < len(lines):
        line = lines[at]
        ticks = len(line) - len(line.lstrip("`"))
        if ticks >= 3:
            closing = "`" * ticks
            rest = range(at + 1, len(lines))
            end = next((i for i in rest if lines[i].startswith(closing)), None)
            if end is None or lines[end].rstrip() != closing:
                raise PageError(path, at + 1, "this fence is never closed")
            yield _Block(0, line[ticks:].strip(), at + 1, tuple(lines[at + 1 : end]))
            at = end
        elif line.startswith("#") and (words := line.lstrip("#")).startswith(" "):
            yield _Block(len(line) - len(words), words.strip(), at + 1)
        at += 1


def _examples(blocks: list[_Block], path: str) -> Iterator[Example]:
    """Yield the examples of a section; headings split them."""
    groups: list[tuple[_Block | None, list[_Block]]] = [(None, [])]
    for block in blocks:
        if block.level:
            groups.append((block, []))
        else:
            groups[-1][1].append(block)
    for heading, fences in groups:
        if heading is not None or fences:
            yield _example(heading, fences, path)


def _example(heading: _Block | None, fences: list[_Block], path: str) -> Example:
    title, line = (heading.text, heading.line) if heading else ("", fences[0].line)
    files: list[ExampleFile] = []
    expected: list[Expectation] = []
    options: list[tuple[str, str]] = []
    change = False
    for fence in fences:
        named = _TITLE.search(fence.text)
        if fence.text == "console":
            options.extend(_options(fence, path))
            change |= _words(fence)[:2] == _PLAN_COMMAND
        elif named is not None:
            state = _state(fence, path)
            taken = [file.name for file in files if {file.state, state} != {BEFORE, AFTER}]
            name = _file_name(named[1], taken, fence, path)
            shown = f"{BEFORE}/{name}" if state == BEFORE else name
            text, marked = _without_markers(shown, fence, path)
            files.append(ExampleFile(name, text, state))
            expected.extend(marked)
        elif any(_MARKER.search(row) for row in fence.body):
            raise PageError(path, fence.line, "a fence with a marker needs a title, its file name")
    if not files:
        raise PageError(path, line, 'this example has no file: a fence with title="…"')
    change |= any(file.state for file in files)
    given = dict(options)
    topologies = tuple(value for option, value in options if option == _OPTIONS[1])
    names = {file.name for file in files}
    for value in topologies:
        if value.rpartition("=")[2] not in names:
            raise PageError(path, line, f"this example has no file '{value}' for --topology")
    return Example(
        title, line, tuple(files), tuple(sorted(expected)), given.get(_OPTIONS[0]), topologies,
        change, given.get(_OPTIONS[2]),
    )  # fmt: skip


def _words(fence: _Block) -> list[str]:
    return " ".join(fence.body).strip().removeprefix("$ ").split()


def _state(fence: _Block, path: str) -> str:
    found = _STATE.search(fence.text)
    if found is None:
        return ""
    if found[1] not in {BEFORE, AFTER}:
        raise PageError(path, fence.line, f"a file is there {BEFORE} or {AFTER}, not '{found[1]}'")
    return found[1]


def _options(fence: _Block, path: str) -> list[tuple[str, str]]:
    """Return the options of a command and their values."""
    words = _words(fence)
    options = list(zip(words[2::2], words[3::2], strict=False))
    if (
        words[:2] not in (_COMMAND, _PLAN_COMMAND)
        or not options
        or len(words) % 2
        or any(option not in _OPTIONS for option, _ in options)
    ):
        command = " ".join((*_COMMAND, _OPTIONS[0]))
        raise PageError(
            path, fence.line, f"options are given as '$ {command} 4.16', or with {_OPTIONS[1]}"
        )
    return options


def _file_name(name: str, taken: list[str], fence: _Block, path: str) -> str:
    parts = name.split("/")
    if "\\" in name or any(part in {"", ".", ".."} for part in parts):
        raise PageError(path, fence.line, f"'{name}' is no relative path with forward slashes")
    if name in taken:
        raise PageError(path, fence.line, f"this example has a file '{name}' already")
    return name


def _without_markers(name: str, fence: _Block, path: str) -> tuple[str, list[Expectation]]:
    """Return a file's text without its markers, and what they say of it."""
    kept: list[str] = []
    expected: list[Expectation] = []
    waiting: list[tuple[str, str]] = []
    for row in fence.body:
        marker = _MARKER.search(row)
        said = _FINDING.findall(marker[1]) if marker else []
        rest = row[: marker.start()].rstrip() if marker else row
        if marker and not rest:
            waiting.extend(said)
            continue
        kept.append(rest)
        expected.extend(Expectation(name, len(kept), *one) for one in waiting + said)
        waiting.clear()
    if waiting:
        raise PageError(path, fence.line + len(fence.body), "no line follows this marker")
    return "\n".join(kept) + "\n", expected
