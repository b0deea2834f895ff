"""What stands where a file's contents should: a payload, a template, a word, or a broken URL."""

from __future__ import annotations

from base64 import b64encode
from gzip import compress

import pytest

from linter.facts.payloads import Payload, read_payload
from linter.sources.text import File
from linter.sources.yaml_tree import compose

CONFIG = b"[crio.runtime.workloads.management]\nresources = { 'cpuset' = '0-1' }\n\n\n\n"
BASE64 = b64encode(CONFIG).decode()
HEAD = "data:text/plain;charset=utf-8;base64,"


def payload(text: str, *, gzip: bool = False) -> Payload | None:
    roots, problem = compose(File("a.yaml", f"source: {text}\n"))
    assert problem is None
    return read_payload(roots[0].at("source"), "/etc/a", gzip=gzip)


@pytest.mark.parametrize(
    "url",
    [
        "$crio",
        HEAD + "$crio",
        HEAD + "${CRIO_B64}",
        f"'{HEAD}{{{{ .Values.crio }}}}'",
        f"'{HEAD}<base64 of the CRI-O configuration, see the table further up in this text>'",
        HEAD + "@CRIO@",
        HEAD + "MYBASE64CONFIG=",
        HEAD + "REPLACE_ME",
        HEAD + "...",
        "PAYLOAD_GOES_HERE",
        "data:,${CRIO}",
        "data:,$crio",
        "'data:,<contents>'",
        "data:,%7B%7B.x%7D%7D",
    ],
)
def test_a_template_or_a_word_is_unknown(url: str) -> None:
    found = payload(url)
    assert found is not None
    assert (found.templated, found.problem, found.source) == (True, None, None)


@pytest.mark.parametrize(
    ("url", "gzip"),
    [
        (HEAD + BASE64[:-3], False),
        (HEAD + BASE64[1:], False),
        (HEAD + BASE64[:30] + "-" + BASE64[30:], False),
        (HEAD + b64encode(compress(CONFIG)).decode()[:-9], True),
        (HEAD + BASE64, True),
        ("https://example.com/crio.conf", False),
        ("''", False),
        ("crio.conf", False),
        ("data:text/plain", False),
        ("data:,100%", False),
    ],
)
def test_a_broken_url_is_a_problem(url: str, gzip: bool) -> None:
    found = payload(url, gzip=gzip)
    assert found is not None
    assert found.problem is not None or found.refusal is not None
    assert (found.templated, found.source) == (False, None)


@pytest.mark.parametrize("text", ["echo $HOME", "a <b> c", "PATH=$PATH:/opt"])
def test_a_payload_that_merely_holds_such_characters_is_read(text: str) -> None:
    found = payload(HEAD + b64encode(text.encode()).decode())
    assert found is not None
    assert found.source is not None
    assert (found.source.text, found.refusal) == (text, None)


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("data:,a b", "data:,a%20b"),
        ("'data:,{\"a\":1}'", "data:,%7B%22a%22:1%7D"),
        ("|\n  data:,a", "data:,a%0A"),
        ("data:;base64,YWI", "data:;base64,YWI="),
        ("|-\n  data:;base64,YWJj\n  ZGVm", "data:;base64,YWJjZGVm"),
        ("'data: text/plain,a'", None),
    ],
)
def test_what_a_node_refuses_is_read_and_said(url: str, accepted: str | None) -> None:
    found = payload(url)
    assert found is not None
    assert found.source is not None
    assert found.refusal is not None
    assert found.accepted == accepted
