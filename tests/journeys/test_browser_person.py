"""In a browser: a person takes over, talks, and gives the conversation back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browser import Live, Widget, open_widget

pytestmark = [pytest.mark.browser, pytest.mark.journey]
AGENT = "Grace Agent"


def ask_for_person(live: Live) -> Widget:
    """A visitor whose question was answered, and who wants a person all the same."""
    widget = open_widget(live.visit("/demo"))
    widget.say("How do I activate my card?")
    widget.expect_reply("first payment with PIN")
    widget.frame.get_by_role("button", name="Talk to a person").click()
    expect(widget.frame.get_by_text("A colleague has been called.")).to_be_visible()
    return widget


def accept_first(console: Page) -> None:
    item = console.locator(".list .item").first
    expect(item).to_contain_text("Asked for a person")
    item.click()
    console.get_by_role("button", name="Accept", exact=True).click()
    expect(console.get_by_label("Reply to the customer")).to_be_enabled()


def write(console: Page, label: str, text: str) -> None:
    box = console.get_by_label(label)
    box.fill(text)
    box.press("Enter")
    expect(console.locator(".talk .log")).to_contain_text(text)
    expect(box).to_have_value("")


def test_a_person_takes_over_and_gives_back(live: Live) -> None:
    widget = ask_for_person(live)
    console = live.visit_console()
    accept_first(console)
    expect(widget.frame.locator("header")).to_contain_text(f"You are talking with {AGENT}")
    write(console, "Reply to the customer", "Good morning, this is Grace.")
    reply = widget.log.locator("article.agent")
    expect(reply).to_contain_text("Good morning, this is Grace.")
    expect(reply.locator(".voice")).to_have_text(AGENT)

    answers = widget.bubbles("assistant").count()
    widget.say("hello Grace, how do I activate my card?")
    expect(console.locator(".talk .log")).to_contain_text("hello Grace")
    write(console, "Reply to the customer", "By paying with your PIN.")
    expect(widget.log).to_contain_text("By paying with your PIN.")
    assert widget.bubbles("assistant").count() == answers  # the assistant kept silent

    console.get_by_role("button", name="Return to assistant").click()
    expect(widget.frame.locator("header")).to_contain_text("answers at once")
    widget.say("hello")
    expect(widget.bubbles("assistant")).to_have_count(answers + 1)


def test_the_agent_sees_why_and_may_ask_for_each_message(live: Live) -> None:
    ask_for_person(live)
    console = live.visit_console()
    console.locator(".list .item").first.click()
    trace = console.get_by_role("region", name="Why this route")
    expect(trace).to_contain_text("Knowledge base")
    expect(trace).to_contain_text("Card activation")
    expect(trace.get_by_role("img")).to_have_attribute("aria-label", re.compile("Card activation"))
    expect(trace).to_contain_text("Content filter")
    expect(trace).to_contain_text("Activate your card")
    console.get_by_role("button", name="Show why for message 1").click()
    expect(trace).to_contain_text("Message 1")


def test_why_is_read_once_and_only_when_somebody_looks(live: Live) -> None:
    ask_for_person(live)
    console = live.visit_console()
    console.set_viewport_size({"width": 900, "height": 800})  # the side is folded away
    readings: list[str] = []
    console.on("request", lambda request: readings.append(request.url))
    accept_first(console)
    write(console, "Reply to the customer", "Good morning, this is Grace.")
    assert not any(url.endswith("/decisions") for url in readings)
    console.get_by_role("button", name="Details", exact=True).click()
    trace = console.get_by_role("region", name="Why this route")
    expect(trace).to_contain_text("Card activation")
    assert sum(url.endswith("/decisions") for url in readings) == 1


def test_a_note_stays_among_staff(live: Live) -> None:
    widget = ask_for_person(live)
    console = live.visit_console()
    accept_first(console)
    console.get_by_role("button", name="Note", exact=True).click()
    write(console, "Note for colleagues. The customer never sees it.", "Called twice today.")
    console.get_by_role("button", name="Reply", exact=True).click()
    write(console, "Reply to the customer", "I have looked it up.")
    expect(widget.log).to_contain_text("I have looked it up.")
    widget.page.reload()
    expect(widget.log).to_contain_text("I have looked it up.")
    assert "Called twice today." not in widget.frame.locator("html").inner_html()
    expect(console.locator("article.note")).to_contain_text("Note, staff only")
    expect(console.locator("article.note").get_by_text("Read", exact=True)).to_have_count(0)
