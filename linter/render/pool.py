"""MachineConfigPools, and which of them a profile belongs to.

Source: openshift/cluster-node-tuning-operator, ``pkg/performanceprofile/cmd/render/render.go``
(``selectMachineConfigPool``) and ``pkg/util/manifests.go`` (``AppendMissingDefaultMCPManifests``).
A profile's node selector is taken as the labels of a node, and a pool matches if its own node
selector would select that node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.formats.label_selector import OPERATORS, LabelSelector, Requirement
from linter.model.releases import IMPLIED_POOLS_IN_RENDER, PROFILE_WITHOUT_POOL_FATAL
from linter.records import dataclass
from linter.render.fields import Fields, quoted
from linter.render.names import LONGEST_LABEL, is_subdomain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linter.model.releases import Releases
    from linter.render.profile import ProfileInput

KIND = "MachineConfigPool"
NODE_ROLE = "node-role.kubernetes.io/"
BUILT_IN = ("master", "worker")
ARBITER = "arbiter"

_POOL_LABEL = "pools.operator.machineconfiguration.openshift.io/"
_NAMED_IN_A_MESSAGE = 8


@dataclass(frozen=True, slots=True)
class PoolInput:
    """A pool's name, its own labels, and its node selector (None: it selects no nodes)."""

    name: str
    labels: Mapping[str, str]
    node_selector: LabelSelector | None

    @classmethod
    def read(cls, manifest: object) -> PoolInput:
        """Read a MachineConfigPool.

        Raises:
            RenderError: A field is of the wrong type, or the selector is not a valid one.

        """
        top = Fields.of_object(manifest, KIND)
        metadata, spec = top.fields("metadata"), top.fields("spec")
        name = metadata.text("name") or ""
        if not is_subdomain(name) or len(name) > LONGEST_LABEL:
            raise metadata.error(
                f"{quoted(name)} is not the name of a pool: up to {LONGEST_LABEL} lower case "
                "letters, digits, '-' and '.'",
                "name",
            )
        selector = read_selector(spec.fields("nodeSelector")) if spec.has("nodeSelector") else None
        return cls(name, metadata.labels("labels") or {}, selector)

    @classmethod
    def implied(cls, name: str) -> PoolInput:
        """Return a pool that every cluster has, as upstream imagines it."""
        selector = LabelSelector({f"{NODE_ROLE}{name}": ""})
        return cls(name, {f"{_POOL_LABEL}{name}": ""}, selector)


def with_implied(pools: Sequence[PoolInput], releases: Releases) -> list[PoolInput]:
    """Return the pools, preceded by those built-in ones that have no manifest.

    Before 4.15 upstream knows only the pools that it has manifests of.
    """
    if not releases.has(IMPLIED_POOLS_IN_RENDER):
        return list(pools)
    present = {pool.name.lower() for pool in pools}
    return [PoolInput.implied(name) for name in BUILT_IN if name not in present] + list(pools)


class PoolIndex:
    """Pools, to be asked which of them claim a node; the time does not grow with their number.

    Most pools select nodes by one label and nothing else, and a profile has one label.
    """

    def __init__(self, pools: Sequence[PoolInput]) -> None:
        self.pools = pools
        self._by_label: dict[tuple[str, str], list[int]] = {}
        self._others: list[int] = []
        for number, pool in enumerate(pools):
            selector = pool.node_selector
            if selector is not None and not selector.match_expressions and selector.match_labels:
                label = next(iter(selector.match_labels.items()))
                self._by_label.setdefault(label, []).append(number)
            else:
                self._others.append(number)

    def claiming(self, labels: Mapping[str, str]) -> list[PoolInput]:
        """Return the pools that claim a node with these labels, in their order."""
        likely = [number for label in labels.items() for number in self._by_label.get(label, ())]
        return [
            self.pools[number]
            for number in sorted(self._others + likely)
            if _claims(self.pools[number], labels)
        ]


def match(profile: ProfileInput, index: PoolIndex, releases: Releases) -> PoolInput | None:
    """Return the one pool of the index that the profile belongs to.

    Returns None if there is none and the release passes the profile over (4.13).

    Raises:
        RenderError: There is none, or more than one.

    """
    selected = profile.node_selector
    pools, found = index.pools, index.claiming(selected)
    if len(found) == 1:
        return found[0]
    if found:
        names = _listed([pool.name for pool in found])
        message = (
            f"profile {profile.name} selects nodes with {_label(selected)}, which {len(found)} "
            f"pools claim: {names}; a profile belongs to exactly one pool"
        )
        wide = [pool.name for pool in found if pool.node_selector == LabelSelector()]
        if wide:
            message += f" ({_listed(wide)} has an empty node selector, which claims every node)"
        raise profile.error(message, "spec", "nodeSelector")
    if not releases.has(PROFILE_WITHOUT_POOL_FATAL):
        return None
    near = _listed([f"{pool.name} {_difference(pool, selected)}" for pool in pools], "; ")
    message = f"profile {profile.name} selects nodes with {_label(selected)}, which no pool claims"
    message += f": {near}" if near else ": there are no MachineConfigPool manifests"
    if not releases.has(IMPLIED_POOLS_IN_RENDER):
        message += f" (in {releases} the master and worker pools need manifests, too)"
    raise profile.error(message, "spec", "nodeSelector")


def read_selector(fields: Fields) -> LabelSelector:
    """Read a label selector; RenderError where Kubernetes would refuse it."""
    return LabelSelector(
        fields.labels("matchLabels") or {},
        tuple(_requirement(entry) for entry in fields.items("matchExpressions")),
    )


def _requirement(entry: Fields) -> Requirement:
    key, operator = entry.text("key") or "", entry.text("operator") or ""
    values = entry.lines("values")
    if operator not in OPERATORS:
        raise entry.error(
            f"{quoted(operator)} is no selector operator; they are {', '.join(OPERATORS)}",
            "operator",
        )
    if (operator in ("In", "NotIn")) is not bool(values):
        needed = "takes no values" if values else "needs values"
        raise entry.error(f"the selector operator {operator} {needed}", "values")
    return Requirement(key, operator, values)


def _claims(pool: PoolInput, selected: Mapping[str, str]) -> bool:
    return pool.node_selector is not None and pool.node_selector.matches(selected)


def _difference(pool: PoolInput, selected: Mapping[str, str]) -> str:
    """Say why the pool does not claim a node with these labels."""
    selector = pool.node_selector
    if selector is None:
        return "has no node selector"
    for key, value in sorted(selector.match_labels.items()):
        if key in selected and selected[key] != value:
            return f"wants {key}: {quoted(value)}, not {quoted(selected[key])}"
    for key, value in sorted(selector.match_labels.items()):
        if key not in selected:
            return f"wants {key}: {quoted(value)}"
    failed = next(one for one in selector.match_expressions if not one.matches(selected))
    values = f" ({_listed([quoted(value) for value in failed.values])})" if failed.values else ""
    return f"wants {quoted(failed.key)} {failed.operator}{values}"


def _label(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {quoted(value)}" for key, value in labels.items())


def _listed(words: Sequence[str], separator: str = ", ") -> str:
    shown = list(words[:_NAMED_IN_A_MESSAGE])
    if len(words) > len(shown):
        shown.append(f"and {len(words) - len(shown)} more")
    return separator.join(shown)
