"""Page sizes of the kernel that a profile cannot have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.engine.enumeration import enumeration
from linter.facts.profile_settings import KERNEL_PAGE_SIZES, LARGE_KERNEL_PAGES
from linter.model.releases import KERNEL_PAGE_SIZE
from linter.sources.fields import Value, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.model.cluster import Cluster
    from linter.model.pools import ProfileMatch
    from linter.model.releases import Releases
    from linter.sources.text import Ref

_REFUSED = "The API refuses the profile; while installing, there is no such kernel to boot."


@rule("WPL220", severity=ERROR)
def profile_kernel_page_size(
    cluster: Cluster, releases: Releases, match: ProfileMatch
) -> Iterator[Draft]:
    """The kernel's page size is one that there is a kernel for."""
    settings = match.profile.settings
    size, real_time = settings.kernel_page_size, settings.real_time_kernel
    if not isinstance(size, Value) or not releases.possibly(KERNEL_PAGE_SIZE):
        return
    if size.value not in KERNEL_PAGE_SIZES:
        yield finding(
            f"spec.kernelPageSize is '{size.value}', which is no page size of a kernel.",
            size.ref.label("no such kernel"),
            effect=_REFUSED,
            advice=f"The sizes are {enumeration(KERNEL_PAGE_SIZES)}: write kernelPageSize: "
            f"{KERNEL_PAGE_SIZES[0]} or leave it out.",
        )
    if size.value != LARGE_KERNEL_PAGES:
        return
    if known(real_time):
        yield finding(
            f"spec.kernelPageSize is '{size.value}', but the real-time kernel has pages of 4k.",
            size.ref.label("a kernel with large pages"),
            real_time.ref.label("another kernel"),
            effect=_REFUSED,
            advice="Disable the real-time kernel (enabled: false), or write kernelPageSize: 4k.",
        )
    elif (machines := _only_x86_64(cluster, match)) is not None:
        yield finding(
            f"spec.kernelPageSize is '{size.value}', but the machines are x86_64.",
            size.ref.label("for aarch64 only"),
            machines.label("this architecture"),
            effect=_REFUSED,
            advice="Leave kernelPageSize out, or write kernelPageSize: 4k.",
        )


def _only_x86_64(cluster: Cluster, match: ProfileMatch) -> Ref | None:
    """Return where it is stated that the pools, those of the installer, are of no other kind."""
    topologies = (installation.topology for installation in cluster.facts.installations)
    stated = [one for topology in topologies if topology for one in topology.architectures]
    if {architecture for architecture, _ in stated} != {"amd64"}:
        return None
    installed = match.pools and all(pool.built_in for pool in match.pools)
    return stated[0][1] if installed else None
