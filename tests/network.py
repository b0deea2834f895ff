"""Whether a command failed for want of a network, so that a test can say so and be skipped."""

from __future__ import annotations

import os

import pytest

OFFLINE = (
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ENETUNREACH",
    "ENOTFOUND",
    "ETIMEDOUT",
    "Connection refused",
    "Failed to establish a new connection",
    "Max retries exceeded",
    "Network is unreachable",
    "No matching distribution found",
    "Temporary failure in name resolution",
)
"""What npm and pip say where there is no registry."""

installs = pytest.mark.skipif(
    not os.environ.get("WPLINT_INSTALL"),
    reason="set WPLINT_INSTALL=1 to install wplint for real, as services do",
)
"""For tests that take their time to install; ``.ci/run`` runs them."""


def skip_if_offline(said: str) -> None:
    """Skip the test if a command that failed said that it found no network."""
    for words in OFFLINE:
        if words in said:
            pytest.skip(f"needs a package registry, and there is no network: {words}")
