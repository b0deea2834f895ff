"""Payloads, kernel arguments and lists of CPUs, as they are written."""

from __future__ import annotations

import pytest
from builders import data_url, facts_of, root_of

from linter.facts.cpus import CpuStatement, Grammar, is_placeholder, read_cpuset
from linter.facts.kernel import StatedArgument, arguments_in
from linter.facts.payloads import Payload, read_payload
from linter.sources.text import File, Ref


def payload_of(source: str, *, gzip: bool = False) -> Payload | None:
    return read_payload(root_of(f"source: {source}").at("source"), "/etc/x", gzip=gzip)


# --- payloads ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["base64", "percent", "gzip"])
@pytest.mark.parametrize("text", ["", "x", "é😀\n", "[crio]\n"])
def test_a_payload_is_decoded_and_known_by_its_path(form: str, text: str) -> None:
    payload = payload_of(data_url(text, form), gzip=form == "gzip")
    assert payload is not None
    assert payload.source is not None
    assert (payload.source.text, payload.source.title) == (text, "/etc/x")
    assert payload.problem is None


@pytest.mark.parametrize("source", ["", "~", "null"])
def test_an_absent_source_is_no_payload(source: str) -> None:
    assert payload_of(source) is None


@pytest.mark.parametrize(
    "source",
    [
        "'{{ .Values.x }}'",
        "{{ .Values.x }}",
        "$crio",
        "${crio}",
        "data:;base64,$crio",
        "'data:;base64,{{ .x | b64enc }}'",
        "<base64>",
        "data:;base64,MYBASE64CONFIG=",
        data_url("cpuset={{ .x }}"),
    ],
)
def test_a_template_is_unknown(source: str) -> None:
    payload = payload_of(source)
    assert payload is not None
    assert payload.templated is True
    assert payload.source is None
    assert payload.problem is None


@pytest.mark.parametrize("source", ["5", "yes", "[1]", "{a: b}", "1.5"])
def test_a_source_that_is_no_string_says_what_it_is(source: str) -> None:
    payload = payload_of(source)
    assert payload is not None
    assert payload.problem is not None
    assert payload.problem.ref.text == source


def test_a_damaged_payload_says_where() -> None:
    url = data_url("[crio.runtime.workloads.management]\n")
    payload = payload_of(url[:60] + "*" + url[61:])
    assert payload is not None
    assert payload.problem is not None
    assert payload.problem.ref.text == "*"


def test_bytes_that_are_no_text_are_no_problem() -> None:
    payload = payload_of("data:;base64,//79/A==")
    assert payload is not None
    assert (payload.binary, payload.problem, payload.source) == (True, None, None)


# --- kernel arguments ----------------------------------------------------------------------------


def argument(text: str) -> StatedArgument:
    (found,) = arguments_in(Ref(File("f", text), 0, len(text)), "here")
    return found


@pytest.mark.parametrize(
    ("text", "listed", "cpus", "grammar"),
    [
        ("isolcpus=2-7", "2-7", "2-7", Grammar.KERNEL),
        ("isolcpus=managed_irq,domain,2-7", "2-7", "2-7", Grammar.KERNEL),
        ("nohz_full=2-7", "2-7", "2-7", Grammar.KERNEL),
        ("rcu-nocbs=2-7", "2-7", "2-7", Grammar.KERNEL),
        ('"isolcpus=2-7"', "2-7", "2-7", Grammar.KERNEL),
        ('rcu_nocbs="2-7"', "2-7", "2-7", Grammar.KERNEL),
        ("irqaffinity=0-8:1/4", "0-8:1/4", "0,4,8", Grammar.KERNEL),
        ("systemd.cpu_affinity=0,1", "0,1", "0-1", Grammar.SYSTEMD),
        ('systemd.cpu_affinity="0 1"', "0 1", "0-1", Grammar.SYSTEMD),
        ("tuned.non_isolcpus=00300000,00000003", "00300000,00000003", "0-1,52-53", Grammar.MASK),
    ],
)
def test_an_argument_that_names_cpus(text: str, listed: str, cpus: str, grammar: Grammar) -> None:
    stated = argument(text).cpus
    assert stated is not None
    assert stated.cpus is not None
    assert (stated.text, stated.ref.text, stated.cpus.text) == (listed, listed, cpus)
    assert stated.grammar is grammar


@pytest.mark.parametrize("text", ["quiet", "isolcpus", "isolcpusx=1", "hugepages=4", "nohz=on"])
def test_other_arguments_name_none(text: str) -> None:
    assert argument(text).cpus is None


@pytest.mark.parametrize("text", ["isolcpus=${isolated}", "nohz_full=<isolated>", "rcu_nocbs=$x"])
def test_a_templated_argument_is_unknown(text: str) -> None:
    stated = argument(text).cpus
    assert stated is not None
    assert (stated.templated, stated.cpus, stated.error) == (True, None, None)


def test_an_argument_may_depend_on_the_machine() -> None:
    stated = argument("isolcpus=2-N").cpus
    assert stated is not None
    assert (stated.needs_cpu_count, stated.cpus, stated.error) == (True, None, None)


def test_a_mistake_in_an_argument_is_pointed_at() -> None:
    stated = argument("nohz_full=2-7,x").cpus
    assert stated is not None
    assert stated.error is not None
    assert stated.error_ref.text == "x"


# --- lists for Kubernetes ------------------------------------------------------------------------


def stated(value: str) -> CpuStatement | None:
    return read_cpuset(root_of(f"a: {value}").at("a"), "here")


@pytest.mark.parametrize("value", ["0-3", "'0-3'", '"0-3"', '"0\\x2d3"', "|-\n  0-3", ">-\n  0-3"])
def test_a_list_is_read_in_every_style(value: str) -> None:
    found = stated(value)
    assert found is not None
    assert found.cpus is not None
    assert (found.cpus.text, found.text, found.ref.text) == ("0-3", "0-3", "0-3")


def test_a_line_break_belongs_to_the_list() -> None:
    found = stated("|\n  0-3\n")
    assert found is not None
    assert found.error is not None
    assert found.text == "0-3\n"


@pytest.mark.parametrize(
    ("value", "found_type", "cpus"),
    [("3", "an integer", "3"), ("1.5", "a number", None), ("yes", "a boolean", None),
     ("[1]", "a list", None), ("{a: 1}", "an object", None)],
)  # fmt: skip
def test_a_value_of_another_type_is_told(value: str, found_type: str, cpus: str | None) -> None:
    found = stated(value)
    assert found is not None
    assert found.found == found_type
    assert (found.cpus.text if found.cpus is not None else None) == cpus


@pytest.mark.parametrize("value", ["{{ x }}", "'{{ x }}'", "$reserved", "<cpus>", "RESERVED_CPUS"])
def test_a_templated_list_is_unknown(value: str) -> None:
    found = stated(value)
    assert found is not None
    assert (found.templated, found.cpus, found.error) == (True, None, None)
    assert is_placeholder(value)


def test_an_absent_list_is_none() -> None:
    assert stated("") is None
    assert stated("~") is None


# --- documents -----------------------------------------------------------------------------------


def test_the_items_of_a_list_are_objects_of_their_own() -> None:
    facts = facts_of(
        """
        kind: List
        apiVersion: v1
        items:
        - kind: MachineConfigPoolList
          items:
          - {apiVersion: machineconfiguration.openshift.io/v1, kind: MachineConfigPool, metadata: {name: a}}
        - {apiVersion: machineconfiguration.openshift.io/v1, kind: MachineConfigPool, metadata: {name: b}}
        - 5
        - {kind: Other}
        """  # noqa: E501 - one object per line
    )
    assert [pool.name for pool in facts.pools] == ["a", "b"]
    assert facts.relevant == 2


def test_an_object_of_another_group_is_not_ours() -> None:
    facts = facts_of("{apiVersion: example.com/v1, kind: MachineConfigPool, metadata: {name: a}}")
    assert facts.pools == []
    assert facts.relevant == 0


def test_duplicate_keys_are_kept_for_documents_that_matter() -> None:
    facts = facts_of(
        "apiVersion: performance.openshift.io/v2\nkind: PerformanceProfile\n"
        "spec: {cpu: {reserved: '0', reserved: '1'}}\n",
        "a: 1\na: 2\n",
    )
    assert [duplicate.key for duplicate in facts.duplicate_keys] == ["reserved"]
    (found,) = facts.profiles
    assert found.reserved is not None
    assert found.reserved.text == "1"
