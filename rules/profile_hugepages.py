"""Huge pages that a profile cannot ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.engine import ERROR, Draft, finding, rule
from linter.engine.enumeration import enumeration
from linter.facts.hugepages import sizes_for
from linter.sources.fields import Missing, Templated, Value, known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linter.facts.hugepages import Pages
    from linter.facts.profile_settings import ProfileSettings
    from linter.facts.profiles import Profile
    from linter.model.cluster import Cluster

_REFUSED = "The API refuses the profile, and the nodes get no such pages."


@rule("WPL207", severity=ERROR)
def profile_hugepages(
    cluster: Cluster, profile: Profile, profile_settings: ProfileSettings
) -> Iterator[Draft]:
    """Huge pages are of a size that the processor has, with a default, and stated once."""
    hugepages = profile_settings.hugepages
    missing = isinstance(hugepages.default_size, Missing) and not profile.partial
    if hugepages.pages and missing:
        sizes = {known(pages.size) for pages in hugepages.pages}
        yield finding(
            "Huge pages are listed, but spec.hugepages.defaultHugepagesSize is missing.",
            hugepages.pages[0].ref.label("pages without a default size"),
            *cluster.misspelt(profile.manifest, "spec.hugepages.defaultHugepagesSize"),
            effect=_REFUSED,
            advice="Set defaultHugepagesSize to the size that programs get without asking"
            + (f": defaultHugepagesSize: {sizes.pop()}." if len(sizes) == 1 else "."),
        )
    allowed = sizes_for(profile_settings.kernel_page_size)
    for where, size in hugepages.sizes:
        if isinstance(size, Value) and size.value not in allowed:
            yield finding(
                f"{where} is '{size.value}', which is no size of a huge page.",
                size.ref.label("no such size"),
                effect=_REFUSED,
                advice=f"The sizes are {enumeration(allowed)}, and on x86_64 2M and 1G "
                "only: size: 2M or size: 1G.",
            )
    seen: dict[tuple[str, int | None], Pages] = {}
    for pages in hugepages.pages:
        if not isinstance(pages.size, Value) or isinstance(pages.node, Templated):
            continue
        first = seen.setdefault((pages.size.value, known(pages.node)), pages)
        if first is not pages:
            yield finding(
                f"Pages of {pages.size.value} are listed twice for the same NUMA node.",
                pages.size.ref.label("listed again"),
                first.size.ref.label("listed here"),
                effect=_REFUSED,
                advice=f"Make one entry of both{_together(first, pages)}, or name the NUMA node of "
                "each.",
            )


def _together(first: Pages, second: Pages) -> str:
    """Say what one entry for both would be."""
    size, one, other = known(first.size), known(first.count), known(second.count)
    if one is None or other is None:
        return ""
    return f" (size: {size}, count: {one + other})"
