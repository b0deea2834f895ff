"""Restating: a rendered object says what its profile implies now, and all else as it did.

Only what differs is rewritten: a value in its place, a line of a TuneD profile, a key among its
siblings, a file beside another one. Everything that the operator or a person wrote besides stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linter.facts.added_files import added_file
from linter.formats.cpuset import CpuSet
from linter.regexes import regex
from linter.render.performance_config import RPS_SYSCTL_FILE
from linter.render.statements import OFFLINED, POOL_SELECTOR, RPS_MASK
from linter.sources.deletion import removed_item, removed_key
from linter.sources.insertion import added_key, another_value
from linter.sources.text import Ref, Replacement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from linter.facts.machine_configs import MachineConfig
    from linter.model.rendered import RenderedObject
    from linter.render.staleness import Difference
    from linter.render.statements import Statement
    from linter.sources.yaml_tree import Node

_LABEL, _RECOMMENDED = "label ", "recommend label "
_DASHES = 2
"""By how much the renderer indents lists."""

_FLAGS = regex(r"isolcpus=((?:[a-z_]+,)*)")
_SETTING = regex(r"[ \t]*([\w.-]+)[ \t]*=")
_ONE_SETTING = regex(r"\s*net\.core\.rps_default_mask[ \t]*=[ \t]*\S+\s*")

Wish = Replacement | None


def restated(
    item: RenderedObject, differences: Sequence[Difference]
) -> tuple[Replacement, ...] | None:
    """Return the wishes that an object state what is implied; None unless all of it can be.

    Half of a rendering may be worse than an old one: a kubelet with a policy, but without what the
    policy asks for, does not start.
    """
    wishes = list(_wishes(item, differences))
    if None in wishes:
        return None
    merged = tuple(_merged(wish for wish in wishes if wish is not None))
    return merged if merged and all(wish.edit() is not None for wish in merged) else None


def _merged(wishes: Iterable[Replacement]) -> Iterator[Replacement]:
    """Yield wishes of which no two add something at one place.

    What would be added right behind a value that changes is left for the next look at the object.
    """
    added: dict[tuple[object, ...], Replacement] = {}
    changed: set[tuple[object, ...]] = set()
    for wish in wishes:
        ref = wish.ref
        if ref.start < ref.end:
            changed.add(ref.part(ref.end - ref.start, ref.end - ref.start).order())
            yield wish
            continue
        before = added.get(ref.order())
        new = before.new + wish.new if before is not None else wish.new
        added[ref.order()] = Replacement(ref, new)
    yield from (wish for place, wish in added.items() if place not in changed)


def _wishes(item: RenderedObject, differences: Sequence[Difference]) -> Iterator[Wish]:
    root = item.manifest.root
    if item.manifest.kind == "KubeletConfig":
        yield from _of_kubelet_config(root, sorted(differences, key=lambda one: one.key))
        return
    for one in sorted(differences, key=_place):
        if item.manifest.kind == "MachineConfig":
            yield _of_machine_config(item.fact, root, one)  # type: ignore[arg-type] # by its kind
        else:
            yield _of_tuned(root, one)


def _place(one: Difference) -> tuple[int, str]:
    """Return a key that sorts differences as they are rendered."""
    return (one.implied.ref.start if one.implied is not None else 0, one.key)


# --- KubeletConfig -------------------------------------------------------------------------------


def _of_kubelet_config(root: Node, differences: Iterable[Difference]) -> Iterator[Wish]:
    settings = root.at("spec", "kubeletConfig")
    missing: dict[str, dict[str, Any]] = {}
    surplus: dict[str, set[str]] = {}
    for one in differences:
        top, _, inner = one.key.partition(".")
        if one.stated is None and one.implied is not None and one.implied.node is not None:
            missing.setdefault(top, {})[inner] = one.implied.node.plain()
        elif one.implied is None:
            surplus.setdefault(top, set()).add(inner)
        else:
            yield _setting(root, one)
    for top, values in missing.items():
        yield from _added(settings, top, values)
    for top, names in surplus.items():
        if "" in names or (names == {name for name, _ in settings.at(top).items()}):
            yield removed_key(settings, top) if top not in missing else None
        else:
            yield from (removed_key(settings.at(top), name) for name in sorted(names))


def _added(settings: Node, top: str, inner: dict[str, Any]) -> Iterator[Wish]:
    """Add a setting, or what it lacks."""
    if "" in inner:
        yield added_key(settings, (top,), inner[""], ordered=True, dashes=_DASHES)
    elif not settings.at(top).exists:
        yield added_key(settings, (top,), inner, ordered=True, dashes=_DASHES)
    else:
        for name, value in inner.items():
            yield added_key(settings.at(top), (name,), value, ordered=True)


def _setting(root: Node, one: Difference) -> Wish:
    """Change a setting."""
    if one.key == POOL_SELECTOR:
        holder, key = root.at("spec", POOL_SELECTOR), "matchLabels"
    else:
        key, _, inner = one.key.partition(".")
        holder = root.at("spec", "kubeletConfig")
        if inner:
            holder, key = holder.at(key), inner
    old, new = holder.at(key), one.implied.node if one.implied is not None else None
    if new is None or not old.exists:
        return None
    if old.is_scalar and new.is_scalar and type(old.scalar()) is type(new.scalar()):
        return Replacement(old.content_ref(), str(new.raw.value))
    return another_value(holder, key, new.plain())


# --- MachineConfig -------------------------------------------------------------------------------


def _of_machine_config(config: MachineConfig, root: Node, one: Difference) -> Wish:
    if one.key == RPS_MASK and one.stated is None and one.implied is not None:
        sibling = next((file for file in config.files if file.text is not None), None)
        if sibling is None:
            return None
        return added_file(sibling, RPS_SYSCTL_FILE, one.implied.ref.source.text)
    if one.key == RPS_MASK and one.implied is None:
        paths = [file.path for file in config.files]
        listed = root.at("spec", "config", "storage", "files")
        file = config.file(RPS_SYSCTL_FILE)
        alone = (
            file is not None and file.text is not None and _ONE_SETTING.fullmatch(file.text.text)
        )
        if not alone or len(paths) != len(list(listed.elements())):
            return None
        return removed_item(listed, paths.index(RPS_SYSCTL_FILE))
    if one.key.startswith(_LABEL) and one.stated is None and one.implied is not None:
        name = one.key.removeprefix(_LABEL)
        return added_key(root, ("metadata", "labels", name), one.implied.shown)
    return _in_place(one)


def _in_place(one: Difference) -> Wish:
    """Write what is implied in place of what is stated."""
    if one.stated is None or one.implied is None:
        return None
    if one.key == OFFLINED and isinstance(one.implied.value, CpuSet):
        text = ",".join(str(cpu) for cpu in one.implied.value)
        return Replacement(one.stated.ref, text) if text else None
    new = one.implied.ref.text
    return Replacement(one.stated.ref, new) if "\n" not in one.stated.ref.text + new else None


# --- Tuned ---------------------------------------------------------------------------------------


def _of_tuned(root: Node, one: Difference) -> Wish:
    stated, implied = one.stated, one.implied
    if one.key.startswith(_RECOMMENDED):
        if stated is not None or implied is None:
            return _in_place(one)
        name, own = one.key.removeprefix(_RECOMMENDED), root.at("metadata", "name").scalar()
        for entry in root.at("spec", "recommend").elements():
            if entry.at("profile").scalar() == own:
                return added_key(entry, ("machineConfigLabels", name), implied.shown)
        return None
    if one.key == "isolcpus" and stated is not None and implied is not None:
        old, new = _FLAGS.search(stated.ref.text), _FLAGS.search(implied.ref.text)
        if old is None or new is None:
            return None
        return Replacement(stated.ref.part(*old.span(1)), new[1])
    if stated is not None and implied is not None:
        return _in_place(one)
    if not one.key.startswith("cmdline_"):
        return None
    return _line_gone(stated) if stated is not None else _line_added(root, implied)


def _line_gone(stated: Statement) -> Wish:
    text, (begin, end) = stated.ref.source.text, _line(stated.ref)
    if "\n" in stated.ref.text:
        return None
    return Replacement(Ref(stated.ref.source, begin, min(end + 1, len(text))), "")


def _line_added(root: Node, implied: Statement | None) -> Wish:
    """Add an entry below the one that stands before it in what is rendered."""
    if implied is None or "\n" in implied.ref.text:
        return None
    rendered, (begin, end) = implied.ref.source.text, _line(implied.ref)
    before = rendered[:begin].splitlines()
    section = next((n for n in reversed(range(len(before))) if before[n].startswith("[")), None)
    if section is None:
        return None
    anchors = [before[section], *before[section + 1 :]]
    for text in _profiles_named(root):
        for anchor in reversed(anchors):
            place = _anchored(text, before[section], anchor)
            if place is not None:
                return Replacement(place, "\n" + rendered[begin:end])
    return None


def _profiles_named(root: Node) -> Iterator[Ref]:
    """Yield the text of the profile that is called like its object."""
    name = root.at("metadata", "name").scalar()
    for element in root.at("spec", "profile").elements():
        data = element.at("data")
        if element.at("name").scalar() == name and data.is_scalar:
            source = data.embedded()
            yield Ref(source, 0, len(source.text))


def _anchored(text: Ref, section: str, anchor: str) -> Ref | None:
    """Return the end of the line in a section that sets what another line sets."""
    at, inside = 0, False
    setting = _SETTING.match(anchor)
    for line in text.text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if bare.startswith("["):
            inside = bare.rstrip() == section.rstrip()
        own = _SETTING.match(bare)
        same = bare == anchor if setting is None else own is not None and own[1] == setting[1]
        if inside and bare.strip() and same:
            return text.part(at + len(bare), at + len(bare))
        at += len(line)
    return None


def _line(ref: Ref) -> tuple[int, int]:
    """Return where the line of a place begins and ends."""
    text = ref.source.text
    end = text.find("\n", ref.end)
    return text.rfind("\n", 0, ref.start) + 1, end if end >= 0 else len(text)
