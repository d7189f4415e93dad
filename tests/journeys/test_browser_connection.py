"""In a browser: reloads and lost connections lose nothing and repeat nothing."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.browser import Live, Widget, open_widget
from tests.fixtures.callers import Api, staff_api

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def take_over(widget: Widget, agent: Api) -> str:
    """Ask for a person in the widget and accept as that person; the conversation's id."""
    widget.frame.get_by_role("button", name="Talk to a person").click()
    expect(widget.frame.get_by_text("A colleague has been called.")).to_be_visible()
    waiting = agent.get("/v1/handoffs?status=waiting").json()["items"][0]
    assert agent.post(f"/v1/handoffs/{waiting['id']}/accept").status_code == 200
    expect(widget.frame.locator("header")).to_contain_text("You are talking with")
    return str(waiting["conversation_id"])


def test_a_reload_keeps_the_conversation(live: Live) -> None:
    widget = open_widget(live.visit("/demo"))
    widget.say("hello")
    expect(widget.bubbles("assistant")).to_have_count(1)
    answer = widget.bubbles("assistant").inner_text()
    widget.page.reload()
    expect(widget.bubbles("customer")).to_have_text(["hello"])
    expect(widget.bubbles("assistant")).to_have_text([answer])
    widget.say("How do I activate my card?")
    expect(widget.bubbles("assistant")).to_have_count(2)


def test_what_was_said_while_offline_arrives_once(live: Live) -> None:
    live.watch.allow("ERR_INTERNET_DISCONNECTED")
    agent = staff_api(live.service, "agent")
    page = live.visit("/demo")
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    widget = open_widget(page)
    widget.say("hello")
    conversation = take_over(widget, agent)
    assert len(sockets) == 1

    page.context.set_offline(True)
    live.server.drop_connections()  # and nothing can take the socket's place
    expect(widget.frame.locator(".notice")).to_be_visible()
    said = agent.post(f"/v1/conversations/{conversation}/messages", {"text": "Are you there?"})
    assert said.status_code == 202
    expect(widget.bubbles("agent")).to_have_count(0)

    page.context.set_offline(False)
    expect(widget.bubbles("agent")).to_have_text(["Are you there?"])
    expect(widget.frame.locator(".notice")).to_have_count(0)
    agent.post(f"/v1/conversations/{conversation}/messages", {"text": "Good."})
    expect(widget.bubbles("agent")).to_have_text(["Are you there?", "Good."])
    assert len(sockets) > 1


def test_what_could_not_be_sent_is_kept_and_sent_once(live: Live) -> None:
    live.watch.allow("ERR_INTERNET_DISCONNECTED")
    widget = open_widget(live.visit("/demo"))
    widget.say("hello")
    widget.page.context.set_offline(True)
    widget.input.fill("How do I activate my card?")
    widget.input.press("Enter")
    expect(widget.log.get_by_text("Not sent")).to_be_visible()
    widget.page.context.set_offline(False)
    widget.log.get_by_role("button", name="Try again").click()
    expect(widget.bubbles("customer")).to_have_text(["hello", "How do I activate my card?"])
    widget.expect_reply("first payment with PIN")
