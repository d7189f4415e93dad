"""docker-compose.yml: true to the Compose Specification, to our settings and to good habits."""

import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app.config import Settings
from scripts.generate import ENV_EXAMPLE, env_names

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
TEST_SERVICES = ROOT / "deploy" / "test-services.yml"
ONE_SHOT = {"migrate", "learn"}
WORKERS = {"worker", "generation-worker"}
EXPECTED = {
    "service", "worker", "generation-worker", "postgres", "redis", "minio", "prometheus", "grafana",
}  # fmt: skip


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = compose["services"]
    return found


@pytest.mark.parametrize("path", [COMPOSE, TEST_SERVICES], ids=lambda path: path.name)
def test_file_follows_the_compose_specification(path: Path) -> None:
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "compose-spec.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), schema)


def test_schema_refuses_a_misspelt_key(compose: dict[str, Any]) -> None:
    folder = resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((folder / "compose-spec.json").read_text(encoding="utf-8"))
    broken = {**compose, "services": {"service": {"image": "x", "comand": ["serve"]}}}
    with pytest.raises(jsonschema.ValidationError, match="comand"):
        jsonschema.validate(broken, schema)


def test_docker_compose_accepts_the_file() -> None:
    if shutil.which("docker") is None:
        pytest.skip("docker is not installed")
    version = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    if version.returncode != 0:
        pytest.skip("this docker has no compose plugin")
    environment = dict.fromkeys(required_variables(), "x" * 40) | {
        "PATH": "/usr/bin:/usr/local/bin:/bin"
    }
    command = ["docker", "compose", "-f", str(COMPOSE), "--profile", "*", "config", "--quiet"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr


def test_every_part_of_the_system_is_there(services: dict[str, Any]) -> None:
    assert set(services) >= EXPECTED


def test_generation_worker_reserves_a_gpu(services: dict[str, Any]) -> None:
    devices = services["generation-worker"]["deploy"]["resources"]["reservations"]["devices"]
    assert devices == [{"driver": "nvidia", "count": 1, "capabilities": ["gpu"]}]


def test_every_setting_named_exists(services: dict[str, Any]) -> None:
    known = {name for name, _ in env_names(Settings)}
    named = {
        name
        for service in services.values()
        for name in service.get("environment", {})
        if name.startswith("SWITCHBOARD_") and service.get("image", "").startswith("switchboard:")
    }
    assert named <= known


def test_every_variable_is_explained(services: dict[str, Any]) -> None:
    explained = set(
        re.findall(r"^#([A-Z_0-9]+)=", ENV_EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    used = set(re.findall(r"\$\{([A-Z_0-9]+)", COMPOSE.read_text(encoding="utf-8")))
    assert used <= explained


def test_no_secret_has_a_value_or_a_default(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for key, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|_KEY$|AUTH", key) and key != "FSSPEC_S3_KEY":
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), f"{name}: {key}"


def test_long_running_services_are_checked(services: dict[str, Any]) -> None:
    unchecked = {
        name
        for name, service in services.items()
        if "healthcheck" not in service and "build" not in service
    }
    disabled = {
        name for name, service in services.items() if service.get("healthcheck", {}).get("disable")
    }
    assert unchecked == set()
    assert disabled == ONE_SHOT | WORKERS


def test_every_container_is_confined(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_images_are_pinned(services: dict[str, Any]) -> None:
    for name, service in services.items():
        tag = service["image"].partition(":")[2]
        assert tag, f"{name} has no tag"
        assert tag != "latest", name


def test_stores_are_not_published(services: dict[str, Any]) -> None:
    for name in ("postgres", "redis", "minio"):
        assert "ports" not in services[name]
        assert services[name]["networks"] == ["data"]


def test_volumes_are_declared(compose: dict[str, Any]) -> None:
    used = {
        volume.partition(":")[0]
        for service in compose["services"].values()
        for volume in service.get("volumes", ())
        if not volume.startswith(".")
    }
    assert used == set(compose["volumes"])


def test_mounted_files_exist(services: dict[str, Any]) -> None:
    for service in services.values():
        for volume in service.get("volumes", ()):
            if volume.startswith("./"):
                assert (ROOT / volume.partition(":")[0]).exists(), volume


def test_build_targets_exist(services: dict[str, Any]) -> None:
    stages = re.findall(
        r"^FROM \S+ AS (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    targets = {service["build"]["target"] for service in services.values() if "build" in service}
    assert targets == {"cpu", "gpu"}
    assert targets <= set(stages)


def required_variables() -> set[str]:
    return set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text(encoding="utf-8")))
