"""What Kubernetes accepts as the name of an object and as a label.

Source: k8s.io/apimachinery ``pkg/util/validation``.
"""

from __future__ import annotations

from linter.regexes import regex

_LONGEST_SUBDOMAIN = 253
LONGEST_LABEL = 63

_SUBDOMAIN = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_NAME = regex(r"[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?")


def is_subdomain(text: str) -> bool:
    """Say whether the text is a DNS-1123 subdomain: lower case, no path in it, not empty."""
    return len(text) <= _LONGEST_SUBDOMAIN and _SUBDOMAIN.fullmatch(text) is not None


def is_label_value(text: str) -> bool:
    """Say whether the text may be the value of a label; the empty text may."""
    return not text or (len(text) <= LONGEST_LABEL and _NAME.fullmatch(text) is not None)


def is_label_key(text: str) -> bool:
    """Say whether the text may be the key of a label: ``name`` or ``domain/name``."""
    domain, slash, name = text.rpartition("/")
    return (not slash or is_subdomain(domain)) and bool(name) and is_label_value(name)
