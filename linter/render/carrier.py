"""The carrier of the enablement: where a cluster's manifests say that it is partitioned.

A second carrier that says something else would contradict the first, so the one that is there is
completed: one value is replaced or one key added, and the rest of the file stays as it is.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from linter.facts.installation import ALL_NODES, OVERRIDES_ANNOTATION
from linter.facts.override_keys import MODE
from linter.records import dataclass
from linter.render.directory import FileChange
from linter.render.reading import InputError, place_of
from linter.sources.insertion import added_key
from linter.sources.text import File, Ref, Replacement
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from linter.facts.installation import Installation
    from linter.facts.scope import Facts
    from linter.sources.text import Edit
    from linter.sources.yaml_tree import Node

_TRUST = ("install-config", "Infrastructure", "AgentClusterInstall")


@dataclass(frozen=True, slots=True)
class Addition:
    """What is added to a carrier, and where; no change where the carrier already says it."""

    words: str
    change: FileChange | None


def switch_on(facts: Facts) -> Addition | None:
    """Return what makes the carrier among the manifests say AllNodes; None if there is none.

    Of several carriers it is the one that the installer reads first.

    Raises:
        InputError: The carrier cannot be completed without touching anything else.

    """
    carriers = [i for i in facts.installations if i.enablement is not None]
    if not carriers:
        return None
    carriers.sort(key=lambda one: _TRUST.index(one.kind) if one.kind in _TRUST else len(_TRUST))
    carrier = carriers[0]
    ref = carrier.enablement.ref if carrier.enablement is not None else None
    if carrier.enablement is None or ref is None:
        return None
    path, root = _field(carrier)
    if root is None:
        raise InputError(f"set {carrier.enablement.carrier} to {ALL_NODES} here by hand", ref)
    present = root.at(*path)
    if present.is_scalar and present.scalar() == ALL_NODES:
        return Addition(f"{place_of(present.ref)}: {path[-1]} is {ALL_NODES} already", None)
    replacement = _replacement(root, path)
    edit = replacement.edit() if replacement is not None else None
    if edit is None or not _is_right(edit, root, path):
        raise InputError(f"set {'.'.join(path)} to {ALL_NODES} here by hand", ref)
    file, text = edit.file, edit.file.text
    new = text[: edit.start] + edit.new + text[edit.end :]
    blank = len(edit.new) - len(edit.new.lstrip())
    where = place_of(Ref(File(file.name, new), edit.start + blank, edit.start + len(edit.new)))
    return Addition(
        f"{where}: {path[-1]} set to {ALL_NODES}",
        FileChange(_real(file.path), _encoded(file, text), _encoded(file, new), edited=True),
    )


def _field(carrier: Installation) -> tuple[tuple[str, ...], Node | None]:
    """Return the path of the field in the innermost document that holds it, and that document."""
    signal = carrier.enablement
    if signal is None or carrier.kind not in _TRUST:
        return (MODE,), None
    return signal.path, signal.holder


def _replacement(root: Node, path: tuple[str, ...]) -> Replacement | None:
    """Return the wish that the field of a mapping reads AllNodes."""
    present = root.at(*path)
    if present.is_scalar:
        return Replacement(present.content_ref(), ALL_NODES)
    return added_key(root, path, ALL_NODES)


def _is_right(edit: Edit, root: Node, path: tuple[str, ...]) -> bool:
    """Say whether the edited file differs from the old one in that field and in nothing else."""
    text = edit.file.text
    new = File(edit.file.name, text[: edit.start] + edit.new + text[edit.end :])
    before, problem = compose(edit.file)
    after, new_problem = compose(new)
    if problem is not None or new_problem is not None or len(before) != len(after):
        return False
    outside = root.source is not edit.file
    changed = 0
    for one, other in zip(before, after, strict=True):
        try:
            old_data, new_data = one.plain(), other.plain()
        except ValueError:
            return False
        if old_data != new_data:
            changed += 1
            wanted = _overrides_set(old_data) if outside else _set(old_data, path)
            seen = _overrides_read(new_data) if outside else new_data
            if wanted != seen:
                return False
    return changed == 1


def _set(data: Any, path: tuple[str, ...]) -> Any:
    if not path:
        return ALL_NODES
    held = data if isinstance(data, dict) else {}
    return held | {path[0]: _set(held.get(path[0]), path[1:])}


def _overrides_read(data: Any) -> Any:
    """Return an object with its overrides annotation read as JSON."""
    import json

    try:
        annotations = data["metadata"]["annotations"]
        overrides = json.loads(annotations[OVERRIDES_ANNOTATION])
    except (KeyError, TypeError, ValueError):
        return data
    inner = annotations | {OVERRIDES_ANNOTATION: overrides}
    return data | {"metadata": data["metadata"] | {"annotations": inner}}


def _overrides_set(data: Any) -> Any:
    read = _overrides_read(data)
    return _set(read, ("metadata", "annotations", OVERRIDES_ANNOTATION, MODE))


def _real(path: str) -> str:
    """Return the file that a link leads to, so that the file is replaced and not the link."""
    return os.path.realpath(path) if os.path.islink(path) else path


def _encoded(file: File, text: str) -> bytes:
    return ("\ufeff" + text if file.bom else text).encode(file.encoding)
