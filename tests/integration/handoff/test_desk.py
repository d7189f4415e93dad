"""From the assistant to people and back: who may do what, and when the assistant keeps silent."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from app.audit_trail import SYSTEM
from app.auth.caller import Role
from app.auth.passwords import hash_password
from app.conversations.repository import ConversationRepository
from app.db.conversation import ConversationRecord, TurnRecord
from app.db.handoff import HandoffRecord
from app.db.people import StaffRecord
from app.handoff.reasons import HandoffReason
from app.handoff.service import HandoffService
from app.ids import new_id
from routing import Classification, IntentRouter, IntentScore, Thresholds
from tests.fixtures.callers import Api, staff_api
from tests.fixtures.expectations import (
    count_rows,
    events_of,
    eventually,
    expect_problem,
    thread_of,
)
from tests.fixtures.service import Service

PASSWORD = "correct horse battery staple"


def staff_of(service: Service, role: Role) -> Api:
    email = f"{new_id()}@example.com"
    with service.parts.database.write() as session:
        session.add(
            StaffRecord(
                email=email,
                name=f"Another {role.value}",
                role=role.value,
                password_hash=hash_password(PASSWORD),
            )
        )
    service.credentials[email] = {"email": email, "password": PASSWORD}
    return staff_api(service, email)


@pytest.fixture
def colleague(service: Service) -> Api:
    return staff_of(service, Role.AGENT)


@pytest.fixture
def supervisor(service: Service) -> Api:
    return staff_of(service, Role.SUPERVISOR)


@pytest.fixture
def conversation(customer: Api) -> str:
    return customer.open_conversation()


@pytest.fixture
def handoff(customer: Api, conversation: str) -> str:
    asked = customer.post(f"/v1/conversations/{conversation}/handoff")
    assert asked.status_code == 201
    found: str = asked.json()["id"]
    return found


def turn_endings(service: Service, conversation: str) -> list[str | None]:
    with service.parts.database.read() as session:
        rows = session.query(TurnRecord).filter_by(conversation_id=conversation)
        return [row.ending for row in rows.order_by(TurnRecord.message_seq)]


def authors(api: Api, conversation: str) -> list[str]:
    return [item["author"] for item in thread_of(api, conversation) if item["kind"] == "text"]


def test_asking_twice_gives_the_same_handoff(
    customer: Api, service: Service, conversation: str, handoff: str
) -> None:
    again = customer.post(f"/v1/conversations/{conversation}/handoff")
    assert (again.status_code, again.json()["id"]) == (201, handoff)
    assert count_rows(service, HandoffRecord, conversation_id=conversation) == 1


def test_parallel_requests_make_one_handoff(each_shared_service: Service) -> None:
    api = Api(each_shared_service, crm_headers(each_shared_service))
    conversation = api.open_conversation(channel="crm")
    path = f"/v1/conversations/{conversation}/handoff"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.post(path), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1


def crm_headers(service: Service) -> dict[str, str]:
    return {"Authorization": f"Bearer {service.credentials['crm_api_key']}"}


def test_of_two_agents_at_once_one_is_refused(each_shared_service: Service) -> None:
    service = each_shared_service
    api = Api(service, crm_headers(service))
    agents = [staff_of(service, Role.AGENT), staff_of(service, Role.AGENT)]
    for _ in range(5):
        conversation = api.open_conversation(channel="crm")
        handoff = api.post(f"/v1/conversations/{conversation}/handoff").json()["id"]
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(lambda a, h=handoff: a.post(f"/v1/handoffs/{h}/accept"), agents)
            )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        loser = next(answer for answer in answers if answer.status_code == 409)
        expect_problem(loser, 409, code="already_accepted")


def test_accepting_twice_is_harmless(agent: Api, handoff: str) -> None:
    first, second = (agent.post(f"/v1/handoffs/{handoff}/accept") for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json()["assignee"]["name"] == "Grace Agent"


def test_assistant_is_silent_while_the_customer_waits_and_while_a_person_holds(
    customer: Api, agent: Api, service: Service, conversation: str, handoff: str
) -> None:
    waiting = customer.say(conversation, "hello")
    agent.post(f"/v1/handoffs/{handoff}/accept")
    held = customer.say(conversation, "What is my balance?")
    assert waiting["reply"] is held["reply"] is None
    assert waiting["handoff"]["status"] == "waiting"
    assert held["handoff"]["status"] == "accepted"
    assert turn_endings(service, conversation) == ["person", "person"]
    assert "assistant" not in authors(customer, conversation)


def test_agent_replies_reach_the_customers_events(
    customer: Api, agent: Api, conversation: str, handoff: str
) -> None:
    agent.post(f"/v1/handoffs/{handoff}/accept")
    before = events_of(customer, conversation)[-1]["seq"]
    agent.post(f"/v1/conversations/{conversation}/messages", {"text": "Grace here."})
    event = events_of(customer, conversation, after=before)[0]
    assert event["type"] == "message.created"
    assert event["data"]["message"]["author"] == "agent"
    assert event["data"]["message"]["author_name"] == "Grace Agent"


def test_who_did_not_accept_cannot_reply_but_may_note(
    agent: Api, colleague: Api, admin: Api, conversation: str, handoff: str
) -> None:
    path = f"/v1/conversations/{conversation}/messages"
    expect_problem(agent.post(path, {"text": "Hi"}), 409, code="not_assigned")
    agent.post(f"/v1/handoffs/{handoff}/accept")
    for other in (colleague, admin):
        expect_problem(other.post(path, {"text": "Hi"}), 409, code="not_assigned")
        assert other.post(path, {"text": "Look at the limits", "kind": "note"}).status_code == 202
    assert agent.post(path, {"text": "Hi"}).status_code == 202


STEPS = {"release": {}, "return": {}, "transfer": {"queue": "fraud"}}


@pytest.mark.parametrize("step", STEPS)
def test_a_colleague_cannot_act_on_what_another_holds(
    agent: Api, colleague: Api, handoff: str, step: str
) -> None:
    agent.post(f"/v1/handoffs/{handoff}/accept")
    answer = colleague.post(f"/v1/handoffs/{handoff}/{step}", STEPS[step])
    expect_problem(answer, 403, code="forbidden")


@pytest.mark.parametrize("step", STEPS)
def test_a_supervisor_can(agent: Api, supervisor: Api, handoff: str, step: str) -> None:
    agent.post(f"/v1/handoffs/{handoff}/accept")
    assert supervisor.post(f"/v1/handoffs/{handoff}/{step}", STEPS[step]).status_code == 200


@pytest.mark.parametrize("step", ["release", "return"])
def test_what_nobody_accepted_cannot_be_given_away(agent: Api, handoff: str, step: str) -> None:
    answer = agent.post(f"/v1/handoffs/{handoff}/{step}")
    expect_problem(answer, 409, code="handoff_waiting")


def test_released_customer_waits_again_and_another_may_accept(
    customer: Api, agent: Api, colleague: Api, conversation: str, handoff: str
) -> None:
    agent.post(f"/v1/handoffs/{handoff}/accept")
    released = agent.post(f"/v1/handoffs/{handoff}/release").json()
    assert (released["status"], released["assignee"]) == ("waiting", None)
    reply = agent.post(f"/v1/conversations/{conversation}/messages", {"text": "one more thing"})
    expect_problem(reply, 409, code="not_assigned")
    assert customer.say(conversation, "hello")["reply"] is None
    assert colleague.post(f"/v1/handoffs/{handoff}/accept").status_code == 200


def test_transferred_customer_waits_in_the_other_queue(
    customer: Api, agent: Api, conversation: str, handoff: str
) -> None:
    agent.post(f"/v1/handoffs/{handoff}/accept")
    moved = agent.post(f"/v1/handoffs/{handoff}/transfer", {"queue": "fraud"}).json()
    assert (moved["status"], moved["queue"]) == ("waiting", "fraud")
    assert customer.say(conversation, "hello")["reply"] is None
    listed = agent.get("/v1/handoffs?queue=fraud&limit=200").json()["items"]
    assert handoff in [item["id"] for item in listed]


def test_returned_conversation_is_answered_by_the_assistant(
    customer: Api, agent: Api, conversation: str, handoff: str
) -> None:
    agent.post(f"/v1/handoffs/{handoff}/accept")
    assert agent.post(f"/v1/handoffs/{handoff}/return").json()["status"] == "closed"
    assert customer.say(conversation, "hello")["reply"]["author"] == "assistant"
    state = customer.get(f"/v1/conversations/{conversation}").json()
    assert (state["status"], state["assignee"], state["handoff"]) == ("pending", None, None)


def test_resolving_closes_the_handoff(agent: Api, conversation: str, handoff: str) -> None:
    agent.post(f"/v1/handoffs/{handoff}/accept")
    assert agent.post(f"/v1/conversations/{conversation}/resolve").json()["handoff"] is None
    expect_problem(agent.post(f"/v1/handoffs/{handoff}/accept"), 409, code="handoff_closed")


def test_a_new_handoff_may_follow_a_closed_one(
    customer: Api, agent: Api, conversation: str, handoff: str
) -> None:
    agent.post(f"/v1/conversations/{conversation}/resolve")
    again = customer.post(f"/v1/conversations/{conversation}/handoff").json()
    assert again["id"] != handoff
    assert again["status"] == "waiting"


def test_queue_is_served_by_priority_then_age(agent: Api, crm: Api, service: Service) -> None:
    queue = f"q-{new_id()}"
    ids = {}
    for name, priority in (
        ("first-normal", "normal"),
        ("low", "low"),
        ("second-normal", "normal"),
        ("urgent", "urgent"),
        ("high", "high"),
    ):
        conversation = crm.open_conversation(channel="crm")
        with service.parts.database.write() as session:
            row = ConversationRepository(session).lock(conversation)
            ids[name] = (
                HandoffService(session)
                .request(
                    row,
                    reason=HandoffReason.RULE,
                    actor=SYSTEM,
                    queue=queue,
                    priority=priority,
                )
                .id
            )
    expected = ["urgent", "high", "first-normal", "second-normal", "low"]
    listed = agent.get(f"/v1/handoffs?queue={queue}").json()["items"]
    assert [item["id"] for item in listed] == [ids[name] for name in expected]
    assert [item["position"] for item in listed] == [1, 2, 3, 4, 5]
    agent.post(f"/v1/handoffs/{ids['urgent']}/accept")
    listed = agent.get(f"/v1/handoffs?queue={queue}&status=waiting").json()["items"]
    assert [item["position"] for item in listed] == [1, 2, 3, 4]
    queues = {item["name"]: item for item in agent.get("/v1/queues").json()["items"]}
    assert queues[queue]["waiting"] == 4


@pytest.mark.parametrize("step", ["accept", "release", "return", "transfer"])
def test_unknown_handoff_is_not_found(agent: Api, step: str) -> None:
    body = {"queue": "fraud"} if step == "transfer" else {}
    answer = agent.post(f"/v1/handoffs/{new_id()}/{step}", body)
    expect_problem(answer, 404, code="handoff_not_found")


@pytest.mark.parametrize("status", ["online", "away", "offline"])
def test_presence_is_remembered(agent: Api, status: str) -> None:
    agent.put("/v1/agents/me/presence", {"status": status})
    assert agent.get("/v1/agents/me/presence").json() == {"status": status}


@dataclass
class SlowClassifier:
    """Holds a turn until it is let go."""

    version: str = "slow"
    thresholds: Thresholds = field(default_factory=Thresholds)
    reached: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def classify(self, texts: Sequence[str], *, language: str) -> list[Classification]:
        self.reached.set()
        assert self.let_go.wait(20)
        return [Classification((IntentScore("greeting", 0.9),)) for _ in texts]


@pytest.fixture
def slow(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowClassifier]:
    classifier = SlowClassifier()
    router = IntentRouter(service.parts.router.taxonomy, classifier)
    monkeypatch.setattr(service.parts, "router", router)
    yield classifier
    classifier.let_go.set()


def test_reply_is_dropped_when_a_person_takes_over_meanwhile(
    customer: Api, agent: Api, service: Service, slow: SlowClassifier, conversation: str
) -> None:
    customer.post(f"/v1/conversations/{conversation}/messages", {"text": "hello"})
    assert slow.reached.wait(10)
    handoff = customer.post(f"/v1/conversations/{conversation}/handoff").json()["id"]
    agent.post(f"/v1/handoffs/{handoff}/accept")
    slow.let_go.set()
    endings = eventually(lambda: [e for e in turn_endings(service, conversation) if e])
    assert endings == ["person"]
    assert authors(customer, conversation) == ["customer"]
    with service.parts.database.read() as session:
        row = session.get_one(ConversationRecord, conversation)
    assert row.status == "open"


def test_reply_is_dropped_when_the_conversation_was_resolved_meanwhile(
    customer: Api, service: Service, slow: SlowClassifier, conversation: str
) -> None:
    customer.post(f"/v1/conversations/{conversation}/messages", {"text": "hello"})
    assert slow.reached.wait(10)
    customer.post(f"/v1/conversations/{conversation}/resolve")
    slow.let_go.set()
    eventually(lambda: [e for e in turn_endings(service, conversation) if e])
    assert authors(customer, conversation) == ["customer"]
