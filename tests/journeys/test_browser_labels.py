"""In a browser: an agent corrects a decision, another person accepts it."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Live
from tests.fixtures.callers import widget_api

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def test_a_correction_is_reviewed_by_another_person(live: Live) -> None:
    visitor = widget_api(live.service)
    conversation = visitor.open_conversation()
    visitor.say(conversation, "hello, stop my plastic from working")
    desk = live.visit_console("agent")
    expect(desk.get_by_role("link", name="Labels")).to_have_count(0)
    desk.get_by_role("link", name="All").click()
    desk.locator(".list a").first.click()
    correction = desk.locator(".correct")
    correction.get_by_label("It should have been").select_option("card_freeze")
    correction.get_by_role("button", name="Save correction").click()
    expect(correction.locator(".said")).to_contain_text("Card freeze")
    expect(correction.locator(".said")).to_contain_text("To review")

    review = live.visit_console("admin")
    review.get_by_role("link", name="Labels").click()
    card = review.locator(".label-card")
    expect(card).to_contain_text("stop my plastic from working")
    expect(card).to_contain_text("Card freeze")
    card.get_by_role("button", name="Edit text").click()
    card.get_by_label("Text to learn").fill("stop my plastic from working")
    card.get_by_role("button", name="Accept").click()
    expect(review.get_by_text("Nothing waits for review.")).to_be_visible()
    review.get_by_role("link", name="Training").click()
    expect(review.locator(".offer")).to_contain_text("1 accepted labels are new")
