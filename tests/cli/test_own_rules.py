"""Rules of somebody else: the page that teaches them, what they may be, and what breaks them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from command_line import PROJECT

from linter.cli import main
from linter.engine.findings import Severity, finding
from linter.engine.injection import SUBJECTS
from linter.engine.page_tests import problems_of
from linter.engine.pages import parse_page
from linter.engine.rules import rule

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from command_line import Run

GUIDE = (PROJECT / "docs" / "writing-rules.md").read_text("utf-8")
_FENCE = re.compile(r'^(`{3,})\w+ title="([^"]+)"\n(.*?)^\1$', re.DOTALL | re.MULTILINE)
FILES = {name: text for _, name, text in _FENCE.findall(GUIDE)}
RULE = FILES["policy/acme_control_plane_reserve.py"]
PAGE = FILES["policy/acme_control_plane_reserve.md"]
PROFILE = (
    PAGE.partition('title="profile.yaml"\n')[2]
    .partition("```")[0]
    .replace("  # warning[ACME101]", "")
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the guide builds, with a profile that its rule objects to."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "policy").mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "profile.yaml").write_text(PROFILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(repository: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    from command_line import Run

    def call(*arguments: str) -> Run:
        status = main(list(arguments))
        out, err = capsys.readouterr()
        return Run(status, out, err)

    return call


def add(repository: Path, name: str, code: str, body: str, page: str | None = None) -> None:
    """Write a rule with a page that fits, unless another one is given."""
    (repository / "policy" / f"{name}.py").write_text(body)
    text = PAGE.replace("ACME101", code).replace("acme-control-plane-reserve", name)
    (repository / "policy" / f"{name}.md").write_text(text if page is None else page)


def test_the_guide_shows_a_rule_of_ten_lines() -> None:
    assert FILES.keys() == {
        "policy/acme_control_plane_reserve.py",
        "policy/acme_control_plane_reserve.md",
        "wplint.toml",
    }
    lines = RULE.partition("@rule")[2].strip().splitlines()
    assert len(lines) <= 10


def test_what_the_guide_shows_is_printed(run: Callable[..., Run]) -> None:
    shown = re.compile(r"^```console\n\$ wplint (.*?)\n(.*?)^```", re.DOTALL | re.MULTILINE)
    (session,) = shown.findall(GUIDE)
    done = run(*session[0].split())
    assert (done.status, done.out, done.err) == (0, session[1], "")


def test_the_guide_lists_every_fact() -> None:
    rows = re.findall(r"^\| ([a-zA-Z ]+) \| (`.*`) \|$", GUIDE, re.MULTILINE)
    listed = {fact: kind for kind, facts in rows for fact in re.findall(r"`(\w+)`", facts)}
    assert {name: listed.get(name) for name in SUBJECTS} == {
        name: subject.name for name, (subject, _) in SUBJECTS.items()
    }


def test_a_rule_of_the_settings_runs_and_is_listed(run: Callable[..., Run]) -> None:
    done = run("lint", "--output", "concise", "--fail-level", "warning")
    assert done.status == 1
    assert "warning[ACME101] Pool master reserves 0-1,32-33, which are 4 CPUs." in done.out
    assert "ACME101" not in run("lint", "--ignore", "ACME").out
    assert run("lint", "--select", "acme", "-o", "concise").out == done.out
    assert run("rules").out.splitlines()[-1].startswith("ACME101  acme-control-plane-reserve ")
    assert run("explain", "ACME101").out.startswith("warning[ACME101] acme-control-plane-reserve\n")
    assert "rules of your own" in run("explain", "acme-control").out


def test_nothing_is_left_behind(run: Callable[..., Run], repository: Path) -> None:
    before = sorted(repository.rglob("*"))
    for arguments in (["lint"], ["rules"], ["explain", "ACME101"], ["rules", "--test", "policy"]):
        run(*arguments)
    assert sorted(repository.rglob("*")) == before


def test_nothing_is_loaded_without_the_settings(run: Callable[..., Run], repository: Path) -> None:
    (repository / "wplint.toml").unlink()
    (repository / "policy" / "trap.py").write_text("open('sprung', 'w').close()\n")
    assert run("lint").status == 0
    assert "ACME101" not in run("rules").out
    assert not (repository / "sprung").exists()


FACTS = "(pool, reserved)"
BROKEN = [
    ("syntax", "def broken(:\n", 1, "SyntaxError"),
    ("raises", "\nraise KeyError('x')\n", 2, "KeyError: 'x'"),
    ("leaves", "\n\nraise SystemExit(0)\n", 3, "SystemExit: 0"),
    ("missing_module", "import nosuchmodule\n", 1, "ModuleNotFoundError"),
    ("nothing", "x = 1\n", 1, "exactly one rule, not 0"),
    ("wrong_fact", RULE.replace(FACTS, "(reservd)"), 4, "(did you mean 'reserved'?)"),
    ("two_kinds", RULE.replace(FACTS, "(pool, tuned)"), 4, "of Tuned and of pool"),
    ("no_facts", RULE.replace(FACTS, "()"), 4, "at least one"),
    ("any_facts", RULE.replace(FACTS, "(pool, *rest)"), 4, "names of facts"),
    ("bad_code", RULE.replace("ACME101", "acme1"), 4, "'acme1' is no code such as"),
    ("bad_severity", RULE.replace("=WARNING", '="bad"'), 4, "none of ERROR, WARNING"),
    ("ours", RULE.replace("ACME101", "WPL999"), 4, "codes with WPL are wplint's own"),
    ("taken", RULE, 4, "there is a rule 'ACME101' already"),
    ("another_name", RULE.replace("ACME101", "ACME102"), 4, "its file must be too"),
]


@pytest.mark.parametrize(("name", "body", "line", "words"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_rule_that_cannot_be_used_is_an_error_with_its_place(
    run: Callable[..., Run], repository: Path, name: str, body: str, line: int, words: str
) -> None:
    """What the other rules find is printed all the same."""
    if "def acme_control_plane_reserve" in body and name != "another_name":
        body = body.replace("def acme_control_plane_reserve", f"def {name}")
    add(repository, name, "ACME102", body)
    place = f"{name}.py:{line}"
    done = run("lint", "--output", "json")
    report = json.loads(done.out)
    assert done.status == 2
    assert [item["rule"] for item in report["findings"]] == ["ACME101"]
    (failure,) = report["summary"]["failures"]
    assert failure["rule"] == f"policy/{place}"
    assert words in failure["error"]
    shown = " ".join(done.err.split())
    assert f"error: Rule policy/{place} broke: " in shown
    assert "internal error" not in shown
    listed = run("rules")
    assert listed.status == 2
    assert "ACME101" in listed.out
    assert f"policy/{place}: " in listed.err


@pytest.mark.parametrize(
    ("page", "place", "words"),
    [
        (None, "acme_second.md:1", "the page cannot be read"),
        (PAGE.replace("ACME101", "ACME109"), "acme_second.md:2", "its code is 'ACME109'"),
        (PAGE.replace("## Good", "## Fine"), "acme_second.md:", "the sections must be"),
        (PAGE.replace("releases: all", "releases: most"), "acme_second.md:2", "'most' is none of"),
    ],
)
def test_a_page_that_cannot_be_used(
    run: Callable[..., Run], repository: Path, page: str | None, place: str, words: str
) -> None:
    body = RULE.replace("ACME101", "ACME102").replace("acme_control_plane_reserve", "acme_second")
    text = "" if page is None else page.replace("acme-control-plane-reserve", "acme-second")
    if page is not None and "ACME109" not in page:
        text = text.replace("ACME101", "ACME102")
    add(repository, "acme_second", "ACME102", body, text)
    if page is None:
        (repository / "policy" / "acme_second.md").unlink()
    done = run("lint", "--output", "json")
    (failure,) = json.loads(done.out)["summary"]["failures"]
    assert done.status == 2
    assert failure["rule"].startswith(f"policy/{place}")
    assert words in failure["error"]


@pytest.mark.parametrize(
    ("yielded", "words"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero (policy/acme_late.py:6)"),
        ("yield 'words'", "AttributeError"),
        ("yield finding('x', 'no label')", "TypeError: a finding takes a Label, not 'no label'"),
        ("yield finding('x')", "ValueError: a finding needs a place"),
        ("return 7", "TypeError: 'int' object is not iterable"),
    ],
)
def test_a_rule_that_breaks_on_a_cluster(
    run: Callable[..., Run], repository: Path, yielded: str, words: str
) -> None:
    body = (
        "from linter.engine import INFO, finding, rule\n\n"
        "@rule('ACME102', severity=INFO)\n"
        f"def acme_late(pool):\n    '''Nothing holds.'''\n    {yielded}\n"
    )
    add(
        repository,
        "acme_late",
        "ACME102",
        body,
        PAGE.replace("ACME101", "ACME102")
        .replace("acme-control-plane-reserve", "acme-late")
        .replace("severity: warning", "severity: info"),
    )
    done = run("lint", "--output", "json")
    report = json.loads(done.out)
    assert done.status == 2
    assert [item["rule"] for item in report["findings"]] == ["ACME101"]
    (failure,) = report["summary"]["failures"]
    assert failure["rule"] == "ACME102"
    assert words in failure["error"]


def test_a_selected_rule_that_is_broken_is_no_wrong_usage(
    run: Callable[..., Run], repository: Path
) -> None:
    (repository / "policy" / "acme_other.py").write_text("1 / 0\n")
    done = run("lint", "--select", "WPL3,acme-other", "--ignore", "ACME102")
    assert done.status == 2
    assert "policy/acme_other.py:1 broke: ZeroDivisionError" in " ".join(done.err.split())
    assert "No disagreement found in what could be checked." in done.err
    assert run("lint", "--select", "acme-other").status == 2
    assert run("lint", "--diff").status == 2


def test_a_plan_runs_rules_about_changes(run: Callable[..., Run], repository: Path) -> None:
    body = (
        "from linter.engine import WARNING, finding, rule\n\n"
        "@rule('ACME301', severity=WARNING)\n"
        "def acme_change(change):\n    '''No profile changes.'''\n"
        "    for profile in change.after.facts.profiles:\n"
        "        yield finding('It changes.', profile.ref.label('this one'))\n"
    )
    page = PAGE.replace("ACME101", "ACME301").replace("acme-control-plane-reserve", "acme-change")
    add(repository, "acme_change", "ACME301", body, page)
    for folder, reserved in (("old", "0-1,32-33"), ("new", "0-3,32-35")):
        (repository / folder).mkdir()
        text = PROFILE.replace("0-1,32-33", reserved)
        (repository / folder / "profile.yaml").write_text(text)
    (repository / "wplint.toml").write_text('rule-paths = ["policy"]\nignore = ["ACME101"]\n')
    done = run("plan", "old", "new", "--output", "json")
    assert "ACME301" in done.out
    assert done.status == 0
    (repository / "policy" / "acme_other.py").write_text("1 / 0\n")
    done = run("plan", "old", "new")
    assert done.status == 2
    assert "policy/acme_other.py:1" in done.err


def test_rules_that_require_what_there_is_not(run: Callable[..., Run], repository: Path) -> None:
    for name, code, needs in (
        ("acme_a", "ACME201", "ACME202"),
        ("acme_b", "ACME202", "ACME201"),
        ("acme_c", "ACME203", "WPL000"),
    ):
        body = RULE.replace("acme_control_plane_reserve", name)
        body = body.replace('"ACME101", ', f'"{code}", requires=("{needs}",), ')
        add(
            repository,
            name,
            code,
            body,
            PAGE.replace("ACME101", code).replace(
                "acme-control-plane-reserve", name.replace("_", "-")
            ),
        )
    done = run("lint", "--output", "json")
    failures = json.loads(done.out)["summary"]["failures"]
    assert done.status == 2
    assert [(entry["rule"], entry["error"]) for entry in failures] == [
        ("policy/acme_c.py:4", "it requires 'WPL000', which is no rule"),
        ("policy/acme_a.py:4", "it requires, by way of others, itself"),
        ("policy/acme_b.py:4", "it requires, by way of others, itself"),
    ]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("../other", "wplint.toml:1: '../other' leads out of"),
        ("link", "wplint.toml:1: 'link' leads out of"),
        ("none", "wplint.toml:1: 'none' is no directory"),
    ],
)
def test_directories_that_are_refused(
    run: Callable[..., Run], repository: Path, setting: str, words: str
) -> None:
    (repository / "link").symlink_to("/usr")
    (repository / "wplint.toml").write_text(f'rule-paths = ["{setting}"]\n')
    for command in ("lint", "rules"):
        done = run(command)
        assert (done.status, done.out) == (2, "")
        assert words in done.err


def test_a_link_out_of_the_repository_is_not_run(
    run: Callable[..., Run], repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "trap.py"
    outside.write_text("open('sprung', 'w').close()\n")
    (repository / "policy" / "trap.py").symlink_to(outside)
    done = run("lint")
    assert done.status == 2
    assert "policy/trap.py:1 broke: it leads out of" in " ".join(done.err.split())
    assert not (repository / "sprung").exists()


def test_examples_that_do_not_hold(run: Callable[..., Run], repository: Path) -> None:
    page = PAGE.replace("reserved: 0-3,32-35", "reserved: 0-1,32-33").replace(
        "  # warning[ACME101]\n    isolated: 2-31,34-63",
        "\n    isolated: 2-31,34-63  # error[ACME101]",
    )
    (repository / "policy" / "acme_control_plane_reserve.md").write_text(page)
    done = run("rules", "--test", "policy/")
    assert done.status == 1
    assert done.err == ""
    assert max(map(len, done.out.splitlines())) <= 80
    head, *_, last = done.out.splitlines()
    assert head == "fails   ACME101 acme-control-plane-reserve"
    assert last == "1 rule: 0 hold, 1 fail."
    words = " ".join(done.out.split())
    page_name = "policy/acme_control_plane_reserve.md"
    assert f"{page_name}:20: Bad: profile.yaml:8: error[ACME101] is marked and not found" in words
    assert "Bad: profile.yaml:7: warning[ACME101] is found and not marked: Pool master" in words
    assert "Good: profile.yaml:7: warning[ACME101] is found and not marked: Pool master" in words


def test_tests_of_rules_that_cannot_be_used(run: Callable[..., Run], repository: Path) -> None:
    (repository / "policy" / "acme_other.py").write_text("1 / 0\n")
    done = run("rules", "--test", "policy")
    assert done.status == 2
    assert done.out.splitlines() == [
        "broken  policy/acme_other.py:1",
        "        ZeroDivisionError: division by zero",
        "holds   ACME101 acme-control-plane-reserve  1 bad, 1 good",
        "2 rules: 1 hold, 0 fail, 1 cannot be used.",
    ]


@pytest.mark.parametrize("folder", ["none", "profile.yaml", "empty"])
def test_there_must_be_rules_to_test(
    run: Callable[..., Run], repository: Path, folder: str
) -> None:
    (repository / "empty").mkdir()
    done = run("rules", "--test", folder)
    assert (done.status, done.out) == (2, "")
    assert folder in done.err


def test_what_a_page_may_get_wrong_beside_its_markers() -> None:
    @rule("ACME101", severity=Severity.WARNING)
    def acme_control_plane_reserve(pool, reserved):  # type: ignore[no-untyped-def]
        if len(reserved.cpus) < 8:
            yield finding("Few.", reserved.labelled())

    for change, words in (
        (("fix: none", "fix: safe"), "the head says 'fix: safe', but it is 'none'"),
        (("  # warning[ACME101]", ""), "no line is marked with ACME101"),
        (("reserved: 0-3,32-35", "reserved: 0-3,32-35  # info[WPL203]"), "a good example has no"),
        (("Our control planes run the storage service beside the platform.\n", ""), "is empty"),
    ):
        page = parse_page(PAGE.replace(*change), "policy/acme_control_plane_reserve.md")
        problems = problems_of(page, acme_control_plane_reserve, ())
        assert any(words in problem.message for problem in problems), words
    assert problems_of(parse_page(PAGE, "p"), acme_control_plane_reserve, ()) == []
