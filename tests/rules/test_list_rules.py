"""Lists of CPUs that are wrong or unusual, in the grammar of each of their readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import CRIO, PINNING, machine_config, pinning, profile, rules, workload

from linter.engine.run import lint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linter.engine.findings import Finding

    Tree = Callable[[Mapping[str, str | bytes]], str]

GROUP = "WPL1"
SYSTEM_CONF = "/etc/systemd/system.conf.d/10-affinity.conf"


def found(tree: Tree, *texts: str) -> list[Finding]:
    """Return what the rules about lists say of an installer's directory."""
    outcome = lint([tree({f"openshift/{n}.yaml": text for n, text in enumerate(texts)})], rules())
    assert outcome.failures == ()
    return [item for item in outcome.findings if item.rule.startswith(GROUP)]


def codes(tree: Tree, *texts: str) -> list[str]:
    return [item.rule for item in found(tree, *texts)]


def fixed(item: Finding) -> str:
    """Return the text that the only replacement of a fix puts into the file."""
    assert item.fix is not None
    (replacement,) = item.fix.replacements
    edit = replacement.edit()
    assert edit is not None
    return edit.new


# --- canonical text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("1,0", "0-1"), ("0,1", "0-1"), ("0-2,1-3", "0-3"), ("00-3", "0-3"), ("+0-3", "0-3")],
)
def test_another_spelling_of_the_same_cpus(tree: Tree, text: str, canonical: str) -> None:
    (item,) = found(tree, profile(text, "4-7"))
    assert (item.rule, item.severity.value) == ("WPL103", "info")
    assert fixed(item) == canonical


@pytest.mark.parametrize("text", ["0-3", "0", "", "0-1,3", "$reserved", "{{ .cpus }}"])
def test_nothing_is_said_of_canonical_and_of_unknown_lists(tree: Tree, text: str) -> None:
    assert codes(tree, profile(text, "4-7")) == []


def test_canonical_text_inside_a_payload(tree: Tree) -> None:
    files = {CRIO + "99-workload-pinning.conf": workload("1,0"), PINNING: pinning("0-1")}
    (item,) = found(tree, profile("0-1", "2-7"), machine_config("pinning", "master", files))
    assert item.rule == "WPL103"
    assert item.fix is not None
    assert item.fix.replacements[0].new == "0-1"


def test_a_plain_number_stays_a_string(tree: Tree) -> None:
    text = profile("5", "6-7").replace('"5"', "5,5")
    (item,) = found(tree, text)
    assert fixed(item) == '"5"'


# --- the kernel's lists, masks and systemd's -----------------------------------------------------


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        ("nohz_full=2-46/2", "WPL105"),
        ("rcu_nocbs=3-1", "WPL105"),
        ("isolcpus=domian,2-5", "WPL105"),
        ("isolcpus=domain", "WPL105"),
        ("irqaffinity=a-b", "WPL105"),
        ("kthread_cpus=0-", "WPL105"),
        ("nohz_full=2-46000", "WPL107"),
        ("systemd.cpu_affinity=9000", "WPL107"),
        ("tuned.non_isolcpus=0x3", "WPL108"),
        ("tuned.non_isolcpus=3,,3", "WPL108"),
        ("tuned.non_isolcpus=123456789", "WPL108"),
        ("systemd.cpu_affinity=0-1;4", "WPL109"),
        ("systemd.cpu_affinity=0,4-2", "WPL109"),
    ],
)
def test_a_bad_argument_is_one_error(tree: Tree, argument: str, code: str) -> None:
    (item,) = found(tree, machine_config("tuning", kernel_arguments=[argument]))
    assert (item.rule, item.severity.value) == (code, "error")


@pytest.mark.parametrize(
    "argument",
    [
        "nohz_full=2-46:1/2", "nohz_full=2-N", "rcu_nocbs=all", "isolcpus=nohz,domain,2-5",
        "tuned.non_isolcpus=00000003,00000003", "systemd.cpu_affinity=0,1,4", "nohz_full=$isolated",
        "systemd.cpu_affinity={{ .cpus }}", "quiet", "isolcpus",
    ],
)  # fmt: skip
def test_a_good_or_unknown_argument_is_no_finding(tree: Tree, argument: str) -> None:
    assert codes(tree, machine_config("tuning", kernel_arguments=[f"'{argument}'"])) == []


@pytest.mark.parametrize(
    ("mask", "words"),
    [("0x3", "00000003"), ("0X300000003", "00000003,00000003"), ("123456789", "00000001,23456789")],
)
def test_a_mask_of_one_piece_is_written_in_words(tree: Tree, mask: str, words: str) -> None:
    argument = f"tuned.non_isolcpus={mask}"
    (item,) = found(tree, machine_config("tuning", kernel_arguments=[argument]))
    assert fixed(item) == words


@pytest.mark.parametrize("mask", ["0x3,0x3", "3,,3", "zz"])
def test_other_masks_are_not_guessed(tree: Tree, mask: str) -> None:
    argument = f"tuned.non_isolcpus={mask}"
    (item,) = found(tree, machine_config("tuning", kernel_arguments=[argument]))
    assert item.fix is None


def test_an_affinity_is_repaired_from_the_profile_of_its_own_pool(tree: Tree) -> None:
    argument = "systemd.cpu_affinity=0-1;"
    reserving = profile("0-1,4-5", "2-3,6-7")
    (item,) = found(tree, reserving, machine_config("a", "master", kernel_arguments=[argument]))
    assert fixed(item) == "0-1,4-5"
    (item,) = found(tree, reserving, machine_config("a", "worker", kernel_arguments=[argument]))
    assert item.fix is None


def test_an_affinity_in_a_drop_in(tree: Tree) -> None:
    files = {SYSTEM_CONF: "[Manager]\nCPUAffinity=0 1 x\n"}
    (item,) = found(tree, profile("0-1", "2-7"), machine_config("a", "master", files))
    assert item.rule == "WPL109"
    assert item.fix is not None
    assert item.fix.replacements[0].new == "0-1"


def test_an_isolated_list_that_tuned_gives_up_on(tree: Tree) -> None:
    tuned = (
        "apiVersion: tuned.openshift.io/v1\nkind: Tuned\nmetadata:\n  name: child\nspec:\n"
        "  profile:\n  - name: child\n    data: |\n      [variables]\n      isolated_cores={}\n"
    )
    assert codes(tree, tuned.format("2-7,x")) == ["WPL101"]
    assert codes(tree, tuned.format("2-7,^4")) == []
    assert codes(tree, tuned.format("${other}")) == []
