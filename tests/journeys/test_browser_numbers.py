"""In a browser: what happened shows in the dashboard and in the sealed audit trail."""

import re

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Live
from tests.fixtures.callers import widget_api

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def test_the_dashboard_counts_a_handoff(live: Live) -> None:
    visitor = widget_api(live.service)
    visitor.say(visitor.open_conversation(), "How do I activate my card?")
    asking = visitor.open_conversation()
    visitor.say(asking, "How do I activate my card?")
    visitor.post(f"/v1/conversations/{asking}/handoff")
    console = live.visit_console("admin")
    console.get_by_role("link", name="Analytics").click()
    figures = console.locator(".figures")
    expect(figures).to_contain_text("Handoff rate")
    expect(figures).to_contain_text("50.0%")
    expect(figures).to_contain_text("1 / 2")
    row = console.get_by_role("row", name=re.compile("Card activation"))
    expect(row).to_contain_text("50.0%")
    row.get_by_role("button").click()
    console.locator(".drill a").first.click()
    expect(console.locator(".talk .log")).to_contain_text("How do I activate my card?")


def test_the_audit_page_verifies_the_chain(live: Live) -> None:
    visitor = widget_api(live.service)
    visitor.say(visitor.open_conversation(), "hello")
    console = live.visit_console("admin")
    console.get_by_role("link", name="Audit").click()
    expect(console.locator("table.audit")).to_contain_text("staff.sign_in")
    console.get_by_role("button", name="Verify the chain").click()
    expect(console.locator(".seal.good")).to_contain_text(re.compile(r"Unbroken: \d+ events"))


def test_an_agent_is_not_offered_pages_of_other_roles(live: Live) -> None:
    console = live.visit_console("agent")
    expect(console.get_by_role("link", name="Queue")).to_be_visible()
    expect(console.get_by_role("link", name="Audit")).to_have_count(0)
