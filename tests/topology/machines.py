"""Machines made up for tests, and what the programs of a real one would print of them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from hypothesis import strategies as st

from linter.formats.cpuset import CpuSet


@dataclass(frozen=True)
class Machine:
    """CPUs with the number of their core, socket and NUMA node; and the CPUs that are offline."""

    cores: tuple[int, ...]
    sockets: tuple[int, ...]
    nodes: tuple[int, ...]
    offline: frozenset[int] = frozenset()

    @property
    def online(self) -> list[int]:
        return [cpu for cpu in range(len(self.cores)) if cpu not in self.offline]

    def siblings(self, cpu: int) -> CpuSet:
        return CpuSet.of(one for one in self.online if self.cores[one] == self.cores[cpu])

    def node_cpus(self, node: int) -> CpuSet:
        return CpuSet.of(one for one in self.online if self.nodes[one] == node)

    @property
    def listed_nodes(self) -> list[int]:
        return sorted({self.nodes[cpu] for cpu in self.online})


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """Machines whose threads are numbered side by side or core by core, as real ones are."""
    sockets = draw(st.integers(1, 2))
    cores = draw(st.integers(1, 6)) * sockets
    threads = draw(st.sampled_from([1, 2, 4]))
    adjacent = draw(st.booleans())
    numbers = [n // threads if adjacent else n % cores for n in range(cores * threads)]
    per_socket = cores // sockets
    homes = [core // per_socket for core in numbers]
    everything = range(len(numbers))
    offline = draw(st.frozensets(st.sampled_from(everything), max_size=len(numbers) - 1))
    return Machine(tuple(numbers), tuple(homes), tuple(homes), offline)


def columns(machine: Machine) -> str:
    """Return what ``lscpu --parse`` prints."""
    rows = [
        f"{cpu},{machine.cores[cpu]},{machine.sockets[cpu]},{machine.nodes[cpu]},,0,0,0,0"
        for cpu in machine.online
    ]
    head = (
        "# The following is the parsable format, which can be fed to other\n"
        "# programs.\n# CPU,Core,Socket,Node,,L1d,L1i,L2,L3\n"
    )
    return head + "\n".join(rows) + "\n"


def extended(machine: Machine, *, old: bool = False) -> str:
    """Return what ``lscpu --json --extended`` prints; ``old`` versions print strings."""
    listed = []
    for cpu in range(len(machine.cores)):
        on = cpu not in machine.offline
        cells: dict[str, object] = {
            "cpu": cpu,
            "node": machine.nodes[cpu] if on else None,
            "socket": machine.sockets[cpu] if on else None,
            "core": machine.cores[cpu] if on else None,
            "online": on,
        }
        if old:
            cells = {
                key: {True: "yes", False: "no", None: "-"}.get(value, str(value))
                if isinstance(value, bool | None)
                else str(value)
                for key, value in cells.items()
            }
        listed.append(cells)
    return json.dumps({"cpus": listed}, indent=3)


def fields(machine: Machine, *, nested: bool = False) -> str:
    """Return what ``lscpu --json`` prints; ``nested`` since util-linux 2.36."""
    threads = max(len(machine.siblings(cpu)) for cpu in machine.online)
    cpus = [("CPU(s):", str(len(machine.cores))), ("On-line CPU(s) list:", _list(machine.online))]
    if machine.offline:
        cpus.append(("Off-line CPU(s) list:", _list(sorted(machine.offline))))
    per_core = [("Thread(s) per core:", str(threads))]
    numa = [("NUMA node(s):", str(len(machine.listed_nodes)))]
    numa += [(f"NUMA node{n} CPU(s):", str(machine.node_cpus(n))) for n in machine.listed_nodes]
    if not nested:
        return _fields([*cpus, *per_core, *numa])
    head = {"field": cpus[0][0], "data": cpus[0][1], "children": _objects(cpus[1:])}
    model = {"field": "Vendor ID:", "data": "x", "children": _objects(per_core)}
    tree = [head, model, {"field": "NUMA:", "data": None, "children": _objects(numa)}]
    return json.dumps({"lscpu": tree}, indent=3)


def sysfs(machine: Machine, *, siblings: bool = True, whole_paths: bool = True) -> str:
    """Return what ``grep`` prints of the files in ``/sys``."""
    top = "/sys/devices/system/" if whole_paths else ""
    lines = [
        f"{top}cpu/online:{_list(machine.online)}",
        f"{top}cpu/present:{_list(range(len(machine.cores)))}",
        f"{top}node/online:{_list(machine.listed_nodes)}",
    ]
    for cpu in machine.online:
        folder = f"{top}cpu/cpu{cpu}/topology"
        if siblings:
            lines.append(f"{folder}/thread_siblings_list:{machine.siblings(cpu)}")
        lines.append(f"{folder}/core_id:{machine.cores[cpu]}")
        lines.append(f"{folder}/physical_package_id:{machine.sockets[cpu]}")
    lines += [f"{top}node/node{n}/cpulist:{machine.node_cpus(n)}" for n in machine.listed_nodes]
    return "\n".join(lines) + "\n"


def _list(cpus: object) -> str:
    return str(CpuSet.of(cpus))  # type: ignore[arg-type]


def _objects(pairs: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"field": name, "data": data} for name, data in pairs]


def _fields(pairs: list[tuple[str, str]]) -> str:
    return json.dumps({"lscpu": _objects(pairs)}, indent=3)
