"""In a browser: an administrator has fairness measured and reads what was found."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.fairness import tasks
from routing.fairness import Seed, check
from tests.fixtures.browser import WEB, Live
from tests.fixtures.databases import skip_or_fail

pytestmark = [pytest.mark.browser, pytest.mark.journey]
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
RUN = "async () => (await axe.run(document)).violations.map((v) => v.id)"
SEEDS = [
    Seed("What is my balance?", "balance_inquiry", "en"),
    Seed("I have lost my card", "card_lost", "en"),
    Seed("查一下余额", "balance_inquiry", "zh"),
]


@pytest.mark.parametrize(
    ("language", "measure", "who", "sentence"),
    [
        ("en", "Measure now", "Who writes", "None of 2 messages took another route"),
        ("zh", "立即测量", "谁在写", "2 条消息的去向都没有改变"),
    ],
)
def test_a_run_is_measured_and_read(
    live: Live,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    measure: str,
    who: str,
    sentence: str,
) -> None:
    if not AXE.exists():
        skip_or_fail("no axe-core: run `npm ci` in web/")
    monkeypatch.setattr(tasks, "check", lambda judge: check(judge, seeds=SEEDS))
    console = live.visit_console("admin", language=language)
    console.locator("nav a[href='/console/fairness']").click()
    expect(console.locator(".fairness .empty").first).to_be_visible()

    console.get_by_role("button", name=measure).click()
    expect(console.locator(".seal")).to_be_visible(timeout=30_000)
    family = console.locator(".family").filter(has_text=who)
    family.locator("summary").click()
    expect(family.locator("tbody tr").first).to_contain_text(sentence)
    expect(console.locator(".fairness table").last).to_contain_text("fixed")

    console.evaluate(Path(AXE).read_text(encoding="utf-8"))
    assert console.evaluate(RUN) == []


def test_an_agent_is_not_offered_the_page(live: Live) -> None:
    console = live.visit_console("agent")
    expect(console.locator("nav a[href='/console/queue']")).to_be_visible()
    expect(console.locator("nav a[href='/console/fairness']")).to_have_count(0)
