"""A turn that is run again, late or by two runners still ends once; its effects happen once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.banking.client import CardStatus
from app.banking.demo_client import operations
from app.clock import utc_now
from app.conversations.service import RUN_TURN
from app.db.conversation import MessageRecord, TurnRecord
from app.db.decision import DecisionRecord
from app.db.job import JobRecord
from app.dialogue.tasks import run_turn
from app.jobs import repository
from app.jobs.runner import JobRun, LeaseLost
from tests.fixtures.callers import Api
from tests.fixtures.expectations import count_rows, eventually, thread_of
from tests.fixtures.service import Service
from tests.integration.dialogue.test_endings import card_states, enter_latest_code, said


@pytest.fixture
def service(each_shared_service: Service) -> Service:
    return each_shared_service


def turn_of(service: Service, conversation: str) -> TurnRecord:
    with service.parts.database.read() as session:
        return session.scalars(
            select(TurnRecord)
            .where(TurnRecord.conversation_id == conversation)
            .order_by(TurnRecord.message_seq.desc())
            .limit(1)
        ).one()


def job_of(service: Service, key: str) -> JobRecord:
    with service.parts.database.read() as session:
        return session.scalars(select(JobRecord).where(JobRecord.key == key)).one()


def offer_again(service: Service, job_id: str) -> None:
    with service.parts.database.write() as session:
        session.execute(
            update(JobRecord)
            .where(JobRecord.id == job_id)
            .values(state="ready", run_after=utc_now(), finished_at=None)
        )


def test_turn_that_is_run_twice_ends_once(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    customer.say(conversation, "hello")
    turn = turn_of(service, conversation)
    offer_again(service, job_of(service, f"turn:{turn.id}").id)
    service.parts.runner.run(job_of(service, f"turn:{turn.id}").id)
    eventually(lambda: job_of(service, f"turn:{turn.id}").state == "done")
    assert len(thread_of(customer, conversation)) == 2
    assert count_rows(service, DecisionRecord, conversation_id=conversation) == 1
    assert turn_of(service, conversation).ended_at == turn.ended_at


def test_ten_runners_at_once_end_a_turn_once(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    sent = customer.post(f"/v1/conversations/{conversation}/messages", {"text": "hello"})
    assert sent.status_code == 202
    job = job_of(service, f"turn:{turn_of(service, conversation).id}")
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(service.parts.runner.run, [job.id] * 10))
    eventually(lambda: turn_of(service, conversation).ending)
    replies = {"conversation_id": conversation, "author": "assistant"}
    assert count_rows(service, MessageRecord, **replies) == 1


def test_outdated_run_of_a_turn_changes_nothing(customer: Api, service: Service) -> None:
    conversation = customer.open_conversation()
    customer.say(conversation, "hello")
    turn = turn_of(service, conversation)
    job = job_of(service, f"turn:{turn.id}")
    with service.parts.database.write() as session:
        session.execute(update(TurnRecord).where(TurnRecord.id == turn.id).values(ending=None))
        session.execute(
            update(MessageRecord).where(MessageRecord.turn_id == turn.id).values(turn_id=None)
        )
        session.execute(
            update(JobRecord)
            .where(JobRecord.id == job.id)
            .values(state="running", fence=7, lease_until=utc_now() + timedelta(minutes=1))
        )
    lease = repository.Lease(job.id, RUN_TURN, {"turn_id": turn.id}, 1, 4, fence=6)
    with pytest.raises(LeaseLost):
        run_turn(service.parts, JobRun(service.parts.database, lease), turn_id=turn.id)
    assert turn_of(service, conversation).ending is None
    assert len(thread_of(customer, conversation)) == 2


def operation_count(service: Service, key: str) -> int:
    client: Any = service.parts.bank._client
    with client.engine.connect() as connection:
        found = select(operations).where(operations.c.idempotency_key == key)
        return len(connection.execute(found).all())


def test_card_freeze_takes_effect_once_although_its_turn_runs_twice(
    service: Service, request: pytest.FixtureRequest
) -> None:
    """The second run comes after the customer unfroze the card: it must not freeze it again."""
    customer: Api = request.getfixturevalue("other_customer")
    conversation = customer.open_conversation()
    customer.say(conversation, "Please freeze my card")
    enter_latest_code(customer, service, conversation)
    said(customer, conversation, "is frozen")
    customer.say(conversation, "Please freeze my card")
    turn = turn_of(service, conversation)
    assert operation_count(service, turn.id) == 1
    ending = next(iter(card_states(service, "cust-1002")))
    client: Any = service.parts.bank._client
    client.set_card_status(
        "cust-1002",
        "cust-1002-card-1",
        CardStatus.ACTIVE,
        idempotency_key=f"unfreeze:{conversation}",
    )
    with service.parts.database.write() as session:
        session.execute(update(TurnRecord).where(TurnRecord.id == turn.id).values(ending=None))
        session.execute(
            update(MessageRecord).where(MessageRecord.turn_id == turn.id).values(turn_id=None)
        )
    job = job_of(service, f"turn:{turn.id}")
    offer_again(service, job.id)
    service.parts.runner.run(job.id)
    eventually(lambda: turn_of(service, conversation).ending)
    assert operation_count(service, turn.id) == 1
    assert card_states(service, "cust-1002")[ending] == "active"
