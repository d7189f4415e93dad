"""An agent's answer becomes a draft: readable only to whom the conversation is, never published."""

from typing import Any

import pytest

from app.auth.caller import Scope
from app.auth.tokens import new_api_key
from app.db.credential import ApiKeyRecord
from app.db.document import DocumentRecord
from app.db.editorial import DraftSourceRecord
from tests.fixtures.callers import Api, Hire, identity_token
from tests.fixtures.expectations import count_rows, expect_problem, thread_of
from tests.fixtures.service import Service
from tests.integration.editorial.support import (
    audited,
    publish,
    understand_coins,
)

DRAFTS = "/v1/knowledge/drafts"
DOCUMENTS = "/v1/knowledge/documents"
QUESTION = "Can you deliver foreign coins to my home?"
ANSWER = "Yes, Emma: we deliver foreign coins to your home within three days, for 4 euros."
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def answered_by(
    service: Service, agent: Api, answer: str = ANSWER, question: str = QUESTION
) -> tuple[str, str]:
    """A conversation that an agent took over and answered: its id, and the answer's."""
    understand_coins(service)
    named = identity_token(service, "cust-1001", name="Emma Byrne")
    begun = Api(service).post("/v1/widget/sessions", {"identity_token": named}).json()
    customer = Api(service, {"Authorization": f"Bearer {begun['token']}"})
    conversation = customer.open_conversation()
    customer.say(conversation, question)
    handoff = customer.post(f"/v1/conversations/{conversation}/handoff").json()["id"]
    accepted = agent.post(f"/v1/handoffs/{handoff}/accept")
    assert accepted.status_code == 200, accepted.text
    said = agent.post(f"/v1/conversations/{conversation}/messages", {"text": answer})
    assert said.status_code == 202, said.text
    return conversation, said.json()["message"]["id"]


def draft(api: Api, source: tuple[str, str], status: int = 201) -> dict[str, Any]:
    answer = api.post(DRAFTS, {"conversation_id": source[0], "message_id": source[1]})
    assert answer.status_code == status, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_an_answer_becomes_a_draft_with_its_question(service: Service, agent: Api) -> None:
    source = answered_by(service, agent)
    made = draft(agent, source)
    assert (made["title"], made["status"], made["version"]) == (QUESTION, "draft", 1)
    assert made["body"].startswith(f"## {QUESTION}\n\n")
    assert "three days" in made["body"]
    assert (made["locale"], made["intents"]) == ("en", ["exchange_rate"])
    assert made["published_version"] is None
    me = agent.get("/v1/auth/me").json()
    assert made["author"]["kind"] == "staff"
    assert made["author"]["id"] in str(me)
    assert (made["source"]["conversation_id"], made["source"]["message_id"]) == source
    assert audited(service, "document.drafted_from_answer") == [made["id"]]


def test_names_and_masked_values_are_left_out(service: Service, agent: Api, admin: Api) -> None:
    answer = (
        f"{ANSWER} I charged 4111 1111 1111 1111 and write to emma.byrne@mail.example. "
        "Ring +353 1 555 0100."
    )
    made = draft(agent, answered_by(service, agent, answer))
    assert made["removed"] == ["[card number ••1111]", "[e-mail]"]
    for word in ("Emma", "1111", "byrne", "["):
        assert word not in made["body"]
    assert "+353 1 555 0100" in made["body"]  # the bank's own


def test_the_same_answer_is_drafted_once(service: Service, agent: Api, admin: Api) -> None:
    source = answered_by(service, agent)
    made = draft(agent, source)
    again = draft(admin, source, status=200)
    assert again["id"] == made["id"]
    assert count_rows(service, DraftSourceRecord) == 1
    admin.call("DELETE", f"{DOCUMENTS}/{made['id']}")
    assert draft(agent, source)["id"] != made["id"]  # what was deleted may be drafted anew


def test_it_goes_through_the_normal_review(service: Service, hire: Hire, admin: Api) -> None:
    expert = hire("Ada", "admin")  # may answer customers and publish
    made = draft(admin, answered_by(service, expert))
    path = f"{DOCUMENTS}/{made['id']}"
    assert admin.post(f"{path}/submit").status_code == 200
    refused = expert.post(f"{path}/publish")  # her own words, whoever made the draft of them
    expect_problem(refused, 409, code="second_person_required")
    assert admin.post(f"{path}/publish").json()["status"] == "published"


def test_an_article_that_says_the_same_is_named(service: Service, agent: Api) -> None:
    document_id = publish(service, title="Foreign coins", body=f"## {QUESTION}\n\n{ANSWER[11:]}")
    made = draft(agent, answered_by(service, agent))
    (known,) = made["duplicates"]
    assert (known["document_id"], known["title"]) == (document_id, "Foreign coins")
    assert known["overlap"] > 0.6
    activation = draft(agent, answered_by(service, agent, "Ring us, we do it.", "coins by post?"))
    assert activation["duplicates"] == []


def test_editors_see_where_a_document_comes_from(service: Service, agent: Api, editor: Api) -> None:
    source = answered_by(service, agent)
    made = draft(agent, source)
    shown = editor.get(f"{DOCUMENTS}/{made['id']}/source").json()
    assert shown == made["source"]
    other = publish(service, title="Fees", body="Four euros.")
    written = editor.get(f"{DOCUMENTS}/{other}/source")
    assert (written.status_code, written.json()) == (200, None)
    expect_problem(editor.get(f"{DOCUMENTS}/nothing/source"), 404, code="document_not_found")


def test_only_agents_answers_become_drafts(service: Service, agent: Api) -> None:
    conversation, _ = answered_by(service, agent)
    note = agent.post(
        f"/v1/conversations/{conversation}/messages", {"text": "Be kind.", "kind": "note"}
    ).json()["message"]["id"]
    by_author = {item["author"]: item["id"] for item in thread_of(agent, conversation)[:2]}
    for message in (note, by_author["customer"], by_author["assistant"]):
        refused = agent.post(DRAFTS, {"conversation_id": conversation, "message_id": message})
        expect_problem(refused, 409, code="not_an_answer")
    other, _ = answered_by(service, agent)
    refused = agent.post(DRAFTS, {"conversation_id": other, "message_id": note})
    expect_problem(refused, 404, code="message_not_found")
    assert count_rows(service, DocumentRecord) == 2  # those that were there


def test_an_answer_of_masked_values_alone_is_refused(service: Service, agent: Api) -> None:
    source = answered_by(service, agent, "4111 1111 1111 1111")
    refused = agent.post(DRAFTS, {"conversation_id": source[0], "message_id": source[1]})
    expect_problem(refused, 409, code="nothing_to_draft")


@on_sqlite
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("agent", 201),
        ("supervisor", 201),
        ("crm", 201),
        ("editor", 404),  # reads no conversations
        ("auditor", 404),
        ("customer", 403),
        ("anonymous", 401),
    ],
)
def test_only_who_may_read_the_conversation_drafts(
    service: Service, agent: Api, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    source = answered_by(service, agent)
    caller: Api = request.getfixturevalue(who)
    answer = caller.post(DRAFTS, {"conversation_id": source[0], "message_id": source[1]})
    assert answer.status_code == status


@on_sqlite
@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        ([Scope.CONVERSATIONS_READ], 403),
        ([Scope.KNOWLEDGE_WRITE], 404),
        ([Scope.CONVERSATIONS_READ, Scope.KNOWLEDGE_WRITE], 201),
    ],
)
def test_a_key_needs_both_scopes(
    service: Service, agent: Api, scopes: list[Scope], status: int
) -> None:
    source = answered_by(service, agent)
    made = new_api_key()
    with service.parts.database.write() as session:
        session.add(
            ApiKeyRecord(
                prefix=made.prefix,
                secret_hash=made.secret_hash,
                name="Desk",
                scopes=[scope.value for scope in scopes],
            )
        )
    desk = Api(service, {"Authorization": f"Bearer {made.whole}"})
    answer = desk.post(DRAFTS, {"conversation_id": source[0], "message_id": source[1]})
    assert answer.status_code == status, answer.text


@on_sqlite
def test_a_repeated_request_is_one_draft(service: Service, agent: Api) -> None:
    source = answered_by(service, agent)
    body, key = {"conversation_id": source[0], "message_id": source[1]}, {"Idempotency-Key": "d"}
    first = agent.post(DRAFTS, body, headers=key)
    again = agent.post(DRAFTS, body, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
