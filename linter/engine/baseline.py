"""The baseline: findings that are known, so that a gate can be set up before all is repaired.

The file has one line of JSON for each of them, sorted, so that two branches merge and a review sees
what came and went. A finding is known by its fingerprint alone, which no move of a file and no
change of layout alters; the other fields say which one that is to whoever reads the file. The
``reason`` is a person's: it is kept for as long as the finding is known.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from linter.engine.fingerprints import cluster_key
from linter.engine.outcome import BASELINE
from linter.records import dataclass, field
from linter.regexes import regex
from linter.sources.candidates import shown
from linter.sources.text import File, Ref

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from linter.engine.outcome import Outcome

STALE = "WPL015"
"""The rule about entries that no finding matches, which no baseline holds."""

VERSION = 1
HEAD = {"wplint-baseline": VERSION}
LARGEST = 64 * 2**20
_FINGERPRINT = regex(r"[0-9a-f]{32}\Z")
_TEXTS = ("rule", "cluster", "pool", "resource", "reason")


class BaselineError(Exception):
    """A baseline that cannot be read or written: its name, the line, and why, in one line."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A known finding. ``ref`` is its line in the file, None for one that is new."""

    fingerprint: str
    rule: str
    cluster: str
    pool: str
    resource: str
    reason: str
    ref: Ref | None = None

    def order(self) -> tuple[str, ...]:
        """Return a key by which entries that belong together stand together."""
        return (self.cluster, self.resource, self.rule, self.pool, self.fingerprint)

    def line(self) -> str:
        """Return the entry as a line of the file."""
        return json.dumps(
            {
                "rule": self.rule,
                "cluster": self.cluster,
                "pool": self.pool,
                "resource": self.resource,
                "fingerprint": self.fingerprint,
                "reason": self.reason,
            }
        )


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of a file by their fingerprints.

    ``whole`` says that a run looks at everything that the file is about, so that a cluster which it
    does not meet is gone.
    """

    path: str = ""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    whole: bool = True

    def judged(self, outcome: Outcome, ran: Collection[str]) -> Callable[[Entry], bool]:
        """Return whether a run has judged what an entry is about.

        Args:
            outcome: What the run met.
            ran: The codes of the rules that ran.

        """
        decided = set(ran) - outcome.undecided
        clusters = {cluster_key(cluster.name, cluster.path) for cluster in outcome.clusters}
        return lambda entry: entry.rule in decided and (self.whole or entry.cluster in clusters)


def read_baseline(path: str, *, absent_is_empty: bool = False) -> Baseline:
    """Read a baseline.

    Args:
        path: The file.
        absent_is_empty: Whether a file that is not there is one without entries.

    Raises:
        BaselineError: It cannot be read, or is no baseline.

    """
    name = shown(path)
    try:
        with open(path, "rb") as stream:
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        if absent_is_empty:
            return Baseline(path)
        raise BaselineError(
            f"there is no baseline {name}; write one with --update-baseline"
        ) from None
    except OSError as error:
        raise BaselineError(f"{name}: it cannot be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise BaselineError(f"{name}: it is larger than {LARGEST} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BaselineError(f"{name}: it is no baseline: {error}") from None
    file = File(name, text, path)
    entries: dict[str, Entry] = {}
    for number in range(1, file.line_count + 1):
        line = file.line(number)
        if not line.strip():
            continue
        value = _object(name, number, line)
        if number == 1 and "wplint-baseline" in value:
            if value["wplint-baseline"] != VERSION:
                raise BaselineError(f"{name}:1: it is of a version that this wplint cannot read")
            continue
        entry = _entry(name, number, value, Ref(file, *file.line_span(number)))
        entries.setdefault(entry.fingerprint, entry)
    return Baseline(path, entries)


def _object(name: str, number: int, line: str) -> dict[str, object]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BaselineError(f"{name}:{number}: it is no object of JSON on one line")
    return value


def _entry(name: str, number: int, value: Mapping[str, object], ref: Ref) -> Entry:
    fingerprint = value.get("fingerprint")
    if not isinstance(fingerprint, str) or not _FINGERPRINT.match(fingerprint):
        raise BaselineError(f"{name}:{number}: it has no fingerprint of 32 hexadecimal digits")
    texts = {key: value.get(key, "") for key in _TEXTS}
    wrong = next((key for key, text in texts.items() if not isinstance(text, str)), None)
    if wrong is not None:
        raise BaselineError(f"{name}:{number}: its {wrong} is no string")
    return Entry(fingerprint, ref=ref, **{key: str(text) for key, text in texts.items()})


def updated(
    baseline: Baseline, outcome: Outcome, ran: Collection[str], *, add: bool
) -> list[Entry]:
    """Return the entries of a baseline after a run that was held against it; reasons are kept.

    Args:
        baseline: The entries so far. Those about what the run has not judged stay.
        outcome: What was found, known or not.
        ran: The codes of the rules that ran.
        add: Whether findings that are not known become so.

    """
    judged = baseline.judged(outcome, ran)
    keys = {item.name: cluster_key(item.name, item.path) for item in outcome.clusters}
    entries = {key: entry for key, entry in baseline.entries.items() if not judged(entry)}
    found = [item.finding for item in outcome.suppressed if item.kind == BASELINE]
    for item in [*found, *(outcome.findings if add else ())]:
        known = baseline.entries.get(item.fingerprint)
        if item.rule != STALE:
            entries[item.fingerprint] = Entry(
                item.fingerprint,
                item.rule,
                keys.get(item.cluster, item.cluster),
                item.pool,
                item.resource,
                known.reason if known is not None else "",
            )
    return sorted(entries.values(), key=Entry.order)


def baseline_text(entries: Sequence[Entry]) -> str:
    """Return the file's text."""
    return "".join(f"{line}\n" for line in (json.dumps(HEAD), *(e.line() for e in entries)))


def write_baseline(path: str, entries: Sequence[Entry]) -> None:
    """Write a baseline, whole or not at all.

    Raises:
        BaselineError: It cannot be written.

    """
    from tempfile import NamedTemporaryFile

    target = os.path.realpath(path)
    try:
        with NamedTemporaryFile(
            "w", encoding="ascii", newline="\n", dir=os.path.dirname(target), delete=False
        ) as stream:
            try:
                stream.write(baseline_text(entries))
                stream.flush()
                os.fsync(stream.fileno())
                os.chmod(stream.name, _mode(target))
                os.replace(stream.name, target)
            except OSError:
                os.unlink(stream.name)
                raise
    except OSError as error:
        raise BaselineError(f"{shown(path)}: it cannot be written: {error.strerror}") from error


def _mode(target: str) -> int:
    """Return the permissions of a file, or those that a new one gets here."""
    try:
        return os.stat(target).st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
