"""Which releases and API versions know which fields and annotations of a profile.

The facts are those of ``schemas/performanceprofile.schema.json``, which has them from
openshift/cluster-node-tuning-operator ``pkg/apis/performanceprofile/{v1alpha1,v1,v2}`` on its
release branches, and from openshift-kni/performance-addon-operators before release 4.11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.model.releases import Gate, Release
from linter.records import dataclass
from linter.schema.files import introduced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.profiles import Profile
    from linter.model.releases import Releases
    from linter.sources.nodes import Node
    from linter.sources.text import Ref

DRA = "performance.openshift.io/dra-resource-management"

_SCHEMA = "performanceprofile"
_OLD_VERSIONS = ("v1", "v1alpha1")
_ANNOTATIONS = ("metadata", "annotations")


@dataclass(frozen=True, slots=True)
class UnknownField:
    """A field or an annotation that nobody reads.

    ``since`` is the first release that does; None where it is the API version that lacks it.
    """

    name: str
    ref: Ref
    since: Release | None


def unknown_fields(profile: Profile, releases: Releases) -> Iterator[UnknownField]:
    """Yield the fields that no release under consideration, or not the API version, knows.

    What an object holds that is itself not known is left out.
    """
    reported: set[tuple[str, ...]] = set()
    holders: dict[tuple[str, ...], Node] = {}
    version = profile.manifest.version
    for field in introduced(_SCHEMA):
        above, key = field.path[:-1], field.path[-1]
        if above == _ANNOTATIONS or above in reported:
            continue
        if above not in holders:
            holders[above] = profile.manifest.root.at(*above)
        holder = holders[above]
        if holder.at(key).is_null:
            continue
        too_new = field.since is not None and not _possible(field.since, releases)
        lacking = version in _OLD_VERSIONS and field.api_versions
        if too_new or (lacking and version not in field.api_versions):
            reported.add(field.path)
            since = Release(field.since) if too_new and field.since is not None else None
            yield UnknownField(".".join(field.path), holder.key_ref(key), since)


def unknown_annotations(profile: Profile, releases: Releases) -> Iterator[UnknownField]:
    """Yield the annotations that no release under consideration reads."""
    annotations = profile.manifest.annotations
    for field in introduced(_SCHEMA):
        name = field.path[-1]
        if field.path[:2] != _ANNOTATIONS or name not in annotations.values:
            continue
        if field.since is not None and not _possible(field.since, releases):
            yield UnknownField(name, annotations.ref_of(name), Release(field.since))


def _possible(since: int, releases: Releases) -> bool:
    return releases.possibly(Gate(f"since-{since}", since, None, "the field exists"))
