"""A customer says whether a cited answer helped: once for each answer, changeable, theirs alone."""

import pytest

from app.db.editorial import MessageCitationRecord, MessageRatingRecord
from tests.fixtures.callers import Api
from tests.fixtures.expectations import count_rows, expect_problem, thread_of
from tests.fixtures.service import Service
from tests.integration.editorial.support import ask, audited, rate, rating_path


def test_a_rating_can_change_and_comes_back_with_the_messages(
    service: Service, customer: Api, agent: Api
) -> None:
    conversation, reply = ask(customer)
    assert reply["rating"] is None
    path = rating_path(conversation, reply["id"])
    first = customer.put(path, {"helpful": False})
    assert first.json() == {"message_id": reply["id"], "helpful": False}
    rate(customer, conversation, reply["id"], helpful=True)
    rate(customer, conversation, reply["id"], helpful=True)
    for reader in (customer, agent):
        shown = {item["id"]: item["rating"] for item in thread_of(reader, conversation)}
        assert shown[reply["id"]] == {"helpful": True}
        assert list(shown.values()).count(None) == len(shown) - 1
    assert count_rows(service, MessageRatingRecord) == 1
    assert audited(service, "message.rated") == [conversation] * 2  # saying it again is no change


def test_what_a_reply_cites_is_kept_once_for_each_version(service: Service, customer: Api) -> None:
    _, reply = ask(customer)
    cited = {(one["document_id"], one["version"]) for one in reply["citations"]}
    assert len(cited) == 1
    assert count_rows(service, MessageCitationRecord, message_id=reply["id"]) == 1
    (document_id, version) = cited.pop()
    assert count_rows(service, MessageCitationRecord, document_id=document_id, version=version) == 1


def test_only_an_answer_with_sources_is_rated(customer: Api) -> None:
    conversation, reply = ask(customer, "hello there")
    assert reply["citations"] == []
    refused = customer.put(rating_path(conversation, reply["id"]), {"helpful": True})
    expect_problem(refused, 409, code="not_rateable")
    own = thread_of(customer, conversation)[0]["id"]
    refused = customer.put(rating_path(conversation, own), {"helpful": True})
    expect_problem(refused, 409, code="not_rateable")


def test_a_message_of_another_conversation_is_not_there(customer: Api) -> None:
    _, reply = ask(customer)
    other, _ = ask(customer)
    refused = customer.put(rating_path(other, reply["id"]), {"helpful": True})
    expect_problem(refused, 404, code="message_not_found")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("who", "status"),
    [("other_customer", 404), ("visitor", 404), ("agent", 403), ("crm", 403), ("anonymous", 401)],
)
def test_nobody_else_rates(
    service: Service, customer: Api, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    conversation, reply = ask(customer)
    caller: Api = request.getfixturevalue(who)
    expect_problem(caller.put(rating_path(conversation, reply["id"]), {"helpful": True}), status)
    assert count_rows(service, MessageRatingRecord) == 0


def test_a_rating_is_yes_or_no(customer: Api) -> None:
    conversation, reply = ask(customer)
    path = rating_path(conversation, reply["id"])
    expect_problem(customer.put(path, {"helpful": "yes"}), 422, field="helpful")
    expect_problem(customer.put(path, {}), 422, field="helpful")
