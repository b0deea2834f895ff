"""Additions: manifests that are put beside others, in the place, naming and style of those.

What they say comes from the render core. How the files are called, whether they begin with a
document marker and how payloads are encoded is taken over from a manifest that is there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from linter.formats import data_url
from linter.records import replace
from linter.render.emit import to_yaml
from linter.sources.text import NewFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linter.facts.manifests import Manifest as Stated
    from linter.render.manifest import Manifest
    from linter.sources.yaml_tree import Node


def new_files(manifests: Iterable[Manifest], like: Stated) -> tuple[NewFile, ...]:
    """Return files for rendered manifests, beside a manifest and in its style."""
    return tuple(new_file(one.file_name, _text(one, like), like, _name(one)) for one in manifests)


def new_file(file_name: str, text: str, like: Stated, name: str = "") -> NewFile:
    """Return a file beside a manifest.

    Args:
        file_name: What it is called upstream.
        text: What it holds, with a document marker at its beginning.
        like: The manifest whose style it takes.
        name: The name of its object, empty where files are not called after it.

    """
    beside = like.root.ref.file
    stem, _, suffix = beside.name.rpartition("/")[2].rpartition(".")
    own, _, _ = file_name.rpartition(".")
    if name and stem == like.name:
        own = name
    elif "_" not in stem:
        own = own.replace("_", "-")
    if not beside.text.startswith("---"):
        text = re.sub(r"(?m)^---\n", "", text, count=1)
    return NewFile(beside, f"{own}.{suffix if suffix in {'yml', 'yaml'} else 'yaml'}", text)


def _name(manifest: Manifest) -> str:
    """Return the name of a manifest's object where its file may be called after it."""
    _, _, name = manifest.identity
    return name if name.replace("-", "_") in manifest.file_name.replace("-", "_") else ""


def _text(manifest: Manifest, like: Stated) -> str:
    """Return the YAML of a manifest, its payloads encoded as those of the other one are."""
    model = _payload(like.root)
    if model is None or model.gzip or manifest.object["kind"] != like.kind:
        return to_yaml(manifest)
    return to_yaml(replace(manifest, object=_encoded(manifest.object, model)))


def _payload(root: Node) -> data_url.Decoded | None:
    """Return the first payload of a MachineConfig; None where it is of no use as a model."""
    for entry in root.at("spec", "config", "storage", "files").elements():
        source = entry.at("contents", "source")
        if source.is_scalar and entry.at("contents", "compression").is_null:
            try:
                decoded = data_url.decode(source.raw.value)
            except data_url.DataUrlError:
                return None
            return decoded if decoded.text is not None and decoded.refusal is None else None
    return None


def _encoded(value: Any, model: data_url.Decoded) -> Any:
    """Return a part of an object with its data URLs written like another one."""
    if isinstance(value, dict):
        return {key: _encoded(inner, model) for key, inner in value.items()}
    if isinstance(value, list):
        return [_encoded(inner, model) for inner in value]
    if isinstance(value, str) and value.startswith("data:"):
        text = data_url.decode(value).text
        return model.encode(text) if text is not None else value
    return value
