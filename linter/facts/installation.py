"""What installation manifests say of a cluster: is it partitioned, how many nodes, which release.

Formats: openshift/api ``config/v1`` Infrastructure; openshift/installer ``pkg/types``
install-config; openshift/assisted-service AgentClusterInstall.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.embedded_json import read_embedded_json
from linter.facts.override_keys import MODE, misspelt_keys, override
from linter.records import dataclass
from linter.sources.fields import Field, Invalid, Missing, Templated, Value, known
from linter.sources.insertion import added_key
from linter.sources.text import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.manifests import Labels, Manifest
    from linter.facts.override_keys import MisspeltKey
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node

ALL_NODES = "AllNodes"
NOT_PARTITIONED = "None"
MODES = (NOT_PARTITIONED, ALL_NODES)

CHANNEL = "channel of the ClusterVersion"
"""A channel also serves releases older than the one that it is named after."""

OVERRIDES_ANNOTATION = "agent-install.openshift.io/install-config-overrides"


@dataclass(frozen=True, slots=True)
class Enablement:
    """One place that says whether workload partitioning is on.

    ``carrier`` names the field for people. ``mode`` is a Field: absent is a statement of its own.
    ``holder`` is the object in which the field stands, or would stand at ``path``; None where that
    object would have to be made as well.
    """

    carrier: str
    mode: Field[str]
    ref: Ref
    holder: Node | None = None
    path: tuple[str, ...] = (MODE,)

    def switched_on(self) -> Replacement | None:
        """Return the wish that it say AllNodes; None where that cannot be added in place."""
        if isinstance(self.mode, Value):
            return Replacement(self.ref, ALL_NODES)
        if isinstance(self.mode, Missing) and self.holder is not None:
            return added_key(self.holder, self.path, ALL_NODES)
        return None


@dataclass(frozen=True, slots=True)
class Host:
    """A node that is listed by name: its labels, and what is said of its machine.

    ``architecture`` and ``cpuset`` are empty where nothing is said, or a template decides. ``cpus``
    is how many logical CPUs an inspection of the machine has found, and ``inspected`` where that is
    said; both are None where nothing is.
    """

    name: str
    ref: Ref
    labels: Labels
    architecture: str = ""
    cpuset: str = ""
    cpus: int | None = None
    inspected: Ref | None = None

    def unlike(self, other: Host) -> Iterator[tuple[str, str]]:
        """Yield what is said of both machines and differs, in words for each of them."""
        if self.architecture and other.architecture and self.architecture != other.architecture:
            yield f"architecture {self.architecture}", other.architecture
        if self.cpuset and other.cpuset and self.cpuset != other.cpuset:
            yield f"cpuset {self.cpuset}", other.cpuset
        if self.cpus is not None and other.cpus is not None and self.cpus != other.cpus:
            yield f"{self.cpus} CPUs", str(other.cpus)


@dataclass(frozen=True, slots=True)
class Topology:
    """How many nodes of which kind: counts are None where they are not stated.

    ``architectures`` are those of the machines, as far as an install-config names them. ``nodes``
    are the labels of each node that is listed, its role among them, ``hosts`` the same nodes with
    what else is said of them.
    """

    control_plane: int | None
    workers: int | None
    control_plane_topology: str | None
    ref: Ref
    architectures: tuple[tuple[str, Ref], ...] = ()
    nodes: tuple[Labels, ...] = ()
    hosts: tuple[Host, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseClaim:
    """A place that names the target release, in its own words."""

    text: str
    ref: Ref
    source: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Which optional operators the cluster is installed with."""

    baseline: Field[str]
    additional: tuple[str, ...]
    node: Node

    @property
    def ref(self) -> Ref:
        """Where they are stated."""
        return self.node.ref


@dataclass(frozen=True, slots=True)
class Installation:
    """What one object says of the installation. Parts that it does not state are empty.

    ``config`` is the install-config, or the part of one that the object overrides.
    """

    manifest: Manifest | None
    kind: str
    name: str
    enablement: Enablement | None = None
    topology: Topology | None = None
    release: ReleaseClaim | None = None
    capabilities: Capabilities | None = None
    problem: tuple[str, Ref] | None = None
    misspelt_keys: tuple[MisspeltKey, ...] = ()
    config: Node | None = None


def read_infrastructure(manifest: Manifest) -> Installation | None:
    """Read the Infrastructure object; only the one named ``cluster`` counts."""
    if manifest.named and manifest.name != "cluster":
        return None
    status = manifest.root.at("status")
    topology = status.at("controlPlaneTopology").text()
    mode = status.at("cpuPartitioning")
    return Installation(
        manifest,
        manifest.kind,
        manifest.name,
        Enablement(
            "Infrastructure status.cpuPartitioning",
            read_mode(mode),
            place_of(mode, manifest.root.key_ref("status") if status.exists else manifest.name_ref),
            manifest.root,
            ("status", "cpuPartitioning"),
        ),
        Topology(None, None, known(topology), topology.ref) if known(topology) else None,
    )


def is_install_config(root: Node) -> bool:
    """Say whether a document without a kind is an install-config.yaml."""
    return (
        not root.at("kind").exists
        and root.at("baseDomain").exists
        and (root.at("controlPlane").exists or root.at("metadata", "name").exists)
    )


def read_install_config(root: Node) -> Installation:
    """Read an install-config.yaml."""
    workers: int | None = None
    for pool in root.at("compute").elements():
        count = known(pool.at("replicas").integer())
        workers = (workers or 0) + count if count is not None else None
        if count is None:
            break
    control_plane = known(root.at("controlPlane", "replicas").integer())
    mode = override(root, MODE)
    return Installation(
        None,
        "install-config",
        known(root.at("metadata", "name").text()) or "",
        Enablement(
            "install-config cpuPartitioningMode",
            read_mode(mode),
            place_of(mode, root.key_ref("baseDomain")),
            root,
        ),
        Topology(
            control_plane, workers, None, root.at("controlPlane").ref, tuple(_architectures(root))
        ),
        capabilities=read_capabilities(root),
        config=root,
    )


def _architectures(root: Node) -> Iterator[tuple[str, Ref]]:
    for machines in (root.at("controlPlane"), *root.at("compute").elements()):
        architecture = machines.at("architecture").text()
        if isinstance(architecture, Value):
            yield architecture.value, architecture.ref


def read_agent_cluster_install(manifest: Manifest) -> Installation:
    """Read an AgentClusterInstall: its overrides annotation is a part of the install-config."""
    root = manifest.root
    spec = root.at("spec")
    agents = spec.at("provisionRequirements")
    image_set = spec.at("imageSetRef", "name").text()
    enablement, capabilities, problem, config = None, None, None, None
    misspelt: tuple[MisspeltKey, ...] = ()
    annotation = root.at("metadata", "annotations", OVERRIDES_ANNOTATION)
    overrides = annotation.text()
    if isinstance(overrides, Value):
        config, problem = read_embedded_json(annotation)
        if config is not None:
            mode = override(config, MODE)
            capabilities = read_capabilities(config)
            misspelt = tuple(misspelt_keys(config))
            if mode.exists:
                carrier = f"{OVERRIDES_ANNOTATION} {MODE}"
                enablement = Enablement(carrier, read_mode(mode), place_of(mode, mode.ref), config)
    elif isinstance(overrides, Templated):
        enablement = Enablement(OVERRIDES_ANNOTATION, overrides, overrides.ref)
    if enablement is None:
        missing = Missing(root.at("metadata").ref)
        enablement = Enablement(OVERRIDES_ANNOTATION, missing, manifest.name_ref, config)
    return Installation(
        manifest,
        manifest.kind,
        manifest.name,
        enablement,
        Topology(
            known(agents.at("controlPlaneAgents").integer()),
            known(agents.at("workerAgents").integer()),
            None,
            agents.ref,
        )
        if agents.exists
        else None,
        ReleaseClaim(image_set.value, image_set.ref, "imageSetRef of the AgentClusterInstall")
        if isinstance(image_set, Value)
        else None,
        capabilities,
        problem,
        misspelt,
        config,
    )


def read_cluster_version(manifest: Manifest) -> Installation:
    """Read a ClusterVersion: the release that the cluster is to run."""
    spec, status = manifest.root.at("spec"), manifest.root.at("status")
    claim = None
    for node, source in (
        (spec.at("desiredUpdate", "version"), "ClusterVersion"),
        (status.at("desired", "version"), "ClusterVersion"),
        (spec.at("channel"), CHANNEL),
    ):
        text = node.text()
        if isinstance(text, Value):
            claim = ReleaseClaim(text.value, text.ref, source)
            break
    return Installation(
        manifest, manifest.kind, manifest.name, release=claim, capabilities=read_capabilities(spec)
    )


def read_cluster_image_set(manifest: Manifest) -> Installation:
    """Read a ClusterImageSet: the release image, by tag, else by the object's name."""
    image = manifest.root.at("spec", "releaseImage").text()
    claim = None
    if isinstance(image, Value) and "@sha256" not in image.value:
        tag = image.value.rpartition(":")[2]
        claim = ReleaseClaim(tag, image.ref, "ClusterImageSet")
    elif manifest.named:
        claim = ReleaseClaim(manifest.name, manifest.name_ref, "name of the ClusterImageSet")
    return Installation(manifest, manifest.kind, manifest.name, release=claim)


def read_capabilities(root: Node) -> Capabilities | None:
    """Read the ``capabilities`` of an install-config or ClusterVersion; None without any."""
    capabilities = root.at("capabilities")
    if not capabilities.is_mapping:
        return None
    return Capabilities(
        capabilities.at("baselineCapabilitySet").text(),
        tuple(
            value
            for element in capabilities.at("additionalEnabledCapabilities").elements()
            if (value := known(element.text())) is not None
        ),
        capabilities,
    )


def read_mode(node: Node) -> Field[str]:
    """Read the mode; an empty text stands for an absent one, as the installer takes it."""
    mode = node.text()
    if isinstance(mode, Value) and mode.value == "":
        return Missing(mode.ref)
    if isinstance(mode, Invalid) and node.is_scalar:
        return Invalid(mode.ref, mode.found, mode.text)
    return mode


def place_of(node: Node, absent: Ref) -> Ref:
    """Return where a mode stands, or a place nearby where it is absent."""
    if not node.exists:
        return absent
    return node.content_ref() if node.is_scalar else node.ref
