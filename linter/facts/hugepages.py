"""Huge pages that a profile asks for (openshift/cluster-node-tuning-operator, ``HugePages``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linter.records import dataclass
from linter.sources.fields import known

if TYPE_CHECKING:
    from linter.sources.fields import Field
    from linter.sources.text import Ref
    from linter.sources.yaml_tree import Node


@dataclass(frozen=True, slots=True)
class Pages:
    """One entry of ``spec.hugepages.pages``; ``node`` is a NUMA node."""

    size: Field[str]
    count: Field[int]
    node: Field[int]
    ref: Ref


@dataclass(frozen=True, slots=True)
class HugePages:
    """``spec.hugepages`` as it is written."""

    default_size: Field[str]
    pages: tuple[Pages, ...]

    @property
    def sizes(self) -> tuple[tuple[str, Field[str]], ...]:
        """Every size of a page, with what people call the field."""
        listed = (("spec.hugepages.pages[].size", pages.size) for pages in self.pages)
        return (("spec.hugepages.defaultHugepagesSize", self.default_size), *listed)


def read_hugepages(spec: Node) -> HugePages:
    """Read the huge pages of a profile's ``spec``; there may be none."""
    hugepages = spec.at("hugepages")
    return HugePages(
        hugepages.at("defaultHugepagesSize").text(),
        tuple(
            Pages(
                entry.at("size").text(),
                entry.at("count").integer(),
                entry.at("node").integer(),
                entry.ref,
            )
            for entry in hugepages.at("pages").elements()
        ),
    )


_EVERY_SIZE = ("64k", "2M", "32M", "512M", "1G", "16G")
_SIZES = {"4k": ("64k", "2M", "32M", "1G"), "64k": ("2M", "512M", "16G")}


def sizes_for(kernel_page_size: Field[str]) -> tuple[str, ...]:
    """Return the sizes that some architecture has with a kernel of this page size.

    Where the kernel's page size is not stated, as on x86_64, those of all kernels are returned.
    """
    return _SIZES.get(known(kernel_page_size) or "", _EVERY_SIZE)
