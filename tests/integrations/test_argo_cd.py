"""The hook for Argo CD: its job, on its ConfigMap as the kubelet mounts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from builders import infrastructure, profile
from integration_pages import page
from scratch_repository import drop_in
from simulated_services import PROJECT

from linter.cli import main

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = PROJECT / "integrations" / "argo-cd"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
JOB = yaml.safe_load((FOLDER / "wplint-pre-sync.yaml").read_text())


def mounted(tmp_path: Path, pinned: str) -> Path:
    """Return the ConfigMap of the kustomization as a volume: links to the files of a version."""
    texts = {
        "profile.yaml": profile("0-3", "4-7") + "---\n" + infrastructure(),
        "machine-config.yaml": drop_in(pinned),
    }
    volume = tmp_path / "manifests"
    version = volume / "..2026_01_02_03_04_05.678"
    version.mkdir(parents=True)
    (volume / "..data").symlink_to(version.name)
    (generator,) = KUSTOMIZATION["configMapGenerator"]
    for name in generator["files"]:
        (version / name).write_text(texts[name])
        (volume / name).symlink_to(f"..data/{name}")
    return volume


def pod() -> dict[str, Any]:
    """Return the template of the job's pod."""
    return JOB["spec"]["template"]["spec"]


@pytest.mark.parametrize(("pinned", "status"), [("0-2", 1), ("0-3", 0)])
def test_the_job_fails_on_broken_manifests_and_passes_on_repaired_ones(
    pinned: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (container,) = pod()["containers"]
    (mount,) = container["volumeMounts"]
    volume = mounted(tmp_path, pinned)
    words = [word.replace(mount["mountPath"], str(volume)) for word in container["args"]]
    assert str(volume) in words
    assert main(words) == status
    out, err = capsys.readouterr()
    assert ("error[WPL301]" in out) is bool(status)
    assert "2 files read of 2 found" in err


def test_a_manifest_that_cannot_be_read_fails_the_job(tmp_path: Path) -> None:
    volume = mounted(tmp_path, "0-3")
    (volume / "profile.yaml").unlink()
    (volume / "profile.yaml").write_text("kind: PerformanceProfile\nspec: {{ x }\n")
    args = pod()["containers"][0]["args"]
    assert main([word.replace("/manifests", str(volume)) for word in args]) == 1


def test_what_is_checked_is_what_is_applied_and_comes_first() -> None:
    (generator,) = KUSTOMIZATION["configMapGenerator"]
    assert set(generator["files"]) == set(KUSTOMIZATION["resources"]) - {"wplint-pre-sync.yaml"}
    hook = "argocd.argoproj.io/hook"
    assert JOB["metadata"]["annotations"][hook] == "PreSync"
    assert generator["options"]["annotations"][hook] == "PreSync"
    assert int(generator["options"]["annotations"]["argocd.argoproj.io/sync-wave"]) < 0
    (volume,) = pod()["volumes"]
    assert volume["configMap"]["name"] == generator["name"]
    assert generator["options"]["disableNameSuffixHash"] is True


def test_the_job_needs_no_privilege() -> None:
    (container,) = pod()["containers"]
    assert pod()["securityContext"]["runAsNonRoot"] is True
    assert pod()["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert JOB["spec"]["backoffLimit"] == 0
    assert pod()["restartPolicy"] == "Never"


def test_the_page_names_the_files() -> None:
    for path in FOLDER.iterdir():
        assert f"`{path.name}`" in page("argo-cd")
