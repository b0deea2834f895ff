"""The objects that the operator keeps in a running cluster for each profile, read as facts.

They are those of the render core, so that a state of the manifests can be held against another one
whether or not rendered copies lie beside the profiles.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from linter.facts.kubelet_configs import KubeletConfig, read_kubelet_config
from linter.facts.machine_configs import MachineConfig, read_machine_config
from linter.facts.manifests import read_manifest
from linter.facts.tuned_profiles import Tuned, read_tuned
from linter.formats.cpu_masks import rps_mask
from linter.model.releases import RPS_SYSCTL, Releases
from linter.records import dataclass
from linter.render.error import RenderError
from linter.render.kubelet_config import kubelet_config
from linter.render.performance_config import performance_config, rps_enabled
from linter.render.pinning import bootstrap_pinning
from linter.render.plan import in_cluster_features
from linter.render.profile import ProfileInput
from linter.render.tuned import tuned
from linter.sources.fields import is_template
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linter.facts.manifests import Manifest
    from linter.facts.profiles import Profile
    from linter.model.releases import Release


@dataclass(frozen=True, slots=True)
class ProfileObjects:
    """What the operator makes of a profile. Places in it are those of no file."""

    machine_config: MachineConfig
    kubelet_config: KubeletConfig
    tuned: Tuned
    left_out: Mapping[str, object]
    """Fields that decide what the operator writes and the render core leaves out, by their path."""


class ImpliedObjects:
    """Renders profiles; what many clusters share is rendered once."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, Release, bool], tuple[Profile, ProfileObjects | None]] = {}
        self._by_text: dict[tuple[str, Release, bool], ProfileObjects | None] = {}
        self._bootstrap: dict[tuple[str, Release], MachineConfig] = {}

    def of(self, profile: Profile, release: Release, *, partitioned: bool) -> ProfileObjects | None:
        """Return what the operator makes of a profile; None where that cannot be known.

        Args:
            profile: The profile.
            release: The release of the operator.
            partitioned: Whether the cluster is partitioned.

        """
        known = (id(profile), release, partitioned)
        if known not in self._made:
            self._made[known] = (profile, self._read(profile, release, partitioned=partitioned))
        return self._made[known][1]

    def bootstrap(self, pool: str, release: Release) -> MachineConfig | None:
        """Return the MachineConfig with which an installation prepares a pool for pinning.

        None for a name that no pool can have.
        """
        known = (pool, release)
        if known not in self._bootstrap:
            try:
                manifest = bootstrap_pinning(pool, Releases.only(release))
            except ValueError:
                return None
            self._bootstrap[known] = read_machine_config(_manifest(manifest.object))
        return self._bootstrap[known]

    def _read(
        self, profile: Profile, release: Release, *, partitioned: bool
    ) -> ProfileObjects | None:
        root = profile.manifest.root
        try:
            data = root.plain()
            text = json.dumps(data, sort_keys=True)
        except (TypeError, ValueError):
            return None
        if is_template(text):
            return None
        known = (text, release, partitioned)
        if known not in self._by_text:
            try:
                self._by_text[known] = _made(ProfileInput.read(data), release, partitioned)
            except RenderError:
                self._by_text[known] = None
        return self._by_text[known]


def _made(profile: ProfileInput, release: Release, partitioned: bool) -> ProfileObjects:
    releases = Releases.only(release)
    shared, by_dra = in_cluster_features(profile, releases)
    config = performance_config(profile, releases, partitioned=partitioned, shared=shared)
    kubelet = kubelet_config(
        profile, profile.pool_selector or {}, releases, shared=shared, managed_by_dra=by_dra
    )
    return ProfileObjects(
        read_machine_config(_manifest(config.object)),
        read_kubelet_config(_manifest(kubelet.object)),
        read_tuned(_manifest(tuned(profile, releases).object)),
        _left_out(profile, releases),
    )


def _left_out(profile: ProfileInput, releases: Releases) -> dict[str, object]:
    """Return what decides units of the operator that the render core leaves to it.

    They are the offlined CPUs, the pages of NUMA nodes and, until 4.12, the mask of the CPUs that
    receive packets, which is an argument of a unit there.
    """
    found: dict[str, object] = {}
    if rps_enabled(profile, releases) and not releases.has(RPS_SYSCTL):
        found["rps"] = rps_mask(profile.cpu.reserved.cpus)
    if profile.cpu.offlined is not None:
        found["offlined"] = profile.cpu.offlined.text
    pages = [(page.size, page.count, page.node) for page in profile.pages if page.node is not None]
    if pages:
        found["hugepages"] = tuple(pages)
    return found


def _manifest(rendered: Mapping[str, Any]) -> Manifest:
    roots, _ = compose(File("", json.dumps(rendered)))
    return read_manifest(roots[0], str(rendered["kind"]))
