"""In a browser: an answer from the knowledge base shows where it comes from."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Live, open_widget

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def test_the_source_of_an_answer_opens_with_title_and_quote(live: Live) -> None:
    widget = open_widget(live.visit("/demo"))
    widget.say("How do I activate my card?")
    widget.expect_reply("first payment with PIN")
    source = widget.log.locator("details.sources")
    expect(source.locator("blockquote")).to_be_hidden()
    source.locator("summary").click()
    expect(source.locator("strong")).to_have_text("Activate your card")
    expect(source.locator("blockquote")).to_be_in_viewport()
    expect(source.locator("blockquote")).to_contain_text("first payment with PIN")
