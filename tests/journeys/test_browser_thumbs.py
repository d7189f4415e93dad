"""In a browser: a customer says whether an answer with sources helped."""

import re

import pytest
from playwright.sync_api import Locator, expect

from app.db.editorial import MessageRatingRecord
from tests.fixtures.browser import Live, Widget, open_widget
from tests.fixtures.expectations import count_rows, eventually

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def thumb(widget: Widget, label: str) -> Locator:
    return widget.log.get_by_role("button", name=label, exact=True)


def test_a_thumb_is_pressed_by_keyboard_and_survives_a_reload(live: Live) -> None:
    widget = open_widget(live.visit("/demo"))
    widget.say("hello")
    widget.expect_reply(re.compile(".+"))
    expect(widget.log.locator(".thumbs")).to_have_count(0)  # nothing cited, nothing to rate
    widget.say("How do I activate my card?")
    widget.expect_reply("first payment with PIN")
    up, down = thumb(widget, "This helped"), thumb(widget, "This did not help")
    entry = widget.log.locator("article.assistant").last
    before = entry.bounding_box()
    expect(up).to_have_attribute("aria-pressed", "false")
    up.focus()
    up.press("Enter")
    expect(up).to_have_attribute("aria-pressed", "true")
    up.press("Tab")
    expect(down).to_be_focused()
    down.press("Space")
    expect(down).to_have_attribute("aria-pressed", "true")
    expect(up).to_have_attribute("aria-pressed", "false")
    after = entry.bounding_box()
    assert before is not None
    assert after is not None
    assert (after["width"], after["height"]) == (before["width"], before["height"])
    eventually(lambda: count_rows(live.service, MessageRatingRecord, helpful=False) == 1)
    assert count_rows(live.service, MessageRatingRecord) == 1
    widget.page.reload()
    expect(thumb(widget, "This did not help")).to_have_attribute("aria-pressed", "true")
    expect(thumb(widget, "This helped")).to_have_attribute("aria-pressed", "false")


def test_what_could_not_be_kept_is_taken_back(live: Live) -> None:
    live.watch.allow("ERR_FAILED")
    widget = open_widget(live.visit("/demo", language="zh"), label="打开客服对话")
    widget.say("怎样激活新卡？")
    widget.expect_reply("凭密码付款")
    widget.page.route("**/rating", lambda route: route.abort())
    up = thumb(widget, "有帮助")
    up.click()
    expect(widget.frame.get_by_text("操作未成功")).to_be_visible()
    expect(up).to_have_attribute("aria-pressed", "false")
    widget.page.unroute("**/rating")
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    eventually(lambda: count_rows(live.service, MessageRatingRecord, helpful=True) == 1)
