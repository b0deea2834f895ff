"""Removals: objects, files of MachineConfigs and kernel arguments that are taken out of manifests.

What is left empty by it goes too: a MachineConfig that states nothing else, and the key of a list
that has no other item.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from linter.regexes import regex
from linter.sources.deletion import removed_document, removed_item, removed_key
from linter.sources.fields import known
from linter.sources.nodes import Graft, Node
from linter.sources.text import Embedded, Ref, Replacement
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Collection

    from linter.facts.kernel import StatedArgument
    from linter.facts.machine_configs import MachineConfig
    from linter.sources.text import Source

_COMMAND_LINE = regex(r"[ \t]*cmdline\w*[ \t]*=[ \t]*[+\\]?")


def removed_object(root: Node) -> Replacement | None:
    """Return the wish that an object were not there: a document, an item of a list, or a value.

    The last object of a policy stays, since a policy without one is none.
    """
    way = _way(root.source, root.raw)
    if way is None:
        return None
    if len(way) == 1:
        return _removed_text(root) or removed_document(root)
    holder = way[-2]
    if holder.is_sequence:
        return removed_item(holder, _index(holder, root.raw))
    outer = way[-3] if len(way) > 2 else None
    template = holder.at("objectDefinition")
    if outer is None or not outer.is_sequence or not template.exists or len(outer.raw.value) < 2:
        return None
    if template.raw.start_mark.index != root.raw.start_mark.index:
        return None
    return removed_item(outer, _index(outer, holder.raw))


def removed_files(config: MachineConfig, paths: Collection[str]) -> tuple[Replacement, ...] | None:
    """Return the wishes that a MachineConfig write none of some files."""
    root = config.manifest.root
    listed = root.at("spec", "config", "storage", "files")
    entries = list(listed.elements())
    gone = [n for n, entry in enumerate(entries) if (known(entry.at("path").text()) or "") in paths]
    if len(gone) < len(entries):
        return _all(removed_item(listed, number) for number in gone)
    others = (config.units, config.kernel_arguments, config.extensions, config.unsupported)
    if any(others) or not _only(root.at("spec"), "config") or not gone:
        return _all([removed_key(root.at("spec", "config", "storage"), "files")])
    return _all([removed_object(root)])


def removed_argument(argument: StatedArgument, holder: Node) -> Replacement | None:
    """Return the wish that a kernel argument were not set.

    Args:
        argument: The argument, in a list or in an entry of a TuneD profile.
        holder: The object that states it.

    """
    spec, place = holder.at("spec"), argument.ref.in_file()
    for key in ("kernelArguments", "additionalKernelArgs"):
        elements = list(spec.at(key).elements())
        for number, element in enumerate(elements):
            around = element.ref.in_file()
            if place.source is around.source and around.start <= place.start < around.end:
                if element.content().text.split() != [argument.ref.text]:
                    return _removed_word(argument.ref)
                if len(elements) > 1:
                    return removed_item(spec.at(key), number)
                return removed_object(holder) if _only(spec, key) else removed_key(spec, key)
    return _removed_from_line(argument.ref) if isinstance(argument.ref.source, Embedded) else None


def _only(spec: Node, key: str) -> bool:
    """Say whether a MachineConfig states nothing beside one key, and an Ignition without contents.

    Other kinds of objects have fields without which they mean nothing.
    """
    for name, value in spec.items():
        if name == key or value.is_null:
            continue
        if name != "config" or any(inner != "ignition" for inner, _ in value.items()):
            return False
    return True


def _all(wishes: Any) -> tuple[Replacement, ...] | None:
    listed = tuple(wishes)
    return listed if listed and None not in listed else None


def _removed_word(ref: Ref) -> Replacement:
    """Take a word out of a line of several, with the blanks behind it or else before it."""
    text, start, end = ref.source.text, ref.start, ref.end
    behind = len(text[end:]) - len(text[end:].lstrip(" \t"))
    if behind and text[end + behind : end + behind + 1].strip():
        return Replacement(Ref(ref.source, start, end + behind), "")
    return Replacement(Ref(ref.source, len(text[:start].rstrip(" \t")), end), "")


def _removed_from_line(ref: Ref) -> Replacement | None:
    """Take a word out of an entry of a TuneD profile, with the entry if it is the only one."""
    text = ref.source.text
    begin, end = text.rfind("\n", 0, ref.start) + 1, text.find("\n", ref.end)
    end = end if end >= 0 else len(text)
    entry = _COMMAND_LINE.match(text, begin, end)
    if entry is None:
        return None
    if text[entry.end() : end].split() == [ref.text]:
        return Replacement(Ref(ref.source, begin, min(end + 1, len(text))), "")
    if not text[entry.end() : ref.start].strip():  # the operator of the entry stays with the rest
        rest = len(text[ref.end : end]) - len(text[ref.end : end].lstrip(" \t"))
        return Replacement(Ref(ref.source, ref.start, ref.end + rest), "")
    return _removed_word(ref)


# --- where an object stands ----------------------------------------------------------------------


def _removed_text(root: Node) -> Replacement | None:
    """Return the wish that the value were not there of which an object is the only document."""
    source = root.source
    if not isinstance(source, Embedded) or len(_documents(source)) != 1:
        return None
    start, end = source.mapping.to_parent(0, len(source.text))
    way = _way_to(source.parent, start, end)
    if way is None or len(way) < 2 or not way[-1].is_scalar or not way[-2].is_mapping:
        return None
    holder, value = way[-2], way[-1]
    if len(holder.raw.value) == 1 and len(way) > 2 and way[-3].is_sequence:
        return removed_item(way[-3], _index(way[-3], holder.raw))
    keys = [key.value for key, one in holder.raw.value if one is value.raw]
    return removed_key(holder, keys[0]) if len(keys) == 1 else None


def _way(source: Source, raw: Any) -> list[Node] | None:
    """Return the values from a document down to one of its values; it is composed anew.

    What is put together of a document of its own and others, as policy generators do, stands
    nowhere as a whole.
    """
    way = _way_to(source, raw.start_mark.index, raw.end_mark.index)
    while way and (way[-1].raw.start_mark.index, way[-1].raw.end_mark.index, way[-1].raw.id) != (
        raw.start_mark.index, raw.end_mark.index, raw.id,
    ):  # fmt: skip
        way.pop()
    return way if way and (len(way) > 1 or type(raw) is not Graft) else None


def _way_to(source: Source, start: int, end: int) -> list[Node] | None:
    """Return the values around a span, from the outermost to the innermost."""
    way: list[Node] = []
    inside = [root.raw for root in _documents(source)]
    while inside:
        at = bisect_right(inside, start, key=lambda raw: raw.start_mark.index) - 1
        if at < 0 or inside[at].end_mark.index < end:
            break
        way.append(Node(source, inside[at]))
        inside = _values(inside[at])
    return way or None


@lru_cache(maxsize=2)
def _documents(source: Source) -> list[Node]:
    """Return the documents of a text; the objects of one text are mostly asked for in a row."""
    return compose(source)[0]


def _values(raw: Any) -> list[Any]:
    if raw.id == "scalar":
        return []
    return list(raw.value) if raw.id == "sequence" else [value for _, value in raw.value]


def _index(holder: Node, raw: Any) -> int:
    """Return which item of a list begins where a value does; -1 where aliases hide it."""
    items, start = holder.raw.value, raw.start_mark.index
    at = bisect_left(items, start, key=lambda item: item.start_mark.index)
    return at if at < len(items) and items[at].start_mark.index == start else -1
