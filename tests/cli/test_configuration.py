"""The configuration file: where it is found, what it may say, and that the command line wins."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from effort import THOROUGH, tried
from hypothesis import given
from hypothesis import strategies as st

from linter.engine.configuration import Configuration, ConfigurationError, configuration_for
from linter.engine.loader import tree as shipped
from linter.engine.settings import PATH_SETTINGS, SETTINGS, PathSettings
from linter.formats.toml_text import toml_key, toml_string

if TYPE_CHECKING:
    from collections.abc import Callable

    from command_line import Run

PROFILE = """\
apiVersion: performance.openshift.io/v2
kind: PerformanceProfile
metadata:
  name: edge
spec:
  cpu:
    reserved: 0-3
    isolated: 2-7
  nodeSelector:
    node-role.kubernetes.io/master: ""
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "profile.yaml").write_text(PROFILE)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("wplint.toml", 'openshift-version = "4.16"'),
        (".wplint.toml", 'openshift-version = "4.16"'),
        ("pyproject.toml", '[tool.wplint]\nopenshift-version = "4.16"'),
    ],
)
@pytest.mark.parametrize("below", ["", "site"])
def test_it_is_found_upwards_until_the_repository(
    tree: Path, name: str, text: str, below: str
) -> None:
    (tree / below / name).write_text(text)
    found = configuration_for(str(tree / "site" / "profile.yaml"))
    assert found.openshift_version == "4.16"
    assert found.path == str(tree.resolve() / below / name)


def test_nothing_above_the_repository_counts(tmp_path: Path) -> None:
    (tmp_path / "wplint.toml").write_text('openshift-version = "4.16"')
    inner = tmp_path / "repository"
    (inner / ".git").mkdir(parents=True)
    assert configuration_for(str(inner)) == Configuration()


def test_without_a_repository_only_the_directory_itself_counts(tmp_path: Path) -> None:
    (tmp_path / "wplint.toml").write_text('openshift-version = "4.16"')
    (tmp_path / "below").mkdir()
    assert configuration_for(str(tmp_path / "below")) == Configuration()
    assert configuration_for(str(tmp_path)).openshift_version == "4.16"


def test_a_pyproject_without_wplint_is_passed_over(tree: Path) -> None:
    (tree / "site" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    (tree / "wplint.toml").write_text('fail-level = "warning"')
    assert configuration_for(str(tree / "site")).fail_level == "warning"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("openshift_version = '4.16'", "did you mean 'openshift-version'?"),
        ("openshift-version = 4.16", 'openshift-version = "4.16"'),
        ("select = 'WPL3'", 'select = ["WPL3"]'),
        ("fail-level = 'fatal'", "'fatal', not one of"),
        ("= 3", "no TOML"),
        (
            "\nseverty.WPL203 = 'info'",
            ":2: there is no setting 'severty' (did you mean 'severity'?)",
        ),
        ("severity.WPL203 = 'off'", "severity is 'off', not one of"),
        ("severity = 'error'", "severity must be a table"),
        ("openshift-version = 'next'", ":1: openshift-version: 'next' is not an OpenShift version"),
        ("clusters = ['../other/*']", "beneath the directory"),
        ("baseline = '/etc/passwd'", "relative to the directory"),
        (
            "[per-path.'lab/**']\nignore = ['WPL203']",
            ":1: 'lab/**' ignores rules and does not say why",
        ),
        ("[per-path.'lab/**']\n\nreasons = 'x'", ":3: there is no setting 'reasons' (did you mean"),
        ("[per-path.'lab/**']\nreason = ' '", "a sentence of at most"),
        ("per-path.lab = 3", "a table of tables"),
        ("ignore = ['\\u001b[2J', 1]", "a list of strings"),
        ("'\\u001b[2J' = 3", "there is no setting"),
        ("a = " + "[" * 100_000, "no TOML"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(tree: Path, text: str, words: str) -> None:
    (tree / "wplint.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        configuration_for(str(tree))
    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert str(tree) in str(caught.value)


def test_the_command_line_beats_the_file(run: Callable[..., Run], tree: Path) -> None:
    (tree / "wplint.toml").write_text('ignore = ["WPL202"]\nopenshift-version = "4.16"')
    assert run("lint", str(tree)).status == 0
    shown = run("lint", str(tree), "--ignore", "WPL001")
    assert shown.status == 1
    assert "OpenShift 4.16" in shown.out
    other = run("lint", str(tree), "--ignore", "WPL001", "--openshift-version", "4.14")
    assert "OpenShift 4.14" in other.out


def test_the_settings_that_readme_shows_can_be_used(tree: Path) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    shown = readme.partition("```toml\n")[2].partition("```")[0]
    (tree / "wplint.toml").write_text(shown)
    assert configuration_for(str(tree)) == Configuration(
        str(tree.resolve() / "wplint.toml"), "4.16", ("WPL1", "WPL3"), ("WPL203",), "warning"
    )


def test_a_broken_file_is_wrong_usage(run: Callable[..., Run], tree: Path) -> None:
    (tree / "wplint.toml").write_text("nonsense = 1")
    for command in ("lint", "facts", "show"):
        result = run(command, str(tree))
        assert result.status == 2
        assert "nonsense" in result.err


ALL = """\
openshift-version = "4.16"
fail-level = "info"
select = ["WPL2", "profile-coverage-hole"]
ignore = ["WPL201"]
severity.WPL203 = "error"
severity."WPL2" = "info"
baseline = "known/wplint-baseline.toml"
clusters = ["clusters/*", "lab"]
topology.master = "topology/m.json"
topology.worker = "topology/w.json"
rule-paths = ["policy"]

[per-path."lab/**"]
ignore = ["WPL202"]
reason = "a lab, \u00e4 \\u001b"
severity.WPL203 = "info"

[per-path."*.json".severity]
WPL1 = "warning"
"""


def test_every_setting_is_carried(tree: Path) -> None:
    (tree / "wplint.toml").write_text(ALL)
    found = configuration_for(str(tree / "site"))
    assert found == Configuration(
        path=str(tree.resolve() / "wplint.toml"),
        openshift_version="4.16",
        fail_level="info",
        select=("WPL2", "profile-coverage-hole"),
        ignore=("WPL201",),
        severity=(("WPL203", "error"), ("WPL2", "info")),
        baseline="known/wplint-baseline.toml",
        clusters=("clusters/*", "lab"),
        topology=(("master", "topology/m.json"), ("worker", "topology/w.json")),
        rule_paths=("policy",),
        per_path=(
            PathSettings("lab/**", ("WPL202",), (("WPL203", "info"),), "a lab, \u00e4 \x1b"),
            PathSettings("*.json", (), (("WPL1", "warning"),)),
        ),
    )
    assert found.root == str(tree.resolve())
    assert found.place("severity", "WPL203").endswith("wplint.toml:5")
    assert found.place("per-path", "lab/**", "reason").endswith("wplint.toml:15")
    assert found.says("topology", "master")
    assert not found.says("topology", "infra")


def test_a_path_may_not_lead_out_of_the_repository(tree: Path) -> None:
    (tree / "site" / "wplint.toml").write_text("baseline = '../known.toml'\nrule-paths = ['up']")
    (tree / "site" / "up").symlink_to("../..")
    found = configuration_for(str(tree / "site"))
    assert found.baseline is not None
    assert found.resolved(found.baseline, "baseline") == str(tree.resolve() / "known.toml")
    for path in ("../../known.toml", "up", "up/x"):
        with pytest.raises(ConfigurationError, match=r"wplint.toml:2: .* leads out of"):
            found.resolved(path, "rule-paths")


# --- the schema ----------------------------------------------------------------------------------

SCHEMA = json.loads((Path(shipped("schemas")) / "configuration.schema.json").read_text("utf-8"))
CHECKER = jsonschema.Draft202012Validator(SCHEMA)

TEXTS = st.sampled_from(
    [
        "4.16",
        "v4.8.3",
        "5.1",
        "error",
        "info",
        "WPL203",
        "lab/**",
        "../x",
        "a/../b",
        "/etc",
        "~",
        "",
    ]
)
RULE_LEVELS = st.dictionaries(
    st.sampled_from(["WPL203", "a b"]), st.sampled_from(["error", "off"]), max_size=2
)
VALUES = st.one_of(
    TEXTS,
    st.lists(st.one_of(TEXTS, st.just(3)), max_size=2),
    RULE_LEVELS,
    st.booleans(),
    st.dictionaries(
        TEXTS,
        st.one_of(
            TEXTS,
            st.fixed_dictionaries(
                {},
                optional={
                    "ignore": st.lists(TEXTS, max_size=1),
                    "severity": RULE_LEVELS,
                    "reason": st.sampled_from(["why", " ", "x" * 501]),
                    "nonsense": st.just(1),
                },
            ),
        ),
        max_size=2,
    ),
)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml_key(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return toml_string(value) if isinstance(value, str) else json.dumps(value)


def test_the_schema_is_one_and_knows_the_settings_of_the_record() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    own = {"path", "root", "source", "spans"}
    fields = {name for name in Configuration.__slots__ if name not in own}
    assert fields == {setting.attribute for setting in SETTINGS}
    for table, schema in (
        (SETTINGS, SCHEMA),
        (PATH_SETTINGS, SCHEMA["$defs"]["section"]),
    ):
        described = {key: value["description"] for key, value in schema["properties"].items()}
        wanted = {setting.key: setting.what.rstrip(".") for setting in table}
        assert described.keys() == wanted.keys()
        assert all(described[key].startswith(wanted[key]) for key in wanted)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_the_sample_of_a_setting_can_be_used(tree: Path, setting: object) -> None:
    sample = setting.sample  # type: ignore[attr-defined]
    (tree / "wplint.toml").write_text(sample)
    assert configuration_for(str(tree)) != Configuration()
    CHECKER.validate(tomllib.loads(sample))


def test_the_schema_accepts_what_the_reader_accepts(tmp_path: Path) -> None:
    keys = [setting.key for setting in SETTINGS]
    accepted = set()

    @given(st.dictionaries(st.sampled_from([*keys, "nonsense"]), VALUES, max_size=1))
    @tried(400)
    def check(document: dict[str, object]) -> None:
        text = "".join(f"{key} = {toml(value)}\n" for key, value in document.items())
        assert tomllib.loads(text) == document
        (tmp_path / "wplint.toml").write_text(text)
        try:
            configuration_for(str(tmp_path))
        except ConfigurationError:
            assert not CHECKER.is_valid(document), text
        else:
            assert CHECKER.is_valid(document), text
            accepted.update(document)

    check()
    assert accepted == set(keys) if THOROUGH else accepted


@given(st.text())
def test_any_text_can_be_quoted(text: str) -> None:
    line = f"{toml_key(text)} = {toml_string(text)}"
    assert "\n" not in line
    expected = "".join("\ufffd" if 0xD800 <= ord(char) <= 0xDFFF else char for char in text)
    assert tomllib.loads(line) == {expected: expected}


# --- what holds ----------------------------------------------------------------------------------


def test_what_holds_is_shown_with_its_origin(
    run: Callable[..., Run], tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "wplint.toml").write_text(ALL)
    monkeypatch.chdir(tree)
    shown = run("lint", "--show-settings", "--select", "WPL3", "site")
    assert shown.status == 0
    assert 'fail-level = "info"  # wplint.toml:2\n' in shown.out
    assert 'select = ["WPL3"]  # --select\n' in shown.out
    assert '"lab/**".severity.WPL203 = "info"  # wplint.toml:16\n' in shown.out
    assert tomllib.loads(shown.out) == {**tomllib.loads(ALL), "select": ["WPL3"]}


def test_defaults_are_shown_as_such(
    run: Callable[..., Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run("lint", "--show-settings", "--fail-level", "info")
    lines = shown.out.splitlines()
    assert lines[0] == "# configuration file: none"
    assert "# select: every rule (default)" in lines
    assert 'fail-level = "info"  # --fail-level' in lines
    assert len(lines) == len(SETTINGS) + 1
