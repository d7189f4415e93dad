"""In a browser: axe finds no violation on any page, in either language."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.fixtures.browser import WEB, Live, open_widget
from tests.fixtures.databases import skip_or_fail

pytestmark = [pytest.mark.browser, pytest.mark.journey]
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
# each frame by itself: across frames axe would log its own errors
RUN = """async () => {
  const found = await axe.run(document, { iframes: false });
  return found.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html).join(" | "));
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        skip_or_fail("no axe-core: run `npm ci` in web/")
    return Path(AXE).read_text(encoding="utf-8")


def violations(target: Page | Frame, axe: str) -> list[str]:
    target.evaluate(axe)
    found: Any = target.evaluate(RUN)
    return [str(item) for item in found]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_bank_page_and_the_chat(live: Live, axe: str, language: str) -> None:
    page = live.visit("/demo", language=language)
    label = {"en": "Open customer service chat", "zh": "打开客服对话"}[language]
    widget = open_widget(page, label)
    widget.say({"en": "How do I activate my card?", "zh": "怎样激活新卡？"}[language])
    widget.log.locator("details.sources summary").click()
    assert violations(page, axe) == []
    assert violations(page.frames[1], axe) == []


def test_the_code_form(live: Live, axe: str, customer_page: Any) -> None:
    widget = customer_page("Emma Byrne")
    widget.say("What is my balance?")
    expect(widget.frame.get_by_label("Six-digit code")).to_be_visible()
    assert violations(widget.page, axe) == []
    assert violations(widget.page.frames[1], axe) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_console(live: Live, axe: str, language: str) -> None:
    widget = open_widget(live.visit("/demo"))
    widget.say("How do I activate my card?")
    widget.frame.get_by_role("button", name="Talk to a person").click()
    console = live.visit("/console", language=language)
    expect(console.locator("form")).to_be_visible()
    assert violations(console, axe) == []
    console = live.visit_console("admin", language=language)
    expect(console.locator(".list .item")).to_have_count(1)
    assert violations(console, axe) == []
    console.locator(".list .item").click()
    console.locator(".solid.lit").click()
    expect(console.locator(".candidates").first).to_be_visible()
    expect(console.locator(".composer textarea")).to_be_enabled()
    assert violations(console, axe) == []
    for view, sight in (("analytics", ".figures"), ("audit", "table.audit"), ("all", ".item")):
        console.locator(f"nav a[href='/console/{view}']").click()
        expect(console.locator(sight).first).to_be_visible()
        assert violations(console, axe) == []
