"""Inventories of a repository: which of the machines that were inspected belong to a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.machines import KINDS, read_machine

if TYPE_CHECKING:
    from linter.facts.machines import Machine
    from linter.gitops.documents import Repository
    from linter.gitops.managed_cluster import ManagedCluster


class Inventory:
    """Finds machines by the cluster that they are bound to, or by their namespace.

    The objects of a cluster's hosts stand in the namespace of what describes the cluster.
    """

    def __init__(self, repository: Repository) -> None:
        self._machines: dict[str, list[Machine]] = {}
        for kind in KINDS:
            for document in repository.of(*kind):
                machine = read_machine(document.manifest)
                if machine is not None:
                    for home in {machine.namespace, machine.cluster} - {""}:
                        self._machines.setdefault(home, []).append(machine)

    def of(self, cluster: ManagedCluster) -> list[Machine]:
        """Return the machines that may be nodes of a cluster."""
        if not self._machines:
            return []
        homes = dict.fromkeys((cluster.name, cluster.namespace))
        found = (machine for home in homes for machine in self._machines.get(home, ()))
        return list(dict.fromkeys(found))
