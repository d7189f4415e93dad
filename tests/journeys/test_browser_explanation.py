"""In a browser: an agent who knows no classifier reads why a message went where it went."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, Page, expect

from routing import Classification, IntentRouter, IntentScore, Thresholds
from routing.types import NearestExample, Signal
from tests.fixtures.browser import Live, open_widget

pytestmark = [pytest.mark.browser, pytest.mark.journey]
SAID = ("How do I activate my new card?", "it is about the card", "zzz qqq", "My card was stolen")
RANKINGS = {
    SAID[0]: ((("card_activation", 0.91), ("card_freeze", 0.05)), 0.24),
    SAID[1]: ((("card_activation", 0.55), ("card_freeze", 0.49), ("card_lost", 0.06)), 0.4),
    SAID[2]: ((("greeting", 0.31), ("complaint", 0.2)), 1.62),
}
UNSEEN = ((("card_lost", 0.7), ("card_freeze", 0.2)), 0.3)


@dataclass
class Scripted:
    """Ranks the sentences of this journey, and remembers what it learned from."""

    version: str = "intent-20261128-scripted"
    thresholds: Thresholds = field(default_factory=Thresholds)

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        return [self._seen(text) for text in texts]

    def _seen(self, text: str) -> Classification:
        pairs, strange = RANKINGS.get(text, UNSEEN)
        nearest = (
            NearestExample("how can I start using my new card", "card_activation", 0.88),
            NearestExample("activate my card please", "card_activation", 0.83),
            NearestExample("please block the card for now", "card_freeze", 0.61),
        )
        signals = (Signal("encoder", 0.87), Signal("lexical", 0.62))
        ranking = tuple(IntentScore(*pair) for pair in pairs)
        return Classification(ranking, strange, nearest, signals)


@pytest.fixture
def spoken(live: Live, monkeypatch: pytest.MonkeyPatch) -> Live:
    """A visitor has said something of every kind."""
    parts = live.service.parts
    monkeypatch.setattr(parts, "router", IntentRouter(parts.router.taxonomy, Scripted()))
    widget = open_widget(live.visit("/demo"))
    for count, text in enumerate(SAID, start=1):
        widget.say(text)
        expect(widget.bubbles("assistant")).to_have_count(count)
    return live


def open_why(live: Live, language: str) -> tuple[Page, Locator]:
    page = live.visit_console(language=language)
    page.set_viewport_size({"width": 1440, "height": 1500})
    page.locator(".list .item").first.click()
    trace = page.get_by_role(
        "region", name={"en": "Why this route", "zh": "为何如此路由"}[language]
    )
    expect(trace.locator(".checks")).to_be_visible()
    return page, trace


def choose(page: Page, said: str, language: str) -> None:
    label = {"en": "Show why for message", "zh": "消息"}[language]
    article = page.locator(".talk article.customer", has_text=said)
    article.get_by_role("button", name=label).click()


def test_each_kind_of_decision_can_be_read(spoken: Live) -> None:
    page, trace = open_why(spoken, "en")
    # the latest: a rule, with the words that fired it
    expect(trace.locator(".rule-heard q")).to_have_text("card was stolen")
    expect(trace.locator(".checked.decided")).to_contain_text("fired: Card stolen")
    choose(page, SAID[0], "en")
    expect(trace.locator(".nearest q").first).to_have_text("how can I start using my new card")
    expect(trace.locator(".nearest li").first).to_contain_text("88% alike")
    expect(trace.locator(".checked.decided")).to_contain_text("Knowledge base")
    expect(trace.locator(".checked.passed", has_text="Sure enough")).to_contain_text(
        "91% · needs 50%"
    )
    choose(page, SAID[1], "en")
    expect(trace.locator(".checked.decided")).to_contain_text("Lead over the second")
    expect(trace.locator(".checked.decided")).to_contain_text("6% · needs 10%")
    choose(page, SAID[2], "en")
    expect(trace.locator(".checked.decided")).to_contain_text("1.62 · limit 1.00")
    expect(trace).to_contain_text("intent-20261128-scripted")


def test_the_panel_speaks_chinese_too(spoken: Live) -> None:
    page, trace = open_why(spoken, "zh")
    expect(trace.locator(".rule-heard")).to_contain_text("客户说了")
    choose(page, SAID[1], "zh")
    expect(trace.locator(".checked.decided")).to_contain_text("领先第二名")
    expect(trace.locator(".nearest")).to_contain_text("相似度 88%")
