"""What a cluster gets from each overlay: consistent with itself, with the Dockerfile and with the application."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml  # type: ignore[import-untyped]  # no types-PyYAML among the locked tools

from api.application import create_app
from api.cli import main
from api.settings import Settings
from pricing import __version__
from tests.deploy.dockerfile import Stage
from tests.deploy.files import ROOT
from tests.deploy.overlays import OverlayError, Resource, key, render, write

Rendered = dict[str, list[Resource]]
OVERLAY_NAMES = ("embedded", "production")
SERVICE = ("Deployment", "rielquote")
MIGRATION = ("Job", "rielquote-migration")


def find(resources: list[Resource], wanted: tuple[str, str]) -> Resource:
    """The resource of that kind and name."""
    (found,) = [resource for resource in resources if key(resource) == wanted]
    return found


def pods(resources: list[Resource]) -> dict[tuple[str, str], Resource]:
    """Every pod template, by the resource that has it."""
    return {
        key(resource): resource["spec"]["template"] for resource in resources if "template" in resource.get("spec", {})
    }


def container(pod: Resource) -> Resource:
    """A pod's only container."""
    (only,) = pod["spec"]["containers"]
    assert not pod["spec"].keys() & {"initContainers", "ephemeralContainers"}
    return dict(only)


def service_container(resources: list[Resource]) -> Resource:
    """The container of the service."""
    return container(find(resources, SERVICE)["spec"]["template"])


def variable(of: Resource, name: str) -> Resource:
    """A container's environment variable."""
    (found,) = [each for each in of["env"] if each["name"] == name]
    return dict(found)


def test_there_are_two_overlays_with_what_each_is_for(rendered: Rendered) -> None:
    kinds = {name: sorted(kind for kind, _ in map(key, resources)) for name, resources in rendered.items()}
    shared = ["Deployment", "Namespace", "NetworkPolicy", "Service", "ServiceAccount"]
    assert kinds == {
        "embedded": sorted([*shared, "PersistentVolumeClaim"]),
        "production": sorted([*shared, "HorizontalPodAutoscaler", "Job", "NetworkPolicy", "PodDisruptionBudget"]),
    }


@pytest.mark.parametrize(
    "patch",
    [
        {"op": "replace", "path": "/spec/replicas", "value": 2},  # there is none
        {"op": "add", "path": "/spec/strategy", "value": {}},  # there is one
        {"op": "add", "path": "/spec/template/spec/containers/1/env", "value": []},
        {"op": "remove", "path": "/spec/template/spec/hostNetwork"},
    ],
)
def test_a_patch_that_does_not_fit_is_an_error(patch: Resource, tmp_path: Path) -> None:
    write(
        [
            {
                "kind": "Deployment",
                "metadata": {"name": "x"},
                "spec": {"strategy": {}, "template": {"spec": {"containers": [{}]}}},
            }
        ],
        tmp_path / "x.yaml",
    )
    patches = [{"target": {"kind": "Deployment", "name": "x"}, "patch": yaml.safe_dump([patch])}]
    write([{"resources": ["x.yaml"], "patches": patches}], tmp_path / "kustomization.yaml")
    with pytest.raises(OverlayError, match="does not fit"):
        render(tmp_path)


def test_a_patch_without_target_is_an_error(tmp_path: Path) -> None:
    patches = [{"target": {"kind": "Deployment", "name": "y"}, "patch": "[]"}]
    write([{"resources": [], "patches": patches}], tmp_path / "kustomization.yaml")
    with pytest.raises(OverlayError, match="nothing to patch"):
        render(tmp_path)


def test_everything_is_in_the_namespace_that_admits_only_restricted_pods(rendered: Rendered) -> None:
    for resources in rendered.values():
        namespace = find(resources, ("Namespace", "rielquote"))
        for mode in ("enforce", "audit", "warn"):
            assert namespace["metadata"]["labels"][f"pod-security.kubernetes.io/{mode}"] == "restricted"
        for resource in resources:
            if resource is not namespace:
                assert resource["metadata"]["namespace"] == "rielquote", key(resource)


def test_every_pod_meets_the_restricted_standard_and_more(rendered: Rendered, image: Stage) -> None:
    user, group = (int(number) for number in image.one("USER").text.split(":"))
    for resources in rendered.values():
        for pod in pods(resources).values():
            spec = pod["spec"]
            assert spec["securityContext"] | {"fsGroup": group, "fsGroupChangePolicy": "OnRootMismatch"} == {
                "runAsNonRoot": True,
                "runAsUser": user,
                "runAsGroup": group,
                "fsGroup": group,
                "fsGroupChangePolicy": "OnRootMismatch",
                "seccompProfile": {"type": "RuntimeDefault"},
            }
            assert container(pod)["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert not spec.keys() & {"hostNetwork", "hostPID", "hostIPC", "hostUsers"}
            assert all(volume.keys() & {"emptyDir", "persistentVolumeClaim"} for volume in spec["volumes"])
            assert spec["automountServiceAccountToken"] is False
            account = find(resources, ("ServiceAccount", spec["serviceAccountName"]))
            assert account["automountServiceAccountToken"] is False


def test_every_pod_runs_this_version_of_the_image_with_bounded_resources(rendered: Rendered) -> None:
    for resources in rendered.values():
        for pod in pods(resources).values():
            assert container(pod)["image"] == f"rielquote:{__version__}"
            resources_ = container(pod)["resources"]
            assert (
                resources_["requests"].keys() == resources_["limits"].keys() == {"cpu", "memory", "ephemeral-storage"}
            )


def test_what_all_its_processes_may_take_fits_the_memory_of_a_pod(rendered: Rendered) -> None:
    units = {"Mi": 1 << 20, "Gi": 1 << 30}
    for resources in rendered.values():
        served = service_container(resources)
        limit = served["resources"]["limits"]["memory"]
        roll, heavy = (int(variable(served, f"RIELQUOTE_{kind}_WORKER_BYTES")["value"]) for kind in ("ROLL", "HEAVY"))
        settings = Settings(roll_worker_bytes=roll, heavy_worker_bytes=heavy)
        workers = settings.roll_workers * roll + settings.heavy_workers * heavy
        assert workers + 384 * units["Mi"] <= int(limit[:-2]) * units[limit[-2:]]


def test_probes_ask_paths_that_the_application_has(rendered: Rendered) -> None:
    paths = create_app().openapi()["paths"]
    for resources in rendered.values():
        served = service_container(resources)
        asked = {name: served[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
        assert {name: get["path"] for name, get in asked.items()} == {
            "startup": "/readyz",
            "liveness": "/livez",
            "readiness": "/readyz",
        }
        for get in asked.values():
            assert "get" in paths[get["path"]]
            assert get["port"] == "http"


def test_one_port_from_the_image_to_the_service(rendered: Rendered, image: Stage) -> None:
    port = int(image.one("EXPOSE").text)
    for resources in rendered.values():
        assert service_container(resources)["ports"] == [{"name": "http", "containerPort": port}]
        (service_port,) = find(resources, ("Service", "rielquote"))["spec"]["ports"]
        assert service_port["targetPort"] == "http"
        (rule,) = find(resources, ("NetworkPolicy", "rielquote"))["spec"]["ingress"]
        assert rule == {"ports": [{"protocol": "TCP", "port": port}]}


def test_every_variable_is_a_setting(rendered: Rendered, image: Stage) -> None:
    prefix = Settings.model_config["env_prefix"]
    settings = {f"{prefix}{field}".upper() for field in Settings.model_fields}
    names = {name for name in image.env if name.startswith(prefix)}
    for resources in rendered.values():
        for pod in pods(resources).values():
            assert pod["spec"]["enableServiceLinks"] is False, f"the cluster would add {prefix}… variables of its own"
            names |= {variable["name"] for variable in container(pod).get("env", [])}
    assert names
    assert names <= settings


def test_a_pod_has_time_for_its_last_requests(rendered: Rendered, image: Stage) -> None:
    own = Settings.model_fields["shutdown_seconds"].default
    assert "RIELQUOTE_SHUTDOWN_SECONDS" not in image.env
    for resources in rendered.values():
        spec = find(resources, SERVICE)["spec"]["template"]["spec"]
        served = service_container(resources)
        assert "RIELQUOTE_SHUTDOWN_SECONDS" not in {variable["name"] for variable in served["env"]}
        assert served["lifecycle"].keys() == {"preStop"}
        before = served["lifecycle"]["preStop"]["sleep"]["seconds"]  # the native one: the image needs no shell
        readiness = served["readinessProbe"]
        assert before >= readiness["periodSeconds"] >= 1
        assert spec["terminationGracePeriodSeconds"] >= before + own + 5


def test_selectors_select_the_service(rendered: Rendered) -> None:
    for resources in rendered.values():
        deployment = find(resources, SERVICE)["spec"]
        labels = deployment["template"]["metadata"]["labels"]
        selectors = [
            deployment["selector"]["matchLabels"],
            find(resources, ("Service", "rielquote"))["spec"]["selector"],
        ]
        selectors += [
            spread["labelSelector"]["matchLabels"]
            for spread in deployment["template"]["spec"]["topologySpreadConstraints"]
        ]
        selectors += [
            resource["spec"]["selector"]["matchLabels"]
            for resource in resources
            if resource["kind"] == "PodDisruptionBudget"
        ]
        assert all(selector == labels for selector in selectors)
        for other, pod in pods(resources).items():
            assert other == SERVICE or pod["metadata"]["labels"] != labels


def test_pods_spread_over_zones_and_nodes(rendered: Rendered) -> None:
    for resources in rendered.values():
        spread = find(resources, SERVICE)["spec"]["template"]["spec"]["topologySpreadConstraints"]
        keys = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]
        assert [constraint["topologyKey"] for constraint in spread] == keys


def _allowed(resources: list[Resource], labels: Resource, direction: str) -> list[Resource]:
    """The rules that all policies together give a pod in one direction; with no policy there would be no limit."""
    policies = [
        resource["spec"]
        for resource in resources
        if resource["kind"] == "NetworkPolicy"
        and resource["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    ]
    assert any(direction in policy["policyTypes"] for policy in policies)
    return [rule for policy in policies for rule in policy.get(direction.lower(), [])]


def _ports(rules: list[Resource]) -> set[tuple[str, int]]:
    assert all(rule.get("ports") for rule in rules), "a rule without ports allows all of them"
    return {(port["protocol"], port["port"]) for rule in rules for port in rule["ports"]}


def test_pods_reach_and_are_reached_by_what_they_need_alone(rendered: Rendered) -> None:
    found = {
        (overlay, owner[1], direction): _ports(_allowed(resources, pod["metadata"]["labels"], direction))
        for overlay, resources in rendered.items()
        for owner, pod in pods(resources).items()
        for direction in ("Ingress", "Egress")
    }
    names_and_postgresql = {("UDP", 53), ("TCP", 53), ("TCP", 5432)}
    assert found == {
        ("embedded", "rielquote", "Ingress"): {("TCP", 8000)},
        ("embedded", "rielquote", "Egress"): set(),
        ("production", "rielquote", "Ingress"): {("TCP", 8000)},
        ("production", "rielquote", "Egress"): names_and_postgresql,
        ("production", "rielquote-migration", "Ingress"): set(),
        ("production", "rielquote-migration", "Egress"): names_and_postgresql,
    }


def test_the_embedded_store_has_one_writer_and_a_volume(rendered: Rendered, image: Stage) -> None:
    resources = rendered["embedded"]
    deployment = find(resources, SERVICE)["spec"]
    assert deployment["replicas"] == 1
    assert deployment["strategy"] == {"type": "Recreate"}
    served = service_container(resources)
    url = variable(served, "RIELQUOTE_DATABASE_URL")["value"]
    assert url == image.env["RIELQUOTE_DATABASE_URL"]
    folder = Path(url.removeprefix("sqlite:///")).parent
    (mount,) = [mount["name"] for mount in served["volumeMounts"] if mount["mountPath"] == str(folder)]
    (claim,) = [volume for volume in deployment["template"]["spec"]["volumes"] if volume["name"] == mount]
    find(resources, ("PersistentVolumeClaim", claim["persistentVolumeClaim"]["claimName"]))
    assert image.one("VOLUME").exec_form == [str(folder)]


def test_production_scales_and_survives_a_drain(rendered: Rendered) -> None:
    resources = rendered["production"]
    deployment = find(resources, SERVICE)
    assert "replicas" not in deployment["spec"], "the autoscaler says how many"
    assert deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    scaler = find(resources, ("HorizontalPodAutoscaler", "rielquote"))["spec"]
    target = scaler["scaleTargetRef"]
    assert (target["apiVersion"], target["kind"], target["name"]) == (deployment["apiVersion"], *SERVICE)
    assert scaler["maxReplicas"] > scaler["minReplicas"] >= 2
    (metric,) = scaler["metrics"]
    assert metric["resource"]["name"] == "cpu"
    budget = find(resources, ("PodDisruptionBudget", "rielquote"))["spec"]
    assert 1 <= budget["maxUnavailable"] < scaler["minReplicas"]


def test_the_migration_runs_a_command_that_there_is_on_the_store_of_the_service(rendered: Rendered) -> None:
    resources = rendered["production"]
    migration = container(find(resources, MIGRATION)["spec"]["template"])
    program, *words = migration["command"]
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert scripts[program] == "api.cli:main"
    command: Any = typer.main.get_command(main)
    for word in words:
        command = command.commands[word]
    assert not hasattr(command, "commands"), f"{words} is a group of commands"
    assert migration["env"] == [variable(service_container(resources), "RIELQUOTE_DATABASE_URL")]


def test_the_database_is_in_a_secret_that_is_not_here(rendered: Rendered) -> None:
    assert variable(service_container(rendered["production"]), "RIELQUOTE_DATABASE_URL") == {
        "name": "RIELQUOTE_DATABASE_URL",
        "valueFrom": {"secretKeyRef": {"name": "rielquote-database", "key": "url"}},
    }
    assert "Secret" not in {kind for resources in rendered.values() for kind, _ in map(key, resources)}
    for path in (ROOT / "k8s").rglob("*.yaml"):
        assert not re.search(r"postgres\w*(\+\w+)?://", path.read_text(encoding="utf-8")), path
