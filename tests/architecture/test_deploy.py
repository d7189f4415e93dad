"""deploy/: what Prometheus and Grafana ask for is what the service declares."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "switchboard.json"
ALERTS = DEPLOY / "prometheus" / "alerts.yml"


def declared_metrics() -> set[str]:
    """Every metric name written in app/monitoring, counters and collectors alike."""
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "app/monitoring").glob("*.py"))
    pattern = r'"switchboard_([a-z_]+)"|_labelled\(\s*"([a-z_]+)"'
    found = (pair for source in sources for pair in re.findall(pattern, source))
    return {f"switchboard_{whole or short}" for whole, short in found}


def asked_for(path: Path) -> set[str]:
    """Metric names in a file, without the suffixes that a histogram adds."""
    names = re.findall(r"\bswitchboard_[a-z_]+", path.read_text(encoding="utf-8"))
    return {re.sub(r"(?<=_seconds)_(bucket|count|sum)$", "", name) for name in names}


@pytest.mark.parametrize("path", [ALERTS, DASHBOARD], ids=lambda path: path.name)
def test_only_declared_metrics_are_asked_for(path: Path) -> None:
    assert asked_for(path) - declared_metrics() == set()


def test_every_alert_tells_people_what_to_do() -> None:
    rules = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"][0]["rules"]
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
        assert rule["annotations"].keys() == {"summary", "description"}, rule["alert"]


def test_panels_have_titles_and_queries() -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["title"] and panel["targets"] for panel in panels)


def test_prometheus_reads_the_alerts() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text(encoding="utf-8"))
    assert config["rule_files"] == [ALERTS.name]
