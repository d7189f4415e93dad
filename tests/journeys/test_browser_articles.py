"""In a browser: articles are written, reviewed, scheduled, imported and tried out."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.auth.passwords import hash_password
from app.clock import utc_now
from app.db.people import StaffRecord
from tests.fixtures.browser import Live, open_widget
from tests.fixtures.callers import Api, staff_api, widget_api
from tests.fixtures.expectations import eventually
from tests.journeys.test_browser_accessibility import axe, violations

__all__ = ["axe"]

pytestmark = [pytest.mark.browser, pytest.mark.journey]
DOCUMENTS = "/v1/knowledge/documents"
QUESTION = "How do I activate my card?"
ASK = {"question": QUESTION, "locale": "en"}
PAGES = {
    "documents": "table.documents",
    "imports": ".drop",
    "health": ".finding",
    "coverage": "table.coverage",
    "gaps": ".sheet-sub + *",
    "test": ".trial-form",
    "summaries": ".summary-form",
}


@pytest.fixture
def editor(live: Live) -> str:
    """An editor who may sign in; their name among the credentials."""
    with live.service.parts.database.write() as session:
        session.add(
            StaffRecord(
                email="nora@bank.example",
                name="Nora Quinn",
                role="editor",
                password_hash=hash_password("a long pass phrase"),
            )
        )
    person = {"email": "nora@bank.example", "password": "a long pass phrase"}
    live.service.credentials["editor"] = person
    return "editor"


def answer_now(caller: Api, **how: str) -> str:
    found = caller.post("/v1/knowledge/answer", {**ASK, **how})
    assert found.status_code == 200, found.text
    return str(found.json()["answer"])


def in_local_time(page: Page, moment: datetime) -> str:
    """As a datetime-local field of this browser takes it, to the minute."""
    text: str = page.evaluate(
        "ms => { const d = new Date(ms - new Date(ms).getTimezoneOffset() * 60000);"
        " return d.toISOString().slice(0, 16); }",
        moment.timestamp() * 1000,
    )
    return text


def open_card_article(page: Page) -> None:
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_role("link", name="Activate your card").click()
    expect(page.get_by_role("heading", name="Activate your card")).to_be_visible()


def test_a_second_person_publishes_with_a_date_and_customers_read_it(
    live: Live, editor: str
) -> None:
    live.watch.allow("409")
    live.watch.allow("ERR_FAILED")
    visitor = widget_api(live.service)
    assert "first payment with PIN" in answer_now(visitor)

    desk = live.visit_console(editor)
    expect(desk.get_by_role("link", name="Queue")).to_have_count(0)
    open_card_article(desk)
    desk.get_by_role("link", name="Edit").click()
    body = desk.get_by_label(re.compile("^Text"))
    body.fill("## How do I activate my new card?\n\nYour new card is activated by **a code**.")
    expect(desk.locator(".editor .paper strong").last).to_have_text("a code")
    begins = utc_now() + timedelta(days=40)
    desk.get_by_label(re.compile("^Effective from")).fill(in_local_time(desk, begins))
    desk.route("**/v1/knowledge/documents/*", lambda route: route.abort())
    desk.get_by_role("button", name="Save as draft").click()
    expect(desk.get_by_role("alert")).to_contain_text("Nothing you wrote is lost")
    desk.unroute("**/v1/knowledge/documents/*")
    desk.reload()  # what a failed request left behind is still there
    expect(body).to_have_value(re.compile("a code"))
    desk.get_by_role("button", name="Save as draft").click()
    expect(desk.get_by_role("status").first).to_have_text("Saved as version 2, a draft.")
    desk.get_by_role("button", name="Submit for review").click()
    expect(desk.get_by_text("another person publishes it")).to_be_visible()
    expect(desk.get_by_role("button", name="Publish…")).to_be_disabled()

    review = live.visit_console("admin")
    open_card_article(review)
    expect(review.locator(".lines .added")).to_contain_text("a code")
    expect(review.locator(".lines .removed").first).to_contain_text("first payment with PIN")
    review.get_by_role("button", name="Publish…").click()
    dialog = review.get_by_role("dialog")
    expect(dialog).to_contain_text("Until then they read what they read now")
    dialog.get_by_role("button", name="Publish version 2").click()
    expect(review.locator(".when-list li").first).to_contain_text("will be shown")
    assert "first payment with PIN" in answer_now(visitor)  # today nothing has changed
    admin = staff_api(live.service, "admin")
    later = (begins + timedelta(days=1)).isoformat()
    eventually(lambda: "a code" in answer_now(admin, as_of=later))

    review.get_by_role("button", name="Cancel the schedule…").click()
    review.get_by_role("dialog").get_by_role("button", name="Cancel the schedule").click()
    expect(review.locator(".document .mark").first).to_have_text("In review")


def test_what_is_published_at_once_is_what_the_chat_says(live: Live, editor: str) -> None:
    desk = live.visit_console(editor)
    open_card_article(desk)
    desk.get_by_role("link", name="Edit").click()
    desk.get_by_label(re.compile("^Text")).fill(
        "## How do I activate my new card?\n\nYour new card is activated with a code by post."
    )
    desk.get_by_role("button", name="Save as draft").click()
    desk.get_by_role("button", name="Submit for review").click()
    expect(desk.get_by_role("button", name="Give back…")).to_be_visible()
    review = live.visit_console("admin")
    open_card_article(review)
    review.get_by_role("button", name="Publish…").click()
    review.get_by_role("dialog").get_by_role("button", name="Publish version 2").click()
    expect(review.locator(".document .mark").first).to_have_text("Published")
    visitor = widget_api(live.service)
    eventually(lambda: "code by post" in answer_now(visitor))
    widget = open_widget(live.visit("/demo"))
    widget.say(QUESTION)
    widget.expect_reply("code by post")
    review.get_by_role("button", name="Go back to this… Version 1").click()
    review.get_by_role("dialog").get_by_role("button", name="Go back to version 1").click()
    expect(review.get_by_role("status").first).to_contain_text("read that version again")
    eventually(lambda: "first payment with PIN" in answer_now(visitor))


def test_two_files_are_imported_and_one_says_why_not(
    live: Live, editor: str, tmp_path: Path
) -> None:
    good, bad = tmp_path / "coins.md", tmp_path / "broken.pdf"
    good.write_text("# Foreign coins\n\nFive working days after the order they are delivered.")
    bad.write_bytes(b"no pdf at all")
    desk = live.visit_console(editor)
    desk.get_by_role("link", name="Knowledge").click()
    desk.get_by_role("link", name="Imports").click()
    desk.locator("input[type=file]").set_input_files([good, bad])
    expect(desk.locator(".drop")).to_contain_text("Files: 2")
    desk.get_by_role("button", name="Start the import").click()
    rows = desk.locator(".report tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("Failed")
    expect(rows.first).to_contain_text("PDF")
    rows.nth(1).get_by_role("link", name="Open the draft").click()
    expect(desk.get_by_role("heading", name="Foreign coins").first).to_be_visible()
    expect(desk.locator(".document .mark").first).to_have_text("Draft")


def test_a_question_is_tried_out_with_every_score(live: Live, editor: str) -> None:
    desk = live.visit_console(editor)
    desk.get_by_role("link", name="Knowledge").click()
    desk.get_by_role("link", name="Test a question").click()
    desk.get_by_label("Question", exact=True).fill(QUESTION)
    desk.get_by_role("button", name="Test", exact=True).click()
    trial = desk.locator(".trial")
    expect(trial.get_by_role("heading", name="Answered")).to_be_visible()
    expect(trial.locator(".cited")).to_contain_text("Activate your card")
    expect(trial).to_contain_text("Index version")
    expect(trial.locator(".hits .scores").first).to_contain_text("fused")
    desk.get_by_label("Question", exact=True).fill("What is the meaning of a giraffe?")
    desk.get_by_role("button", name="Test", exact=True).click()
    expect(trial.locator("h2")).to_contain_text("No answer")


def test_an_agents_answer_becomes_a_draft(live: Live) -> None:
    visitor, agent = widget_api(live.service), staff_api(live.service, "agent")
    conversation = visitor.open_conversation()
    handoff = visitor.post(f"/v1/conversations/{conversation}/handoff").json()["id"]
    agent.post(f"/v1/handoffs/{handoff}/accept")
    said = f"/v1/conversations/{conversation}/messages"
    visitor.post(said, {"text": "Can foreign coins be delivered to my home?"})
    agent.post(said, {"text": "Foreign coins are delivered to your home for six euros."})
    desk = live.visit_console("agent")
    desk.goto(f"{live.url}/console/conversations/{conversation}")
    desk.get_by_role("button", name="Make an article of this").click()
    expect(desk.locator(".document .mark").first).to_have_text("Draft")
    expect(desk.locator(".paper")).to_contain_text("for six euros")
    expect(desk.get_by_role("link", name="Open the conversation")).to_be_visible()
    expect(desk.get_by_role("navigation", name="Knowledge").get_by_role("link")).to_have_text(
        ["Test a question", "Summaries"]
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_accessible(live: Live, axe: str, language: str) -> None:
    desk = live.visit_console("admin", language=language)
    for name, sight in PAGES.items():
        desk.goto(f"{live.url}/console/knowledge/{name}")
        expect(desk.locator(sight).first).to_be_visible()
        assert violations(desk, axe) == [], name
    desk.goto(f"{live.url}/console/knowledge/test")
    desk.locator(".trial-form textarea").fill(QUESTION)
    desk.locator(".trial-form .solid").click()
    expect(desk.locator(".hits li").first).to_be_visible()
    assert violations(desk, axe) == []
    desk.goto(f"{live.url}/console/knowledge/summaries")
    desk.locator(".summary-form textarea").fill("## Fees\n\nA card costs EUR 5. You must sign it.")
    desk.locator(".summary-form .solid").click()
    desk.locator(".quote-mark").first.click()
    expect(desk.locator(".place mark")).to_be_visible()
    assert violations(desk, axe) == []
    document = staff_api(live.service, "admin").get(DOCUMENTS).json()["items"][0]
    for path in (f"documents/{document['id']}", f"write/{document['id']}"):
        desk.goto(f"{live.url}/console/knowledge/{path}")
        expect(desk.locator(".paper").first).to_be_visible()
        assert violations(desk, axe) == [], path
