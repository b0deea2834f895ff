"""MachineConfigs: the files, units and kernel arguments they put on a node.

Format: openshift/api ``machineconfiguration/v1`` and the Ignition specification 2.2 and 3.x
(coreos/ignition, ``config/v3_*/types``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.kernel import StatedArgument, arguments_in
from linter.facts.payloads import Payload, read_payload
from linter.records import dataclass
from linter.sources.fields import Field, Templated, Value, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.manifests import Manifest
    from linter.sources.text import Embedded, Ref
    from linter.sources.yaml_tree import Node

GENERATED_BY = "machineconfiguration.openshift.io/generated-by-controller-version"
"""The annotation that the Machine Config Operator puts on the MachineConfigs that it makes."""


@dataclass(frozen=True, slots=True)
class NodeFile:
    """A file that a MachineConfig writes.

    ``contents`` is None where the entry has no source: it then keeps what an earlier MachineConfig
    put there.
    """

    path: str
    path_ref: Ref
    contents: Payload | None
    mode: Field[int]
    append: Ref | None
    entry: Node

    @property
    def text(self) -> Embedded | None:
        """The decoded text where it is known."""
        return self.contents.source if self.contents is not None else None

    @property
    def ref(self) -> Ref:
        """The payload's characters, or the path's where there is no payload."""
        return self.contents.ref if self.contents is not None else self.path_ref


@dataclass(frozen=True, slots=True)
class Unit:
    """A systemd unit that a MachineConfig defines, or drop-ins for one."""

    name: str
    ref: Ref
    contents: Embedded | None
    dropins: tuple[tuple[str, Embedded], ...]
    enabled: Field[bool]
    mask: Field[bool]


@dataclass(frozen=True, slots=True)
class MachineConfig:
    """A MachineConfig as it is written."""

    manifest: Manifest
    ignition: Field[str]
    files: tuple[NodeFile, ...]
    units: tuple[Unit, ...]
    kernel_arguments: tuple[StatedArgument, ...]
    kernel_type: Field[str]
    fips: Field[bool]
    extensions: tuple[tuple[str, Ref], ...]
    unsupported: tuple[tuple[str, Ref], ...]

    @property
    def name(self) -> str:
        """Its name, empty where it is not known."""
        return self.manifest.name

    @property
    def generated(self) -> bool:
        """Whether the Machine Config Operator made it: it is then a copy out of a cluster."""
        annotations = self.manifest.annotations.values
        return self.name.startswith("rendered-") or GENERATED_BY in annotations

    def file(self, path: str) -> NodeFile | None:
        """Return the last entry for a path, or None."""
        return next((file for file in reversed(self.files) if file.path == path), None)


_UNSUPPORTED = (
    ("storage", "directories"),
    ("storage", "links"),
    ("storage", "disks"),
    ("storage", "raid"),
    ("storage", "filesystems"),
    ("storage", "luks"),
    ("kernelArguments",),
    ("networkd",),
)


def read_machine_config(manifest: Manifest) -> MachineConfig:
    """Read a MachineConfig."""
    spec = manifest.root.at("spec")
    config = spec.at("config")
    arguments: list[StatedArgument] = []
    for element in spec.at("kernelArguments").elements():
        if element.is_scalar:
            arguments.extend(arguments_in(element.content(), "spec.kernelArguments"))
    return MachineConfig(
        manifest=manifest,
        ignition=config.at("ignition", "version").text(),
        files=tuple(_files(config)),
        units=tuple(_units(config)),
        kernel_arguments=tuple(arguments),
        kernel_type=spec.at("kernelType").text(),
        fips=spec.at("fips").boolean(),
        extensions=tuple(
            (text.value, text.ref)
            for element in spec.at("extensions").elements()
            if isinstance(text := element.text(), Value)
        ),
        unsupported=tuple(_unsupported(config)),
    )


def _files(config: Node) -> Iterator[NodeFile]:
    for entry in config.at("storage", "files").elements():
        path = entry.at("path").text()
        if isinstance(path, Value):
            contents = entry.at("contents")
            gzip = known(contents.at("compression").text()) == "gzip"
            append = entry.at("append")
            yield NodeFile(
                path=path.value,
                path_ref=path.ref,
                contents=read_payload(contents.at("source"), path.value, gzip=gzip),
                mode=entry.at("mode").integer(),
                append=append.ref if not append.is_null else None,
                entry=entry,
            )


def _units(config: Node) -> Iterator[Unit]:
    for entry in config.at("systemd", "units").elements():
        name = entry.at("name").text()
        if not isinstance(name, Value):
            continue
        dropins: list[tuple[str, Embedded]] = []
        for dropin in entry.at("dropins").elements():
            dropin_name = known(dropin.at("name").text())
            contents = _unit_text(
                dropin.at("contents"), f"/etc/systemd/system/{name.value}.d/{dropin_name}"
            )
            if dropin_name is not None and contents is not None:
                dropins.append((dropin_name, contents))
        yield Unit(
            name=name.value,
            ref=name.ref,
            contents=_unit_text(entry.at("contents"), f"/etc/systemd/system/{name.value}"),
            dropins=tuple(dropins),
            enabled=entry.at("enabled").boolean(),
            mask=entry.at("mask").boolean(),
        )


def _unit_text(node: Node, title: str) -> Embedded | None:
    if isinstance(node.text(), Value | Templated) and node.is_scalar and "{{" not in node.raw.value:
        return node.embedded(title)
    return None


def _unsupported(config: Node) -> Iterator[tuple[str, Ref]]:
    for path in _UNSUPPORTED:
        place = config.at(*path)
        if place.exists and not place.is_null and not (place.is_sequence and not place.raw.value):
            yield ".".join(path), config.at(*path[:-1]).key_ref(path[-1])
