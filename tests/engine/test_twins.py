"""A cluster is composed and judged only if none was judged that is like it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from linter.engine import alone
from linter.engine.alone import verdict_alone
from linter.engine.judging import Judge
from linter.sources.candidates import Candidate
from linter.sources.reading import read
from linter.sources.scopes import Scope

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """\
apiVersion: v1
baseDomain: example.com
controlPlane:
  name: master
  replicas: {replicas}
metadata:
  name: {name}
{more}
"""


def scope(root: Path, name: str, replicas: str, more: str = "") -> Scope:
    """Write an installer directory."""
    file = root / name / "install-config.yaml"
    file.parent.mkdir()
    file.write_text(CONFIG.format(name=name, replicas=replicas, more=more))
    return Scope(name, f"{name}/", (Candidate(str(file), f"{name}/{file.name}"),), installer=True)


def test_one_of_those_that_look_alike_is_composed(tmp_path: Path) -> None:
    odd = "# the same, said in other words"
    scopes = [scope(tmp_path, f"site-{n}", "3") for n in range(3)]
    scopes += [scope(tmp_path, f"odd-{n}", "3", odd) for n in range(3)]
    scopes += [scope(tmp_path, f"less-{n}", "1") for n in range(3)]
    judge = Judge(())
    with mock.patch.object(alone, "load_file", wraps=alone.load_file) as load:
        verdicts = [verdict_alone(one, read, judge) for one in scopes]
    assert [call.args[0].name.partition("/")[0] for call in load.call_args_list] == [
        "site-0",
        "odd-0",
        "less-0",
    ]
    assert [one.cluster.name for one in verdicts if one.cluster] == [one.name for one in scopes]
