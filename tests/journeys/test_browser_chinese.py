"""In a browser: a whole conversation in Chinese, typed with an input method."""

import re

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Live, open_widget, read_code, sign_in_at_bank

pytestmark = [pytest.mark.browser, pytest.mark.journey]
LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
NAMES = re.compile(r"Lantern \w+|Switchboard")  # products keep their names


def test_a_conversation_after_the_language_switch(live: Live) -> None:
    page = live.visit("/demo")
    page.get_by_role("button", name="切换到中文").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("为您的财富守一盏灯")
    sign_in_at_bank(page, "李明")
    widget = open_widget(page, "打开客服对话")
    expect(widget.frame.get_by_text("李明，您好！")).to_be_visible()
    widget.say("你好")
    widget.expect_reply("您好")
    widget.say("怎样激活新卡？")
    widget.expect_reply("第一次凭密码付款")
    widget.log.locator("details.sources summary").click()
    expect(widget.log.locator("details.sources strong")).to_have_text("激活银行卡")
    widget.say("我的余额是多少？")
    code = widget.frame.get_by_label("六位验证码")
    code.fill(read_code(page))
    code.press("Enter")
    card = widget.log.locator(".card.balance").first
    expect(card).to_contain_text("余额")
    expect(card).to_contain_text(re.compile(r"€[\d,]+\.\d\d"))
    words = NAMES.sub("", widget.frame.locator("main").inner_text())
    assert LATIN_WORD.findall(words) == []


def test_enter_that_picks_a_candidate_does_not_send(live: Live) -> None:
    widget = open_widget(live.visit("/demo", language="zh"), "打开客服对话")
    widget.input.focus()
    keyboard = widget.page.context.new_cdp_session(widget.page)
    composed = {"text": "你好", "selectionStart": 2, "selectionEnd": 2}
    keyboard.send("Input.imeSetComposition", composed)
    expect(widget.input).to_have_value("你好")
    # as an input method delivers the key: composing, code 229
    widget.input.dispatch_event("keydown", {"key": "Enter", "keyCode": 229, "isComposing": True})
    expect(widget.input).to_have_value("你好")
    expect(widget.log.locator("article")).to_have_count(0)
    keyboard.send("Input.insertText", {"text": "你好"})
    widget.input.press("Enter")
    expect(widget.bubbles("customer")).to_have_text("你好")
    widget.expect_reply("您好")


def test_the_console_speaks_chinese(live: Live) -> None:
    widget = open_widget(live.visit("/demo", language="zh"), "打开客服对话")
    widget.frame.get_by_role("button", name="转人工客服").click()
    expect(widget.frame.get_by_text("已为您联系人工客服。")).to_be_visible()
    console = live.visit_console(language="zh")
    console.locator(".list .item").first.click()
    expect(console.get_by_role("button", name="接待")).to_be_visible()
    words = console.locator("main").inner_text() + console.locator(".list").inner_text()
    reference = re.compile(r"[0-9a-f]+-[0-9a-f-]+")
    assert LATIN_WORD.findall(NAMES.sub("", reference.sub("", words))) == []
