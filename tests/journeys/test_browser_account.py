"""In a browser: the balance comes after the one-time code, and not before."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Live, Widget, open_widget, read_code

pytestmark = [pytest.mark.browser, pytest.mark.journey]
BALANCE = "€2,450.75"  # what the demo bank holds for Emma Byrne


def test_balance_appears_in_a_card_after_the_code(customer_page: Callable[[str], Widget]) -> None:
    widget = customer_page("Emma Byrne")
    widget.say("What is my balance?")
    code = widget.frame.get_by_label("Six-digit code")
    expect(code).to_be_focused()
    everything = widget.page.content() + widget.frame.locator("html").inner_html()
    assert "2,450" not in everything
    assert "2450" not in everything
    code.fill(read_code(widget.page))
    code.press("Enter")
    card = widget.log.locator(".card.balance").first
    expect(card).to_contain_text("Lantern Everyday")
    expect(card.locator("dd").first).to_have_text(BALANCE)
    expect(code).to_have_count(0)


def test_a_wrong_code_says_so_and_shows_nothing(
    live: Live, customer_page: Callable[[str], Widget]
) -> None:
    live.watch.allow("422")
    widget = customer_page("Emma Byrne")
    widget.say("What is my balance?")
    right = read_code(widget.page)
    code = widget.frame.get_by_label("Six-digit code")
    code.fill("000000" if right != "000000" else "111111")
    code.press("Enter")
    expect(widget.frame.locator("#code-error")).to_contain_text("not right")
    expect(widget.log.locator(".card")).to_have_count(0)


def test_a_visitor_is_asked_to_sign_in(live: Live) -> None:
    widget = open_widget(live.visit("/demo"))
    widget.say("What is my balance?")
    widget.expect_reply("sign in")
    expect(widget.frame.get_by_label("Six-digit code")).to_have_count(0)
