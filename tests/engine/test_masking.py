"""What is covered in an install-config makes no difference to what is read of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from effort import tried
from hypothesis import assume, event, given
from hypothesis import strategies as st

from linter.engine.loading import load_file
from linter.engine.masking import masked
from linter.engine.twins import install_config
from linter.schema.files import INSTALL_CONFIG
from linter.schema.verdict import violations
from linter.sources.candidates import Candidate

if TYPE_CHECKING:
    from collections.abc import Hashable

CONFIG = b"""\
apiVersion: v1
baseDomain: example.com
compute:
- name: worker
  replicas: 0
controlPlane:
  name: master
  replicas: 1
cpuPartitioningMode: AllNodes
metadata:
  name: site-1
networking:
  clusterNetwork:
  - cidr: 10.128.0.0/14
    hostPrefix: 23
platform:
  none: {}
bootstrapInPlace:
  installationDisk: /dev/disk/by-id/wwn-1
pullSecret: '{"auths":{"registry.example.com":{"auth":"c2VjcmV0"}}}'
sshKey: |
  ssh-rsa AAAAB3Nza core@site-1
"""


def understood(data: bytes) -> tuple[bool, bool, Hashable]:
    """Return whether a text can be read, and all that is read of it."""
    file = load_file(Candidate("install-config.yaml", "install-config.yaml"), data)
    against = [
        (found.kind, found.path)
        for root in file.roots
        for found in violations(root, INSTALL_CONFIG)
    ]
    said = tuple(against) or install_config(file)  # what violates the schema is like no other
    return file.problem is None, file.skipped is None, said


def test_what_is_the_sites_own_is_covered() -> None:
    other = (
        CONFIG.replace(b"site-1", b"a-much-longer-name")
        .replace(b"10.128.0.0/14", b"fd01::/48")
        .replace(b"wwn-1", b"wwn-2")
        .replace(b"c2VjcmV0", b"+3RoZXI=")
        .replace(b"AAAAB3Nza", b"AAAAC3Nza+/")
        .replace(b"example.com", b"example.org", 1)
    )
    assert masked(other) == masked(CONFIG) is not None
    assert understood(other) == understood(CONFIG)


@pytest.mark.parametrize(
    "changed",
    [
        CONFIG.replace(b"AllNodes", b"None"),
        CONFIG.replace(b"replicas: 1", b"replicas: 3"),
        CONFIG.replace(b"name: worker", b"name: edge"),
        CONFIG.replace(b"cidr", b"cidrs"),
        CONFIG.replace(b"registry.example.com", b"registry.example.org"),  # a key
        CONFIG.replace(b"name: site-1", b"name: 1"),
        CONFIG.replace(b"name: site-1", b"name: true"),
        CONFIG.replace(b"none: {}", b"none: []"),
        CONFIG.replace(b"platform:", b"platforms:"),
        CONFIG + b"capabilities:\n  baselineCapabilitySet: None\n",
    ],
)
def test_what_is_read_is_not(changed: bytes) -> None:
    assert masked(changed) != masked(CONFIG)


@pytest.mark.parametrize(
    "odd",
    [
        CONFIG.replace(b"example.com", b"&a example.com", 1),
        CONFIG.replace(b"example.com", b"*a", 1),
        CONFIG.replace(b"example.com", b"{{ domain }}", 1),
        CONFIG.replace(b"example.com", b"ex\xc3\xa4mple.com", 1),
        CONFIG.replace(b"example.com", b"example.com\r", 1),
        CONFIG.replace(b"baseDomain: e", b"baseDomain:e"),
        CONFIG.replace(b"platform:\n", b"? platform\n"),
        CONFIG.replace(b"platform", b"'platform'"),
        b"{" + CONFIG + b"}",
        CONFIG + b"---\nkind: MachineConfig\n",
        CONFIG + b"# " + 70_000 * b"x",
    ],
)
def test_a_text_that_does_not_tell_is_left_alone(odd: bytes) -> None:
    assert masked(odd) is None


WORDS = ["a", "bc", "1", "0x1F", "true", "null", "1.5", "10.0.0.0/8", "a:b", "/dev/x", "d-e"]
SIGNS = [*":'\"{}[],|>#!`@=~-", " ", " ", ": ", "- ", "!!str ", "..", "|\n    ", ">-\n    "]
KEYS = ["k: ", "k2: ", "name: ", '"k":', "'k': "]
PARTS = st.lists(st.sampled_from([*WORDS, *WORDS, *WORDS, *SIGNS, *KEYS, *KEYS]), max_size=5)
LINES = st.lists(st.tuples(st.sampled_from(["  ", "  ", "  - ", "    ", "- "]), PARTS), max_size=4)
FIELDS = st.sampled_from(["networking", "platform", "pullSecret", "sshKey", "metadata", "compute"])
REST = "baseDomain: a.b\ncontrolPlane:\n  replicas: 1\ncpuPartitioningMode: AllNodes\n"
WORD = re.compile(r"[A-Za-z0-9./-]+")


@st.composite
def configs(draw: st.DrawFn) -> str:
    """Return something like an install-config: odd lines in some fields, and no others."""
    text = ""
    for name, parts in draw(st.lists(st.tuples(FIELDS, PARTS), min_size=1, max_size=3)):
        text += f"{name}: {''.join(parts)}\n"
        text += "".join(f"{indent}{''.join(rest)}\n" for indent, rest in draw(LINES))
    return text + REST


@tried(800)
@given(configs(), st.lists(st.tuples(st.integers(0, 20), st.sampled_from(WORDS)), min_size=1))
def test_texts_that_look_the_same_say_the_same(text: str, changes: list[tuple[int, str]]) -> None:
    looks = masked(text.encode())
    assume(looks is not None)
    other = text
    for number, word in changes:
        places = list(WORD.finditer(other))
        place = places[number % len(places)]
        changed = other[: place.start()] + word + other[place.end() :]
        if masked(changed.encode()) == looks:
            other = changed
    assume(other != text)
    known = understood(text.encode())
    event("readable" if known[0] else "not readable")
    assert understood(other.encode()) == known
