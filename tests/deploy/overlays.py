"""Renders an overlay, so that the tests look at what a cluster gets.

kustomize is no Python package, so this is the part of it that k8s/ uses: resources, JSON patches (RFC 6902) and
deletions. Where kustomize is lenient this is not: a patch whose target or field does not exist is an error, not
silence. Where kubectl is at hand, test_manifests.py compares the two.
"""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]  # no types-PyYAML among the locked tools

Resource = dict[str, Any]


class OverlayError(Exception):
    """A kustomization that does not fit its resources, or uses what is not supported here."""


def read(path: Path) -> list[Resource]:
    """The documents of a YAML file."""
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def write(resources: list[Resource], path: Path) -> None:
    """Write resources to a YAML file."""
    path.write_text(yaml.safe_dump_all(resources, sort_keys=False), encoding="utf-8")


def render(folder: Path) -> list[Resource]:
    """The resources of a kustomization."""
    (kustomization,) = read(folder / "kustomization.yaml")
    unknown = kustomization.keys() - {"apiVersion", "kind", "resources", "patches"}
    if unknown:
        raise OverlayError(f"{folder.name}: {sorted(unknown)} are not rendered here")
    resources: list[Resource] = []
    for name in kustomization["resources"]:
        path = folder / name
        resources += render(path) if path.is_dir() else read(path)
    keys = [key(resource) for resource in resources]
    if len(keys) != len(set(keys)):
        raise OverlayError(f"{folder.name}: a resource is there twice: {sorted(keys)}")
    for patch in kustomization.get("patches", []):
        resources = _patched(resources, **patch)
    return resources


def key(resource: Resource) -> tuple[str, str]:
    """What tells resources apart: kind and name; all have the same namespace, which a test checks."""
    return resource["kind"], resource["metadata"]["name"]


def _patched(resources: list[Resource], patch: str, target: Resource | None = None) -> list[Resource]:
    content = yaml.safe_load(patch)
    if target is None:
        if content.get("$patch") != "delete":
            raise OverlayError("a patch without target is a deletion")
        wanted = key(content)
    else:
        wanted = (target["kind"], target["name"])
    if wanted not in [key(resource) for resource in resources]:
        raise OverlayError(f"nothing to patch: no {wanted}")
    if target is None:
        return [resource for resource in resources if key(resource) != wanted]
    return [_changed(resource, content) if key(resource) == wanted else resource for resource in resources]


def _changed(resource: Resource, operations: list[dict[str, Any]]) -> Resource:
    resource = deepcopy(resource)
    for operation in operations:
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        place: Any = resource
        try:
            for part in parents:
                place = place[int(part) if isinstance(place, list) else part]
            _OPERATIONS[operation["op"]](place, last, operation.get("value"))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise OverlayError(f"{operation['op']} {operation['path']} does not fit {key(resource)}") from error
    return resource


def _add(place: Any, name: str, value: Any) -> None:
    if isinstance(place, list):
        place.insert(len(place) if name == "-" else int(name), value)
    elif name in place:
        raise KeyError(name)  # RFC 6902 would overwrite: that is what "replace" says
    else:
        place[name] = value


def _replace(place: Any, name: str, value: Any) -> None:
    index = int(name) if isinstance(place, list) else name
    place[index]  # raises where there is nothing
    place[index] = value


def _remove(place: Any, name: str, _value: Any) -> None:
    del place[int(name) if isinstance(place, list) else name]


_OPERATIONS: dict[str, Callable[[Any, str, Any], None]] = {"add": _add, "replace": _replace, "remove": _remove}
