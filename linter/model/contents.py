"""The payloads of one MachineConfig, read: what it says of partitioning by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.facts.crio import MANAGEMENT
from linter.records import dataclass

if TYPE_CHECKING:
    from linter.facts.cpus import CpuStatement
    from linter.facts.crio import CrioDropIn
    from linter.facts.machine_configs import MachineConfig
    from linter.facts.pinning import PinningFile
    from linter.facts.systemd import ManagerConfiguration


@dataclass(frozen=True, slots=True)
class ConfigContents:
    """A MachineConfig and its payloads of interest."""

    machine_config: MachineConfig
    drop_ins: tuple[CrioDropIn, ...]
    pinning: PinningFile | None
    managers: tuple[ManagerConfiguration, ...]

    @property
    def management_cpuset(self) -> CpuStatement | None:
        """The cpuset of its last management table in CRI-O's reading order."""
        tables = {
            drop_in.path.encode(): drop_in.workloads[MANAGEMENT]
            for drop_in in self.drop_ins
            if MANAGEMENT in drop_in.workloads
        }
        return tables[max(tables)].cpuset if tables else None
