"""What a rendered object states, read in the same way from a manifest and from our own rendering.

A statement is compared by its meaning: amounts and durations by their size, lists of CPUs as sets,
kernel arguments word by word. What another rule compares more precisely is left out: the CPUs of
``isolated_cores``, ``infra_ctr_cpuset``, the pinning files and ``reservedSystemCPUs``, and the CPUs
that kernel arguments isolate. Of ``reservedSystemCPUs`` is compared whether it is there.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from linter.facts.crio import read_crio_drop_in
from linter.facts.kernel import CPU_LISTS
from linter.facts.kubelet_configs import KubeletConfig
from linter.facts.machine_configs import MachineConfig
from linter.formats import kernel_args, systemd, toml
from linter.formats.cpu_masks import parse_mask
from linter.formats.cpuset import CpuListError, parse_cpuset
from linter.model.rendered import OWNER_LABEL
from linter.records import dataclass
from linter.regexes import regex
from linter.render.kubelet_config import SNIPPET
from linter.render.performance_config import RPS_SYSCTL_FILE
from linter.render.quantity import Quantity
from linter.render.runtimes import RUNTIMES
from linter.render.tuned_profile import PREFIX
from linter.sources.fields import is_template, known
from linter.sources.text import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.manifests import Labels
    from linter.facts.tuned_profiles import Tuned, TunedProfile
    from linter.render.error import Path
    from linter.sources.yaml_tree import Node

OFFLINE_UNIT = "set-cpus-offline.service"
OFFLINED = "OFFLINE_CPUS"
KERNEL_TYPE = "kernelType"
RPS_MASK = "the RPS mask"
POOL_SELECTOR = "machineConfigPoolSelector"
RESERVED_CPUS = "reservedSystemCPUs"

_RPS = regex(r"^[ \t]*net\.core\.rps_default_mask[ \t]*=[ \t]*(\S+)", re.MULTILINE)
_OFFLINE = regex(rf"{OFFLINED}=([0-9,-]*)")
_DURATION = regex(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_LONGEST_SHOWN = 60
_CPU_PATH = ("spec", "cpu")
_SNIPPET_PATH = ("metadata", "annotations", SNIPPET)
_TOPOLOGY_PATH = ("spec", "numa", "topologyPolicy")
_NOT_COMPARED = frozenset({"apiVersion", "kind", RESERVED_CPUS})
_BY_TOPOLOGY = (
    "topologyManagerPolicy",
    "memoryManagerPolicy",
    "cpuManagerPolicyOptions",
    "reservedMemory",
)
_COMMAND_LINES: dict[str, Path] = {
    "cmdline_hugepages": ("spec", "hugepages"),
    "cmdline_irqaffinity": ("spec", "cpu", "ovsDpdk"),
    "cmdline_additionalArg": ("spec", "additionalKernelArgs"),
}
_COMMAND_LINES_OF_RELEASE = (
    "cmdline_isolation",
    "cmdline_cpu_part",
    "cmdline_cpu_part_nohzfull",
    "cmdline_realtime",
    "cmdline_realtime_nohzfull",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a rendered object states.

    ``key`` names it, ``value`` is what is compared, ``shown`` what a message says. ``path`` is the
    field of the profile that decides it; empty where the release alone does. ``node`` is the value
    where it is one of YAML.
    """

    key: str
    value: object
    shown: str
    ref: Ref
    path: Path = ()
    names_cpus: bool = False
    node: Node | None = None


def statements_of(
    fact: MachineConfig | KubeletConfig | Tuned, *, shape: bool = True
) -> dict[str, Statement]:
    """Return what an object states, by key. What a template decides is left out.

    Without ``shape`` the names of CRI-O's settings, which tell releases apart, may be left out.
    ``${…}`` in a TuneD profile is a variable of TuneD's own.
    """
    if isinstance(fact, MachineConfig):
        found = _of_machine_config(fact, shape=shape)
    elif isinstance(fact, KubeletConfig):
        found = _of_kubelet_config(fact)
    else:
        return {one.key: one for one in _of_tuned(fact)}
    return {one.key: one for one in found if not is_template(one.shown)}


def offlined(text: str, ref: Ref) -> Statement | None:
    """Return the statement of offlined CPUs; None for a text that is no list."""
    try:
        cpus = parse_cpuset(text)
    except CpuListError:
        return None
    path = (*_CPU_PATH, "offlined")
    return Statement(OFFLINED, cpus, str(cpus) or "no CPUs", ref, path, names_cpus=True)


# --- MachineConfig -------------------------------------------------------------------------------


def _of_machine_config(config: MachineConfig, *, shape: bool) -> Iterator[Statement]:
    yield from _labels(config.manifest.labels, "label")
    kernel = known(config.kernel_type)
    if kernel:
        path = ("spec", "realTimeKernel", "enabled")
        yield Statement(KERNEL_TYPE, kernel, kernel, config.kernel_type.ref, path)
    for file in config.files:
        if file.path == RPS_SYSCTL_FILE and file.text is not None:
            yield from _rps(Ref(file.text, 0, len(file.text.text)))
        elif file.path == RUNTIMES and file.text is not None:
            drop_in = read_crio_drop_in(file) if "shared_cpuset" in file.text.text else None
            shared = drop_in.shared_cpuset if drop_in is not None else None
            if shared is not None and shared.cpus is not None:
                yield Statement(
                    "shared_cpuset", shared.cpus, shared.shown, shared.ref,
                    (*_CPU_PATH, "shared"), names_cpus=True,
                )  # fmt: skip
            if shape:
                yield from _runtime_keys(Ref(file.text, 0, len(file.text.text)))
    for unit in config.units:
        if unit.name == OFFLINE_UNIT and unit.contents is not None:
            for line in systemd.parse(unit.contents.text).find("Service", "Environment"):
                found = _OFFLINE.search(unit.contents.text, line.start, line.end)
                stated = offlined(found[1], Ref(unit.contents, *found.span(1))) if found else None
                if stated is not None:
                    yield stated


def _rps(text: Ref) -> Iterator[Statement]:
    found = _RPS.search(text.text)
    if found is None:
        return
    try:
        cpus = parse_mask(found[1])
    except CpuListError:
        return
    yield Statement(
        RPS_MASK, cpus, f"{found[1]}, that is CPUs {cpus},",
        text.part(*found.span(1)), (*_CPU_PATH, "reserved"), names_cpus=True,
    )  # fmt: skip


def _runtime_keys(text: Ref) -> Iterator[Statement]:
    """Yield the names of all settings of the runtimes, by which releases can be told apart."""
    try:
        table = toml.parse(text.text).find("crio", "runtime")
    except toml.TomlError:
        return
    pending: list[tuple[str, object]] = [("crio.runtime", table)]
    while pending:
        name, value = pending.pop()
        if isinstance(value, toml.Table):
            pending += [(f"{name}.{entry.key}", entry.value) for entry in value.entries]
        elif not name.endswith("cpuset"):
            yield Statement(name, None, name, text)


def _labels(labels: Labels, words: str) -> Iterator[Statement]:
    for key, value in labels.values.items():
        if key != OWNER_LABEL:
            path: Path = ("spec", "nodeSelector")
            yield Statement(f"{words} {key}", value, value, labels.ref_of(key), path)


# --- KubeletConfig -------------------------------------------------------------------------------


def _of_kubelet_config(config: KubeletConfig) -> Iterator[Statement]:
    selector = config.manifest.root.at("spec", POOL_SELECTOR, "matchLabels")
    value = _meaning(selector)
    path: Path = ("spec", "machineConfigPoolSelector")
    yield Statement(POOL_SELECTOR, value, _shown(selector), selector.ref, path, node=selector)
    reserved = config.settings.at(RESERVED_CPUS)
    if _meaning(reserved) is not None:
        shown = "there" if is_template(_shown(reserved)) else _shown(reserved)
        path = (*_CPU_PATH, "reserved")
        yield Statement(
            RESERVED_CPUS, None, shown, reserved.ref, path, names_cpus=True, node=reserved
        )
    for key, setting in config.settings.items():
        if key in _NOT_COMPARED:
            continue
        path = _TOPOLOGY_PATH if key in _BY_TOPOLOGY else _SNIPPET_PATH
        inner = list(setting.items()) if setting.is_mapping else []
        for name, node in [(f"{key}.{name}", node) for name, node in inner] or [(key, setting)]:
            value = _meaning(node)
            if value is not None:
                ref = node.content_ref() if node.is_scalar else config.settings.key_ref(key)
                yield Statement(name, value, _shown(node), ref, path, node=node)


def _meaning(node: Node) -> object:
    """Return what a setting means, in a form that can be compared; None for a zero value."""
    try:
        return _canonical(node.plain())
    except ValueError:
        return None


def _canonical(data: Any) -> object:
    if isinstance(data, dict):
        pairs = {str(key): _canonical(value) for key, value in data.items()}
        return tuple(sorted((k, v) for k, v in pairs.items() if v is not None)) or None
    if isinstance(data, list):
        return tuple(_canonical(item) for item in data) or None
    if isinstance(data, str):
        return _amount(data)
    return data or None


def _amount(text: str) -> object:
    """Return a duration in seconds, an amount in billionths, or any other text as it is."""
    found = _DURATION.fullmatch(text)
    if text and found:
        hours, minutes, seconds = (int(part or "0") for part in found.groups())
        total = hours * 3600 + minutes * 60 + seconds
        return ("seconds", total) if total else None
    try:
        return ("amount", Quantity.parse(text).nanos)
    except ValueError:
        return text or None


def _shown(node: Node) -> str:
    if node.is_scalar:
        return str(node.raw.value)
    try:
        text = json.dumps(node.plain())
    except (TypeError, ValueError):
        return "something else"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


# --- Tuned ---------------------------------------------------------------------------------------


def _of_tuned(tuned: Tuned) -> Iterator[Statement]:
    for profile in tuned.profiles:
        if profile.name == tuned.name and profile.name.startswith(PREFIX):
            yield from _command_lines(profile)
            yield from _settings(profile)
    for entry in tuned.recommend:
        if entry.profile == tuned.name and entry.machine_config_labels is not None:
            yield from _labels(entry.machine_config_labels, "recommend label")


def _command_lines(profile: TunedProfile) -> Iterator[Statement]:
    for line in profile.parsed.bootloader:
        ref = profile.whole.part(line.start, line.end)
        words = tuple(line.arguments.split())
        if line.key in _COMMAND_LINES and words:
            yield Statement(
                line.key, words, " ".join(words)[:_LONGEST_SHOWN], ref,
                _COMMAND_LINES[line.key], names_cpus=line.key == "cmdline_irqaffinity",
            )  # fmt: skip
        elif line.key in _COMMAND_LINES_OF_RELEASE:
            yield Statement(
                line.key,
                tuple(w for w in map(_without_cpus, words) if "isolcpus" not in w),
                line.key,
                ref,
            )
        for word in words:
            if word.startswith("isolcpus=") and line.key not in _COMMAND_LINES:
                flags = _without_cpus(word)
                shown = flags.partition("=")[2] or "without flags"
                yield Statement("isolcpus", flags, shown, ref, (*_CPU_PATH, "balanceIsolated"))


def _without_cpus(word: str) -> str:
    """Return an argument without the CPUs that it names, which other rules look at."""
    for argument in kernel_args.split(word):
        if argument.canonical_name == "isolcpus" and argument.value is not None:
            flags = [part for part in argument.value.split(",") if part[:1].isalpha()]
            return f"isolcpus={','.join(flags)}"
        if argument.canonical_name in CPU_LISTS:
            return argument.canonical_name
    return word


def _settings(profile: TunedProfile) -> Iterator[Statement]:
    for section, entries in profile.parsed.sections.items():
        for entry in entries:
            ref = profile.whole.part(entry.start, entry.end)
            if section.startswith("net") and entry.key == "channels":
                path: Path = (*_CPU_PATH, "reserved")
                yield Statement(f"channels of [{section}]", entry.value, entry.value, ref, path)
            elif entry.key.endswith("/scaling_max_freq"):
                yield Statement(
                    entry.key, entry.value, entry.value, ref, ("spec", "hardwareTuning")
                )
            elif section == "main" and entry.key == "include":
                yield Statement("include", None, "include", ref)
                for name in profile.includes:
                    if "${" in name[0]:
                        yield Statement("include by ${f:…}", None, "include", ref)
