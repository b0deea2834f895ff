"""What a directory of rendered objects lacks, although it holds the like for others.

``render`` writes the objects of every profile and, on a partitioned cluster, a MachineConfig for
every pool. Where a directory carries these, one that is missing was added after rendering.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.model.partitioning import Mode
from linter.model.releases import CPU_PARTITIONING_API, Release, Releases
from linter.model.rendered import rendered_objects
from linter.records import dataclass
from linter.render.addition import new_files
from linter.render.error import RenderError
from linter.render.inputs import RenderInputs, RenderOptions
from linter.render.owner import OwnerReference
from linter.render.plan import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.manifests import Manifest as Stated
    from linter.model.cluster import Cluster
    from linter.render.manifest import Manifest
    from linter.sources.text import NewFile, Ref

_KINDS = {"MachineConfig", "KubeletConfig", "Tuned"}
_SUFFIX = "-cpu-partitioning"


@dataclass(frozen=True, slots=True)
class Unrendered:
    """A profile or a pool without its rendered objects, and others' objects as a model."""

    kind: str
    name: str
    ref: Ref
    like: Stated
    others: str
    labelled: bool = True

    def files(self, cluster: Cluster) -> tuple[NewFile, ...]:
        """Return the files to add; none where the release is not known, or nothing is implied."""
        release = cluster.releases.known
        if release is None:
            return ()
        try:
            return new_files(self._manifests(cluster, release), self.like)
        except (RenderError, ValueError):
            return ()

    def _manifests(self, cluster: Cluster, release: Release) -> list[Manifest]:
        plain = [manifest.root.plain() for manifest in cluster.facts.manifests]
        inputs = RenderInputs.from_objects(
            one
            for one, stated in zip(plain, cluster.facts.manifests, strict=True)
            if stated.kind != "PerformanceProfile"
            or (self.kind == "profile" and stated.name == self.name)
        )
        on = cluster.partitioning.mode is Mode.ALL_NODES
        wanted = on and Releases.only(release).has(CPU_PARTITIONING_API)
        owner = OwnerReference.LABEL_NAME if self.labelled else OwnerReference.NONE
        rendered = render(inputs, release, RenderOptions(owner, wanted or None))
        if self.kind == "pool":
            return [one for one in rendered if one.identity[2] == f"01-{self.name}{_SUFFIX}"]
        own = {"MachineConfig", "KubeletConfig", "Tuned", "RuntimeClass"}
        return [
            one
            for one in rendered
            if one.identity[0] in own and not one.identity[2].endswith(_SUFFIX)
        ]


def unrendered(cluster: Cluster) -> Iterator[Unrendered]:
    """Yield what is missing: profiles first, then pools, in the order of the manifests."""
    if not cluster.installer:
        return
    yield from _profiles(cluster)
    if cluster.partitioning.mode is Mode.ALL_NODES:
        yield from _pools(cluster)


def _profiles(cluster: Cluster) -> Iterator[Unrendered]:
    kinds: dict[str, set[str]] = {}
    models: dict[str, tuple[Stated, bool]] = {}
    for item in rendered_objects(cluster.facts):
        kinds.setdefault(item.profile, set()).add(item.manifest.kind)
        if item.manifest.kind == "MachineConfig":
            models.setdefault(item.profile, (item.manifest, item.owned))
    names = [profile.name for profile in cluster.facts.profiles]
    complete = sorted(name for name, found in kinds.items() if found >= _KINDS and name in names)
    for match in cluster.matches:
        profile = match.profile
        alone = names.count(profile.name) == 1 and len(match.pools) == 1 and not match.open
        if complete and profile.name and profile.name not in kinds and alone:
            like, owned = models[complete[0]]
            ref = profile.manifest.name_ref
            yield Unrendered("profile", profile.name, ref, like, f"profile {complete[0]}", owned)


def _pools(cluster: Cluster) -> Iterator[Unrendered]:
    stated = {config.name: config.manifest for config in cluster.facts.machine_configs}
    models = {
        name.removeprefix("01-").removesuffix(_SUFFIX): manifest
        for name, manifest in stated.items()
        if name.startswith("01-") and name.endswith(_SUFFIX)
    }
    rendered = sorted(models.keys() & {pool.name for pool in cluster.pools})
    if not rendered:
        return
    for pool in cluster.pools:
        if pool.ref is not None and pool.name and pool.name not in models:
            like = models[rendered[0]]
            yield Unrendered("pool", pool.name, pool.ref, like, f"pool {rendered[0]}")
