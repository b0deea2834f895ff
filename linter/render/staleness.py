"""Whether a rendered object is what its profile implies now, and for which release.

An object is held against what every release would render of the profile, while installing and in a
running cluster. The rendering that differs least is taken for the one that it came from; only what
differs from that is a disagreement with the profile, and no release's peculiarities are.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from linter.facts.kubelet_configs import KubeletConfig, read_kubelet_config
from linter.facts.machine_configs import MachineConfig, read_machine_config
from linter.facts.manifests import read_manifest
from linter.facts.tuned_profiles import read_tuned
from linter.model.releases import NEWEST_MINOR, OLDEST_MINOR, Release, Releases
from linter.records import dataclass
from linter.render.error import RenderError
from linter.render.kubelet_config import kubelet_config
from linter.render.performance_config import performance_config
from linter.render.place import place_in
from linter.render.plan import in_cluster_features
from linter.render.profile import ProfileInput
from linter.render.statements import (
    KERNEL_TYPE,
    OFFLINED,
    POOL_SELECTOR,
    RESERVED_CPUS,
    RPS_MASK,
    Statement,
    offlined,
    statements_of,
)
from linter.render.tuned import tuned
from linter.sources.fields import is_template
from linter.sources.text import File
from linter.sources.yaml_tree import compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linter.facts.profiles import Profile
    from linter.facts.tuned_profiles import Tuned
    from linter.model.cluster import Cluster
    from linter.model.rendered import RenderedObject
    from linter.sources.text import Ref

NEWEST = Release(NEWEST_MINOR)
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that its profile decides and that differs: at least one of the two is there.

    ``implied_by`` is the place in the profile.
    """

    key: str
    stated: Statement | None
    implied: Statement | None
    implied_by: Ref

    @property
    def names_cpus(self) -> bool:
        """Whether it is a list of CPUs that differs."""
        return any(one is not None and one.names_cpus for one in (self.stated, self.implied))

    def __str__(self) -> str:
        """Say what is stated, and what should be."""
        stated = self.stated.shown if self.stated is not None else "missing"
        implied = self.implied.shown.rstrip(",") if self.implied is not None else "nothing"
        return f"{self.key} is {stated} instead of {implied}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing an object with its profile: first what it states, then what it lacks.

    ``fits`` are the releases whose rendering it is, oldest first; empty where ``differences`` are
    not, and where it has the shape of no release that is known here.
    """

    differences: tuple[Difference, ...]
    fits: tuple[Release, ...]


def compared(
    cluster: Cluster, item: RenderedObject, profile: Profile, candidates: Sequence[int]
) -> Comparison | None:
    """Compare an object with what its profile implies now, once for all rules that ask.

    What is given and returned is that of :func:`compare`.
    """
    known = cluster.readers.compared
    key = (id(item.fact), id(profile), tuple(candidates))
    if key not in known:
        known[key] = (item.fact, profile, compare(item, profile, candidates))
    _, _, found = cast("tuple[object, object, Comparison | None]", known[key])
    return found


def compare(item: RenderedObject, profile: Profile, candidates: Sequence[int]) -> Comparison | None:
    """Compare an object with what its profile implies now.

    Args:
        item: The object. Where nothing but its name says that it was rendered, only what both
            state is compared.
        profile: The profile.
        candidates: The minor releases that the cluster may have, ascending; these are tried first.

    Returns:
        None where the profile cannot be rendered, or a template decides a part of it.

    """
    expected = _Expected.of(item, profile)
    if expected is None:
        return None
    stated = statements_of(item.fact, shape=item.owned)
    order = [*reversed(candidates), *reversed(range(OLDEST_MINOR, NEWEST_MINOR + 1))]
    best: list[_Candidate] = []
    for in_cluster in (False, True):
        for minor in dict.fromkeys(order):
            implied = expected.statements(Release(minor), in_cluster=in_cluster, stated=stated)
            if implied is None:
                continue
            found = list(_differing(stated, implied, item))
            if best and len(found) > len(best[0].differing):
                continue
            if best and len(found) < len(best[0].differing):
                best = []
            best.append(_Candidate(Release(minor), found))
            if not found and minor in candidates:
                return Comparison((), (Release(minor),))
    if not best:
        return None
    fits = sorted({one.release for one in best if not one.differing})
    # Among equals the first is a candidate, if any candidate is among them.
    told = sorted(_told(best[0].differing, profile, item), key=lambda one: one.stated is None)
    return Comparison(tuple(told), tuple(fits))


@dataclass(frozen=True, slots=True)
class _Candidate:
    release: Release
    differing: list[tuple[str, Statement | None, Statement | None]]


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a profile implies for one kind of object."""

    fact: MachineConfig | KubeletConfig | Tuned
    profile: ProfileInput
    shape: bool

    @classmethod
    def of(cls, item: RenderedObject, profile: Profile) -> _Expected | None:
        root = profile.manifest.root
        if is_template(root.ref.text):
            return None
        try:
            return cls(item.fact, ProfileInput.read(root.plain()), item.owned)
        except (RenderError, ValueError):
            return None

    def statements(
        self, release: Release, *, in_cluster: bool, stated: dict[str, Statement]
    ) -> dict[str, Statement] | None:
        """Return what a release renders; None where it refuses."""
        releases, profile = Releases.only(release), self.profile
        try:
            shared, by_dra = in_cluster_features(profile, releases) if in_cluster else (None, False)
            if isinstance(self.fact, MachineConfig):
                # The pinning files have rules of their own.
                manifest = performance_config(profile, releases, partitioned=False, shared=shared)
            elif isinstance(self.fact, KubeletConfig):
                labels = profile.pool_selector or {}
                manifest = kubelet_config(
                    profile, labels, releases, shared=shared, managed_by_dra=by_dra
                )
            else:
                manifest = tuned(profile, releases)
        except RenderError:
            return None
        implied = dict(_read(_text(manifest.object), shape=self.shape))
        if not profile.pool_selector:
            implied.pop(POOL_SELECTOR, None)
            stated.pop(POOL_SELECTOR, None)
        if RESERVED_CPUS not in implied:
            stated.pop(RESERVED_CPUS, None)
        kernel = implied.get(KERNEL_TYPE)
        if kernel is not None and kernel.value == "default" and KERNEL_TYPE not in stated:
            del implied[KERNEL_TYPE]
        if OFFLINED in stated:  # in a unit that is the operator's own
            list_ = profile.cpu.offlined.text if profile.cpu.offlined else ""
            cpus = offlined(list_, stated[OFFLINED].ref)
            if cpus is not None:
                implied[OFFLINED] = cpus
        return implied


def _text(rendered: Mapping[str, Any]) -> str:
    """Return one of our own objects as JSON; names that nothing is read from are left out."""
    if rendered["kind"] == "Tuned":
        return json.dumps(rendered)
    metadata = {"labels": rendered["metadata"].get("labels", {})}
    return json.dumps({**rendered, "metadata": metadata})


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str, *, shape: bool) -> Mapping[str, Statement]:
    """Read one of our own objects as if it were a manifest. Clusters of a fleet share many."""
    roots, _ = compose(File("", text))
    manifest = read_manifest(roots[0], str(roots[0].at("kind").scalar()))
    fact: MachineConfig | KubeletConfig | Tuned
    if manifest.kind == "MachineConfig":
        fact = read_machine_config(manifest)
    elif manifest.kind == "KubeletConfig":
        fact = read_kubelet_config(manifest)
    else:
        fact = read_tuned(manifest)
    return statements_of(fact, shape=shape)


def _differing(
    stated: dict[str, Statement], implied: dict[str, Statement], item: RenderedObject
) -> Iterator[tuple[str, Statement | None, Statement | None]]:
    """Yield what differs. An object that only its name gives away need not be complete."""
    for key, statement in implied.items():
        one = stated.get(key)
        if (one is None and item.owned) or (one is not None and one.value != statement.value):
            yield key, one, statement
    for key, one in stated.items():
        surplus = key not in implied and not key.startswith(("label ", "recommend label "))
        if surplus and (item.owned or key == RPS_MASK):
            yield key, one, None


def _told(
    differing: list[tuple[str, Statement | None, Statement | None]],
    profile: Profile,
    item: RenderedObject,
) -> Iterator[Difference]:
    """Yield what the profile decides, but not what an object adds that may be written by hand."""
    for key, stated, implied in differing:
        if implied is None and not item.owned:
            continue
        path = next((one.path for one in (implied, stated) if one is not None), ())
        if path:
            yield Difference(key, stated, implied, place_in(profile.manifest.root, path))
