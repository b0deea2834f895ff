"""What manifests put on the nodes of a pool, statement by statement, as the node gets it.

Two states of the manifests are compared by these. Texts are compared as they are written to the
node and not by their meaning: the Machine Config Operator compares files, units and arguments
(openshift/machine-config-operator ``pkg/controller/common``, CalculateConfigFileDiffs), so that
``0,1`` in place of ``0-1`` reboots nodes like any other change.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from linter.facts.crio import MANAGEMENT, is_read
from linter.facts.pinning import PATH as PINNING_PATH
from linter.records import dataclass
from linter.regexes import regex
from linter.render.performance_config import RPS_SYSCTL_FILE
from linter.render.place import place_in
from linter.sources.fields import Value, is_template
from linter.sources.text import Embedded, Ref

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linter.facts.kubelet_configs import KubeletConfig
    from linter.facts.manifests import Manifest
    from linter.facts.profiles import Profile
    from linter.facts.tuned_profiles import Tuned, TunedProfile
    from linter.model.merge import EffectiveFile, FileLayer, MergedConfig
    from linter.model.node import Readers
    from linter.render.error import Path
    from linter.sources.yaml_tree import Node

PRESENT = "present"
"""What is shown of a value that is no short text; it may hold what nobody should read here."""

_LONGEST_SHOWN = 60
_RPS = regex(r"^[ \t]*net\.core\.rps_default_mask[ \t]*=[ \t]*(\S+)", re.MULTILINE)
_RESERVED: Path = ("spec", "cpu", "reserved")
_ISOLATED: Path = ("spec", "cpu", "isolated")
_SHARED: Path = ("spec", "cpu", "shared")
_SETTINGS: Mapping[str, Path] = {
    "reservedSystemCPUs": _RESERVED,
    "topologyManagerPolicy": ("spec", "numa", "topologyPolicy"),
    "memoryManagerPolicy": ("spec", "numa", "topologyPolicy"),
    "cpuManagerPolicyOptions": ("spec", "numa", "topologyPolicy"),
    "reservedMemory": ("spec", "numa", "topologyPolicy"),
}
_SNIPPET: Path = ("metadata", "annotations", "kubeletconfig.experimental")
_COMMAND_LINES: Mapping[str, Path] = {
    "cmdline_isolation": ("spec", "cpu", "balanceIsolated"),
    "cmdline_hugepages": ("spec", "hugepages"),
    "cmdline_irqaffinity": ("spec", "cpu", "ovsDpdk"),
    "cmdline_additionalArg": ("spec", "additionalKernelArgs"),
}
_HINTS: Path = ("spec", "workloadHints")
_SECTIONS: Mapping[str, Path] = {
    "net": ("spec", "net"),
    "irqbalance": ("spec", "globallyDisableIrqLoadBalancing"),
    "scheduler": ("spec", "globallyDisableIrqLoadBalancing"),
    "sysfs": ("spec", "hardwareTuning"),
}
_LEFT_OUT: Mapping[str, tuple[str, Path]] = {
    "offlined": ("OFFLINE_CPUS", ("spec", "cpu", "offlined")),
    "hugepages": ("hugepages of NUMA nodes", ("spec", "hugepages")),
    "rps": ("mask of update-rps@.service", _RESERVED),
}


@dataclass(frozen=True, slots=True)
class NodeStatement:
    """One thing that the nodes of a pool get.

    Attributes:
        key: What it is, for people; the same in both states.
        value: What is compared.
        shown: What a report says of it.
        ref: The place that decides it.
        reboots: Whether nodes reboot when it changes; TuneD applies the rest as it runs.
        open: Whether a template decides it.

    """

    key: str
    value: object
    shown: str
    ref: Ref
    reboots: bool = True
    open: bool = False


# --- MachineConfigs ------------------------------------------------------------------------------


def config_statements(
    merged: MergedConfig, made_of: Mapping[str, Profile], readers: Readers
) -> Iterator[NodeStatement]:
    """Yield what the merged MachineConfigs of a pool put on its nodes.

    Args:
        merged: The MachineConfigs.
        made_of: The profiles of those that are not written but made, by their names.
        readers: Read payloads, and remember them.

    """
    for path, file in merged.files.items():
        if (winner := file.winner) is not None:
            yield from _file(path, file, winner, made_of.get(winner.machine_config.name), readers)
    for name, unit in merged.units.items():
        texts = [(key, text.text) for key, text in sorted(unit.dropins.items())]
        contents = unit.contents.text if unit.contents is not None else None
        masks = [layer.unit.mask for layer in unit.layers if isinstance(layer.unit.mask, Value)]
        value = (contents, tuple(texts), unit.enabled, masks[-1].value if masks else None)
        ref = unit.layers[-1].unit.ref
        yield NodeStatement(f"unit {name}", value, PRESENT, ref, open=_is_open(contents))
    words = [
        (layer.argument.name, layer.argument.ref.text, layer.argument.ref)
        for layer in merged.kernel_arguments
    ]
    for name in sorted({name for name, _, _ in words}):
        mine = [(text, ref) for other, text, ref in words if other == name]
        text = " ".join(text for text, _ in mine)
        yield _short(f"kernel argument {name}", text, mine[-1][1])
    yield from _whole(merged, made_of)


def _whole(merged: MergedConfig, made_of: Mapping[str, Profile]) -> Iterator[NodeStatement]:
    """Yield what a pool has once: the kernel's type, extensions, FIPS mode, the system's image."""
    for config in merged.order:
        kernel = config.kernel_type
        if isinstance(kernel, Value) and kernel.value == merged.kernel_type != "default":
            profile = made_of.get(config.name)
            ref = kernel.ref
            if profile is not None:
                ref = place_in(profile.manifest.root, ("spec", "realTimeKernel", "enabled"))
            yield NodeStatement("kernel type", kernel.value, kernel.value, ref)
        image = config.manifest.root.at("spec", "osImageURL")
        if image.is_scalar and image.raw.value:
            yield _short("osImageURL", image.raw.value, image.content_ref())
        for name, ref in config.extensions:
            yield NodeStatement(f"extension {name}", name, name, ref)
        if isinstance(config.fips, Value) and config.fips.value:
            yield NodeStatement("fips", True, "true", config.fips.ref)


def _file(
    path: str, file: EffectiveFile, winner: FileLayer, profile: Profile | None, readers: Readers
) -> Iterator[NodeStatement]:
    """Yield what a file says of CPUs, and the rest of it as one more statement."""
    said = list(_cpus_of(path, winner, readers))
    base = os.path.basename(path)
    for name, said_text, ref, decided_by in said:
        place = ref if profile is None else place_in(profile.manifest.root, decided_by)
        yield _short(f"{name} in {base}", said_text, place)
    payload = winner.file.contents
    text = winner.file.text
    if payload is None:
        return
    if text is None:  # a template, or no text at all: as it is written
        yield NodeStatement(
            f"file {path}", payload.ref.text, PRESENT, payload.ref, open=payload.templated
        )
        return
    rest = _without(text, [ref for _, _, ref, _ in said])
    form = payload.ref.text.partition(",")[0] if profile is None else ""
    ref = profile.ref if profile is not None else payload.ref
    yield NodeStatement(f"file {path}", (rest, form, file.mode), PRESENT, ref, open=_is_open(rest))


def _cpus_of(
    path: str, winner: FileLayer, readers: Readers
) -> Iterator[tuple[str, str, Ref, Path]]:
    """Yield the lists of CPUs in a file: what each is, its text and place, the field behind it."""
    text = winner.file.text
    if path == PINNING_PATH:
        pinning = readers.pinning(winner.file)
        if pinning is not None and (cpuset := pinning.cpuset) is not None:
            yield "management.cpuset", cpuset.text, cpuset.ref, _RESERVED
    elif path == RPS_SYSCTL_FILE and text is not None:
        if (found := _RPS.search(text.text)) is not None:
            yield "rps_default_mask", found[1], Ref(text, *found.span(1)), _RESERVED
    elif is_read(path) and (drop_in := readers.crio(winner.file)) is not None:
        workload = drop_in.workloads.get(MANAGEMENT)
        for name, stated, field in (
            ("management cpuset", workload.cpuset if workload is not None else None, _RESERVED),
            ("infra_ctr_cpuset", drop_in.infra_ctr_cpuset, _RESERVED),
            ("shared_cpuset", drop_in.shared_cpuset, _SHARED),
        ):
            if stated is not None:
                yield name, stated.text, stated.ref, field


def _without(text: Embedded, refs: Sequence[Ref]) -> str:
    """Return a text without the characters of some places in it."""
    spans = sorted((ref.start, ref.end) for ref in refs if ref.source is text)
    rest, at = [], 0
    for start, end in spans:
        rest.append(text.text[at:start])
        at = end
    return "\0".join([*rest, text.text[at:]])


# --- the kubelet ---------------------------------------------------------------------------------


def kubelet_statements(
    config: KubeletConfig, profile: Profile | None, several: bool
) -> Iterator[NodeStatement]:
    """Yield the settings of a KubeletConfig; of one of several with its name.

    Args:
        config: The KubeletConfig.
        profile: The profile that it is made of, None where it is written.
        several: Whether others select the same pool.

    """
    whose = f" in {config.name}" if several else ""
    for key, setting in config.settings.items():
        if key in {"apiVersion", "kind"}:
            continue
        ref = setting.content_ref() if setting.is_scalar else config.settings.key_ref(key)
        if profile is not None:
            ref = place_in(profile.manifest.root, _SETTINGS.get(key, _SNIPPET))
        value = _plain_text(setting)
        yield _short(f"{key}{whose}", value, ref, plain=setting.is_scalar)


def _plain_text(node: Node) -> str:
    """Return a value of any kind as a text that two equal values share."""
    if node.is_scalar:
        return str(node.raw.value)
    import json

    try:
        return json.dumps(node.plain(), sort_keys=True)
    except (TypeError, ValueError):
        return node.ref.text


# --- CRI-O ---------------------------------------------------------------------------------------


def runtime_statements(config: Manifest, several: bool) -> Iterator[NodeStatement]:
    """Yield the settings of a ContainerRuntimeConfig, of which drop-ins of CRI-O are made.

    Format: openshift/api ``machineconfiguration/v1`` ContainerRuntimeConfiguration.

    Args:
        config: The ContainerRuntimeConfig.
        several: Whether others select the same pool.

    """
    whose = f" in {config.name}" if several else ""
    settings = config.root.at("spec", "containerRuntimeConfig")
    for key, setting in settings.items():
        ref = setting.content_ref() if setting.is_scalar else settings.key_ref(key)
        text = _plain_text(setting)
        yield _short(f"container runtime {key}{whose}", text, ref, plain=setting.is_scalar)


# --- TuneD ---------------------------------------------------------------------------------------


def tuned_statements(
    tuned: Tuned, profile: TunedProfile, made_of: Profile | None
) -> Iterator[NodeStatement]:
    """Yield the settings of a TuneD profile; what goes onto the kernel command line reboots."""
    whose = "" if made_of is not None else f" in TuneD profile {profile.name}"
    root = made_of.manifest.root if made_of is not None else None
    for section, entries in profile.parsed.sections.items():
        for entry in entries:
            if entry.overridden or (section == "main" and entry.key == "summary"):
                continue
            kernel = section in {"variables", "bootloader"}
            key = entry.key if kernel else f"[{section}] {entry.key}"
            ref = profile.whole.part(entry.start, entry.end)
            if root is not None:
                ref = place_in(root, _decided_by(section, entry.key))
            yield _short(f"{key}{whose}", entry.value, ref, reboots=kernel, of_kubernetes=False)
    for recommended in tuned.recommend:
        if recommended.profile == profile.name and made_of is None:
            value = str(recommended.priority)
            yield _short(f"priority{whose}", value, recommended.priority_ref)


def _decided_by(section: str, key: str) -> Path:
    if key == "isolated_cores":
        return _ISOLATED
    if section == "bootloader":
        return _COMMAND_LINES.get(key, _HINTS if "realtime" in key else ("spec",))
    return _SECTIONS.get(section.partition("_")[0], ("spec",))


# --- profiles that cannot be rendered ------------------------------------------------------------


def left_out_statements(
    left_out: Mapping[str, object], profile: Profile
) -> Iterator[NodeStatement]:
    """Yield what decides units that only the operator writes."""
    for name, value in left_out.items():
        key, path = _LEFT_OUT[name]
        shown = value if isinstance(value, str) else PRESENT
        yield NodeStatement(key, value, shown, place_in(profile.manifest.root, path))


def field_statements(profile: Profile, *, refused: bool) -> Iterator[NodeStatement]:
    """Yield the fields of a profile as they are written, for where nothing can be rendered of it.

    With ``refused`` the operator makes nothing of it, so that a change may change nothing.
    """
    root = profile.manifest.root
    for top, node in (("spec", root.at("spec")), ("annotations", _annotations(root))):
        waiting = [(top, node)]
        while waiting:
            name, here = waiting.pop()
            if here.is_mapping:
                waiting.extend((f"{name}.{key}", below) for key, below in here.items())
            elif here.exists:
                text = _plain_text(here)
                yield _short(
                    f"{name} of profile {profile.name or '?'}",
                    text,
                    here.content_ref() if here.is_scalar else here.ref,
                    plain=here.is_scalar,
                    unknown=refused,
                )


def _annotations(root: Node) -> Node:
    return root.at("metadata", "annotations")


def _short(
    key: str,
    text: str,
    ref: Ref,
    *,
    reboots: bool = True,
    plain: bool = True,
    unknown: bool = False,
    of_kubernetes: bool = True,
) -> NodeStatement:
    """Return a statement whose value is a text; a long one is not shown.

    ``${…}`` is a variable of TuneD's own where the value is not ``of_kubernetes``.
    """
    brief = plain and len(text) <= _LONGEST_SHOWN and "\n" not in text
    shown = (text or "nothing") if brief else PRESENT
    templated = is_template(text) if of_kubernetes else "{{" in text
    return NodeStatement(key, text, shown, ref, reboots, unknown or templated)


def _is_open(text: str | None) -> bool:
    return text is not None and "{{" in text and is_template(text)
