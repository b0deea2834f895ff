"""What README.md shows of the program, made anew: the table of rules and the output of commands.

``python tests/packaging/readme.py`` writes it into README.md, and the pages of ``docs/rules/`` and
the index of the rules.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

from wheel_contents import PROJECT

README = PROJECT / "README.md"
DOCUMENTS = PROJECT / "docs" / "rules"
INDEX = PROJECT / "rules" / "_index.py"
START = "import sys; from linter.cli import main; sys.exit(main())"

_TABLE = re.compile(r"(<!-- rules -->\n).*?(<!-- /rules -->\n)", re.DOTALL)
_CONSOLE = re.compile(r"(^```console\n)(.*?)(^```\n)", re.DOTALL | re.MULTILINE)
_SHELL = re.compile(r"^```sh\n(.*?)^```\n", re.DOTALL | re.MULTILINE)


def shell_blocks(text: str) -> list[str]:
    """Return the commands that a reader copies, in order."""
    return _SHELL.findall(text)


def refreshed(text: str) -> str:
    """Return README's text with its table of rules and all output of commands made anew."""
    text = _TABLE.sub(lambda found: found[1] + rule_table() + found[2], text)
    return _CONSOLE.sub(lambda found: found[1] + _session(found[2]) + found[3], text)


def rule_table() -> str:
    """Return the rules as a Markdown table."""
    from linter.engine.loader import load_rules

    rows = ["| Code | Rule | Severity | What holds |", "|---|---|---|---|"]
    for rule in load_rules():
        summary = rule.summary.replace("|", "\\|")
        page = f"docs/rules/{rule.code}.md"
        rows.append(f"| {rule.code} | [{rule.name}]({page}) | {rule.severity.value} | {summary} |")
    return "\n".join(rows) + "\n"


def rule_documents() -> dict[str, str]:
    """Return the pages of ``docs/rules/`` by their names."""
    from linter.engine.loader import load_rules
    from linter.engine.pages import page_for
    from linter.report.rule_markdown import documentation

    return dict(documentation([(rule, page_for(rule)) for rule in load_rules()], "docs/rules/"))


def index() -> str:
    """Return the index of the rules."""
    from linter.engine.loader import load_rules
    from linter.engine.shipped import index_text

    return index_text(load_rules())


def _session(shown: str) -> str:
    """Run the commands of a console block; return them with what they print."""
    lines = [line for line in shown.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{_printed(line.removeprefix('$ '))}" for line in lines)


def _printed(command: str) -> str:
    """Return what a command prints to a pipe: the document, then the summary."""
    program, *arguments = shlex.split(command)
    if program != "wplint":
        raise ValueError(f"README may show what wplint prints, not what {program} does")
    dropped = {"COLUMNS", "FORCE_COLOR", "NO_COLOR"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    done = subprocess.run(
        [sys.executable, "-c", START, *arguments],
        cwd=PROJECT,
        env={**kept, "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    return (done.stdout + done.stderr).decode()


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    INDEX.write_text(index(), "utf-8")
    README.write_text(refreshed(README.read_text("utf-8")), "utf-8")
    documents = rule_documents()
    for stale in {path.name for path in DOCUMENTS.glob("*")} - documents.keys():
        (DOCUMENTS / stale).unlink()
    DOCUMENTS.mkdir(exist_ok=True)
    for name, text in documents.items():
        (DOCUMENTS / name).write_text(text, "utf-8")
