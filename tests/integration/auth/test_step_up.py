"""One-time codes: bound to a conversation and an action, few tries, short life, no flood."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.auth.step_up import MAX_CHALLENGES_PER_HOUR, reached_level
from app.clock import utc_now
from app.db.conversation import ConversationRecord
from app.db.credential import StepUpChallengeRecord
from app.ids import new_id
from routing import Level
from tests.fixtures.callers import Api
from tests.fixtures.expectations import expect_problem
from tests.fixtures.service import Service


def ask(api: Api, conversation: str, action: str = "balance_inquiry") -> str:
    answer = api.post(f"/v1/conversations/{conversation}/verification", {"action": action})
    assert answer.status_code == 201, answer.text
    challenge: str = answer.json()["id"]
    return challenge


def newest_code(service: Service) -> str:
    found = re.search(r"\d{6}", service.phone()[-1]["text"])
    assert found is not None
    return found.group()


def enter(api: Api, conversation: str, challenge: str, code: str) -> tuple[int, str | None]:
    path = f"/v1/conversations/{conversation}/verification/{challenge}"
    answer = api.put(path, {"code": code})
    return answer.status_code, answer.json().get("code")


def level_of(service: Service, conversation: str, action: str) -> Level:
    with service.parts.database.read() as session:
        row = session.get_one(ConversationRecord, conversation)
        return reached_level(session, row, action)


def change(service: Service, challenge: str, **values: object) -> None:
    with service.parts.database.write() as session:
        session.execute(
            update(StepUpChallengeRecord)
            .where(StepUpChallengeRecord.id == challenge)
            .values(**values)
        )


@pytest.fixture
def conversation(customer: Api) -> str:
    return customer.open_conversation()


def test_code_raises_the_level_for_its_action_only(
    customer: Api, service: Service, conversation: str
) -> None:
    challenge = ask(customer, conversation)
    assert enter(customer, conversation, challenge, newest_code(service)) == (200, None)
    assert level_of(service, conversation, "balance_inquiry") is Level.OTP
    assert level_of(service, conversation, "card_freeze") is Level.IDENTIFIED
    other = customer.open_conversation()
    assert level_of(service, other, "balance_inquiry") is Level.IDENTIFIED


def test_level_is_lost_after_its_time(customer: Api, service: Service, conversation: str) -> None:
    challenge = ask(customer, conversation)
    enter(customer, conversation, challenge, newest_code(service))
    change(service, challenge, level_until=utc_now() - timedelta(seconds=1))
    assert level_of(service, conversation, "balance_inquiry") is Level.IDENTIFIED


def test_code_works_once(customer: Api, service: Service, conversation: str) -> None:
    challenge = ask(customer, conversation)
    code = newest_code(service)
    enter(customer, conversation, challenge, code)
    assert enter(customer, conversation, challenge, code) == (409, "challenge_expired")


def test_expired_code_is_refused(customer: Api, service: Service, conversation: str) -> None:
    challenge = ask(customer, conversation)
    change(service, challenge, expires_at=utc_now() - timedelta(seconds=1))
    result = enter(customer, conversation, challenge, newest_code(service))
    assert result == (409, "challenge_expired")


def test_newer_code_ends_the_older_one(customer: Api, service: Service, conversation: str) -> None:
    first = ask(customer, conversation)
    code = newest_code(service)
    ask(customer, conversation)
    assert enter(customer, conversation, first, code) == (409, "challenge_expired")


def test_five_wrong_tries_lock_the_challenge(
    customer: Api, service: Service, conversation: str
) -> None:
    challenge = ask(customer, conversation)
    right = newest_code(service)
    wrong = "000000" if right != "000000" else "111111"
    results = [enter(customer, conversation, challenge, wrong) for _ in range(5)]
    assert results == [(422, "wrong_code")] * 4 + [(429, "challenge_locked")]
    assert enter(customer, conversation, challenge, right) == (429, "challenge_locked")
    assert level_of(service, conversation, "balance_inquiry") is Level.IDENTIFIED


def test_challenge_of_another_conversation_is_unknown(
    customer: Api, other_customer: Api, service: Service, conversation: str
) -> None:
    challenge = ask(customer, conversation)
    theirs = other_customer.open_conversation()
    result = enter(other_customer, theirs, challenge, newest_code(service))
    assert result == (404, "challenge_not_found")
    assert enter(customer, conversation, new_id(), "123456") == (404, "challenge_not_found")


def test_code_may_be_typed_with_spaces(customer: Api, service: Service, conversation: str) -> None:
    challenge = ask(customer, conversation)
    code = newest_code(service)
    assert enter(customer, conversation, challenge, f"{code[:3]} {code[3:]}") == (200, None)


@pytest.mark.parametrize("code", ["12345a", "١٢٣٤٥٦", "", "1" * 13, "1.5e10"])
def test_what_is_no_code_costs_no_try(
    customer: Api, service: Service, conversation: str, code: str
) -> None:
    challenge = ask(customer, conversation)
    assert enter(customer, conversation, challenge, code) == (422, "bad_input")
    with service.parts.database.read() as session:
        assert session.get_one(StepUpChallengeRecord, challenge).attempts == 0


def test_codes_of_a_conversation_are_counted(customer: Api, conversation: str) -> None:
    for _ in range(MAX_CHALLENGES_PER_HOUR):
        ask(customer, conversation)
    path = f"/v1/conversations/{conversation}/verification"
    answer = customer.post(path, {"action": "card_freeze"})
    expect_problem(answer, 429, code="too_many_codes")
    assert int(answer.headers["Retry-After"]) > 0


def test_visitor_cannot_be_verified(visitor: Api) -> None:
    conversation = visitor.open_conversation()
    path = f"/v1/conversations/{conversation}/verification"
    answer = visitor.post(path, {"action": "balance_inquiry"})
    expect_problem(answer, 403, code="not_identified")


def test_customer_whom_the_bank_does_not_know_cannot_be_verified(crm: Api) -> None:
    conversation = crm.open_conversation(channel="crm", customer={"external_id": "nobody-2"})
    path = f"/v1/conversations/{conversation}/verification"
    answer = crm.post(path, {"action": "balance_inquiry"})
    expect_problem(answer, 403, code="not_identified")


def test_code_is_stored_as_a_hash_and_shown_to_nobody(
    customer: Api, agent: Api, service: Service, conversation: str
) -> None:
    challenge = ask(customer, conversation)
    code = newest_code(service)
    with service.parts.database.read() as session:
        row = session.get_one(StepUpChallengeRecord, challenge)
        assert code not in row.code_hash
        assert len(row.code_hash) == 64
    for api in (customer, agent):
        state = api.get(f"/v1/conversations/{conversation}").json()
        assert state["verification"]["pending"]["sent_to"] == "+353 •••• 0101"
        assert code not in str(api.get(f"/v1/conversations/{conversation}/events").json()["events"])
