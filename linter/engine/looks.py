"""Looks: what stands for the bytes of a file where clusters are compared without composing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

_INSTALL_CONFIG = b"baseDomain"


class Look(NamedTuple):
    """What stands for the bytes of a file.

    Attributes:
        config: Whether it may be an install-config.
        whole: What stands for all of it.
        covered: What stands for it once what is the site's own is covered; None where it is no
            install-config, or its text alone does not tell what may be covered.

    """

    config: bool
    whole: bytes
    covered: bytes | None = None


def look_of(data: bytes) -> Look:
    """Return what stands for the bytes of a file."""
    config = _INSTALL_CONFIG in data
    text = None
    if config:
        from linter.engine.masking import masked

        text = masked(data)
    return Look(config, digest(data), digest(text) if text is not None else None)


def own_among(looks: Sequence[Look]) -> list[bool]:
    """Say which of a cluster's files may be its own install-config: one at most, or none is."""
    maybe = [look.config for look in looks]
    return maybe if sum(maybe) == 1 else [False] * len(maybe)


def together(looks: Sequence[Look]) -> Hashable | None:
    """Return what stands for the files of a cluster; None where their bytes alone do not tell."""
    parts = [
        look.covered if own else look.whole
        for look, own in zip(looks, own_among(looks), strict=True)
    ]
    return ("looks", *parts) if None not in parts else None


def digest(data: bytes) -> bytes:
    """Return what stands for some bytes."""
    from hashlib import blake2b  # OpenSSL comes with it

    return blake2b(data, digest_size=16).digest()
