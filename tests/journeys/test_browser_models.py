"""In a browser: an administrator promotes, is refused, forces, rolls back and reads the shadow."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.config import GateSettings, RoutingSettings
from models.intent_classifier import KIND
from models.registry import ModelRegistry
from tests.fixtures.browser import Live, running_live
from tests.fixtures.callers import crm_api, widget_api
from tests.fixtures.expectations import eventually
from tests.fixtures.intent_models import Versions, assemble_small
from tests.fixtures.service import build_settings, prepare_service
from tests.journeys.test_browser_accessibility import axe, violations

__all__ = ["axe"]

pytestmark = [pytest.mark.browser, pytest.mark.journey]


@dataclass(frozen=True)
class ModelDesk:
    """A service on real checkpoints and its administrator's page."""

    live: Live
    versions: Versions

    def open(self, language: str = "en") -> Page:
        page = self.live.visit_console("admin", language=language)
        page.locator("nav a[href='/console/models']").click()
        expect(page.locator("table.models tbody tr")).to_have_count(3)
        return page


@pytest.fixture
def model_desk(
    chromium: Browser,
    sqlite_url: str,
    tmp_path: Path,
    trained_models: tuple[Path, Versions],
    small_golden: Path,
) -> Iterator[ModelDesk]:
    root, versions = trained_models
    settings = build_settings(
        tmp_path / "var",
        sqlite_url,
        gate=GateSettings(golden=small_golden, min_macro_f1=0.7, max_ece=0.5),
        routing=RoutingSettings(check_seconds=0.05),
    )
    credentials = prepare_service(settings)
    shutil.copytree(root, settings.var / "models", dirs_exist_ok=True)
    ModelRegistry(settings.var / "models").promote(KIND, versions.live)
    with running_live(chromium, settings, credentials, assemble_small) as live:
        yield ModelDesk(live, versions)


def row(page: Page, version: str) -> str:
    return page.locator(f"table.models tr:has(code:text-is('{version}'))").inner_text()


def act(page: Page, name: str, version: str, *, reason: str = "") -> None:
    """Press the button of a version and confirm, with a reason where one is asked for."""
    page.get_by_role("button", name=f"{name}: {version}").click()
    dialog = page.locator("dialog[open]")
    if reason:
        dialog.locator("textarea").fill(reason)
    dialog.get_by_role("button", name=name).click()


def test_a_promotion_a_refusal_a_forced_one_and_the_way_back(model_desk: ModelDesk) -> None:
    page, versions = model_desk.open(), model_desk.versions
    assert "Live" in row(page, versions.live)

    act(page, "Promote", versions.equal)
    expect(page.locator(".seal.good")).to_have_text(f"{versions.equal} is live.")
    expect(page.locator("tr.live code")).to_have_text(versions.equal)

    model_desk.live.watch.allow("409")
    act(page, "Promote", versions.worse)
    expect(page.locator(".seal.bad")).to_contain_text("The gate refused")
    expect(page.locator("table.gate")).to_contain_text("Not worse than live")
    expect(page.locator("table.gate .mark.bad").first).to_have_text("refused")
    expect(page.locator("tr.live code")).to_have_text(versions.equal)

    act(page, "Promote against the gate", versions.worse, reason="Drill.")
    expect(page.locator("tr.live code")).to_have_text(versions.worse)
    page.get_by_role("button", name="Roll back").click()
    page.locator("dialog[open]").get_by_role("button", name="Roll back").click()
    expect(page.locator("tr.live code")).to_have_text(versions.equal)


def test_a_shadow_is_set_and_its_report_opens_a_conversation(model_desk: ModelDesk) -> None:
    page, versions = model_desk.open(), model_desk.versions
    act(page, "Compare in shadow", versions.worse)
    expect(page.locator(".seal.good")).to_contain_text("is compared now")
    service = model_desk.live.service
    eventually(lambda: service.parts.shadow.version == versions.worse)
    crm_api(service).post("/v1/route/batch", {"texts": ["balance of account number 7"] * 5})
    visitor = widget_api(service)
    visitor.say(visitor.open_conversation(), "lost my card number 3")
    assert service.parts.shadow.wait_until_idle()

    page.reload()
    report = page.locator("section[aria-labelledby=shadow-title]")
    expect(report).to_contain_text("0.0%")
    expect(report).to_contain_text("n = 6")
    expect(report).to_contain_text("Card lost")
    report.locator("a").first.click()
    expect(page.locator(".talk .log")).to_contain_text("lost my card number 3")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_accessible_in_both_languages(
    model_desk: ModelDesk, axe: str, language: str
) -> None:
    page = model_desk.open(language)
    page.get_by_role("button", name=model_desk.versions.live).first.click()
    expect(page.locator(".model-facts")).to_be_visible()
    assert violations(page, axe) == []
    page.locator("table.models .acts button").first.click()
    expect(page.locator("dialog[open]")).to_be_visible()
    assert violations(page, axe) == []


def test_an_agent_is_not_offered_the_models(model_desk: ModelDesk) -> None:
    page = model_desk.live.visit_console("agent")
    expect(page.locator("nav a[href='/console/queue']")).to_be_visible()
    expect(page.locator("nav a[href='/console/models']")).to_have_count(0)
