"""A thread is one gapless, ordered story; staff see more of it than the customer does."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.db.conversation import ConversationRecord, MessageRecord, TurnRecord
from app.db.event import EventRecord
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.expectations import (
    count_rows,
    events_of,
    eventually,
    expect_problem,
    thread_of,
)
from tests.fixtures.service import Service

WRITERS = 40


@pytest.fixture
def service(each_shared_service: Service) -> Service:
    return each_shared_service


def with_person(customer: Api, agent: Api) -> str:
    """A conversation that the agent has accepted."""
    conversation = customer.open_conversation()
    handoff = customer.post(f"/v1/conversations/{conversation}/handoff").json()["id"]
    assert agent.post(f"/v1/handoffs/{handoff}/accept").status_code == 200
    return conversation


def test_parallel_posts_are_gapless_and_each_has_one_ending(
    customer: Api, crm: Api, service: Service
) -> None:
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}/messages"

    def send(number: int) -> int:
        return customer.post(path, {"text": f"hello {number}"}).status_code

    with ThreadPoolExecutor(WRITERS) as pool:
        assert set(pool.map(send, range(WRITERS))) == {202}
    eventually(
        lambda: (
            count_rows(service, TurnRecord, conversation_id=conversation, ending="answer")
            == WRITERS
        ),
        seconds=30,
    )
    thread = thread_of(customer, conversation)
    assert [item["seq"] for item in thread] == list(range(1, 2 * WRITERS + 1))
    said = [item["text"] for item in thread if item["author"] == "customer"]
    assert sorted(said) == sorted(f"hello {number}" for number in range(WRITERS))
    events = events_of(customer, conversation)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    shown = [event["data"]["message"]["seq"] for event in events if "message" in event["data"]]
    assert shown == list(range(1, 2 * WRITERS + 1))
    decisions = crm.get(f"/v1/conversations/{conversation}/decisions").json()["items"]
    assert len(decisions) == WRITERS


def test_after_and_limit_page_through_messages(customer: Api) -> None:
    conversation = customer.open_conversation()
    for _ in range(3):
        customer.say(conversation, "hello")
    path = f"/v1/conversations/{conversation}/messages"
    first = customer.get(f"{path}?limit=4").json()
    rest = customer.get(f"{path}?limit=4&after={first['next']}").json()
    assert [item["seq"] for item in first["items"]] == [1, 2, 3, 4]
    assert [item["seq"] for item in rest["items"]] == [5, 6]
    assert rest["next"] is None
    assert customer.get(f"{path}?after=6").json()["items"] == []


def test_notes_are_for_staff_only(customer: Api, agent: Api, crm: Api) -> None:
    conversation = with_person(customer, agent)
    path = f"/v1/conversations/{conversation}/messages"
    noted = agent.post(path, {"text": "sounds nervous", "kind": "note"})
    assert noted.status_code == 202
    agent.post(path, {"text": "How can I help?"})
    shown = thread_of(customer, conversation)
    assert "sounds nervous" not in str(shown)
    assert "How can I help?" in str(shown)
    events = events_of(customer, conversation)
    assert "sounds nervous" not in str(events)
    hidden = [event for event in events if event["type"] == "hidden"]
    assert [event["data"] for event in hidden] == [{}]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    for api in (agent, crm):
        assert "sounds nervous" in str(thread_of(api, conversation))
        assert "sounds nervous" in str(events_of(api, conversation))


@pytest.mark.parametrize("who", ["customer", "crm"])
def test_only_staff_write_notes(request: pytest.FixtureRequest, customer: Api, who: str) -> None:
    conversation = customer.open_conversation()
    caller: Api = request.getfixturevalue(who)
    path = f"/v1/conversations/{conversation}/messages"
    answer = caller.post(path, {"text": "psst", "kind": "note"})
    expect_problem(answer, 403, code="forbidden")


def test_note_of_a_handoff_is_not_shown_to_the_customer(customer: Api, crm: Api) -> None:
    conversation = customer.open_conversation()
    crm.post(f"/v1/conversations/{conversation}/handoff", {"note": "possible mule account"})
    asked = customer.post(f"/v1/conversations/{conversation}/handoff")
    assert asked.status_code == 201
    seen = [asked.json(), thread_of(customer, conversation), events_of(customer, conversation)]
    assert "mule" not in str(seen)
    assert "mule" in crm.get("/v1/handoffs?limit=200").text


def test_card_number_is_masked_wherever_it_is_typed(
    customer: Api, agent: Api, crm: Api, service: Service
) -> None:
    card = "4111 1111 1111 1111"
    conversation = customer.open_conversation(metadata={"page": f"card {card}"})
    path = f"/v1/conversations/{conversation}"
    customer.post(f"{path}/messages", {"text": f"my card is {card}"})
    customer.post(f"{path}/feedback", {"rating": 2, "comment": f"why block {card}"})
    handoff = customer.post(f"{path}/handoff", {"note": f"about {card}"}).json()["id"]
    agent.post(f"/v1/handoffs/{handoff}/accept")
    agent.post(f"{path}/messages", {"text": f"is it {card}?"})
    agent.post(f"{path}/messages", {"text": f"has {card}", "kind": "note"})
    seen = [thread_of(agent, conversation), events_of(agent, conversation), crm.get(path).text]
    seen += [crm.get("/v1/handoffs?limit=200").text]
    again = customer.post(f"{path}/feedback", {"rating": 2, "comment": f"why block {card}"})
    assert card not in f"{seen}{again.text}"
    assert "••1111" in str(thread_of(agent, conversation))


def test_status_follows_the_story(customer: Api, agent: Api) -> None:
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}"

    def status() -> str:
        found: str = customer.get(path).json()["status"]
        return found

    assert status() == "pending"
    handoff = customer.post(f"{path}/handoff").json()["id"]
    assert status() == "open"
    agent.post(f"/v1/handoffs/{handoff}/accept")
    assert agent.post(f"{path}/resolve").json()["status"] == "resolved"
    assert agent.post(f"{path}/resolve").json()["status"] == "resolved"  # twice does no harm
    assert customer.post(f"{path}/reopen").json()["status"] == "pending"
    customer.post(f"{path}/resolve")
    assert customer.say(conversation, "hello")["reply"]["author"] == "assistant"
    assert status() == "pending"


def test_reopening_what_a_person_holds_changes_nothing(customer: Api, agent: Api) -> None:
    conversation = with_person(customer, agent)
    answer = customer.post(f"/v1/conversations/{conversation}/reopen")
    assert answer.json()["status"] == "open"
    assert answer.json()["assignee"]["name"] == "Grace Agent"


def test_rating_is_kept_once_and_can_be_changed(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}/feedback"
    customer.post(path, {"rating": 2, "comment": "slow"})
    second = customer.post(path, {"rating": 5})
    assert second.json() == {"conversation_id": conversation, "rating": 5, "comment": None}


def test_parallel_ratings_leave_one(customer: Api) -> None:
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}/feedback"
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda n: customer.post(path, {"rating": n}), range(1, 6)))
    assert {answer.status_code for answer in answers} == {200}


def test_read_marks_go_forward_and_never_past_the_end(
    customer: Api, agent: Api, service: Service
) -> None:
    conversation = customer.open_conversation()
    customer.say(conversation, "hello")
    path = f"/v1/conversations/{conversation}/read"
    for up_to in (2, 1, 1_000):
        assert customer.post(path, {"up_to": up_to}).status_code == 204
    assert agent.post(path, {"up_to": 1}).status_code == 204
    with service.parts.database.read() as session:
        row = session.get_one(ConversationRecord, conversation)
    assert (row.customer_read_seq, row.staff_read_seq) == (2, 1)
    read = [event for event in events_of(customer, conversation) if event["type"] == "message.read"]
    assert {event["data"]["side"] for event in read} == {"customer", "staff"}
    assert all(event["data"]["up_to"] <= 2 for event in read)


def test_refused_post_leaves_no_hole_in_the_thread(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    path = f"/v1/conversations/{conversation}/messages"
    customer.post(path, {"text": ""})
    assert customer.post(path, {"text": "hello"}).json()["message"]["seq"] == 1
    assert count_rows(service, MessageRecord, conversation_id=conversation, author="customer") == 1
    assert count_rows(service, EventRecord, conversation_id=conversation, seq=0) == 0


def test_waiting_for_the_ending_gives_up_after_its_timeout(service: Service) -> None:
    api = widget_api(service)
    conversation = api.open_conversation()
    path = f"/v1/conversations/{conversation}/messages?wait=reply&timeout=0"
    answer = api.post(path, {"text": "hello"})
    assert answer.status_code == 200
    assert answer.json()["message"]["seq"] == 1
