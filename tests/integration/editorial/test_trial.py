"""Test this question: the whole way to an answer, or to the reason why there is none."""

from datetime import timedelta
from typing import Any

import pytest

from app.audit_trail import SYSTEM
from app.clock import utc_now
from app.db.decision import DecisionRecord
from app.knowledge.indexing import build_index, index_folder
from app.knowledge.releases import ReleaseService
from knowledge_base import IndexUnavailable, LiveKnowledgeBase
from tests.fixtures.callers import Api, widget_api
from tests.fixtures.expectations import count_rows, expect_problem
from tests.fixtures.reranker import Favourite
from tests.fixtures.service import Service
from tests.integration.editorial.support import ANSWERED, ask, publish, understand_coins

TEST = "/v1/knowledge/test"
VAULT = "Where is the marmalade vault?"
VAULT_BODY = "## Where is the marmalade vault?\n\nThe marmalade vault is below the old mill."
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def probe(api: Api, question: str = VAULT, **more: Any) -> dict[str, Any]:
    answer = api.post(TEST, {"question": question, "locale": "en"} | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_passage_is_shown_with_what_put_it_there(service: Service, editor: Api) -> None:
    found = probe(editor, ANSWERED)
    assert (found["outcome"], found["index_version"]) == (
        "answered",
        service.parts.knowledge.index_version,
    )
    best = found["hits"][0]
    assert (best["rank"], best["title"], best["current"]) == (1, "Activate your card", True)
    assert best["headings"] == ["How do I activate my new card?"]
    assert best["text"].startswith("Your new card is activated")
    assert best["intents"] == ["card_activation"]
    for score in ("score", "dense_score", "keyword_score", "confidence"):
        assert isinstance(best[score], float), score
    assert set(best["signals"]) == {"cosine", "examples", "strangers", "keywords", "coverage"}
    assert found["confidence"] == best["confidence"] >= found["accept"]
    assert found["citations"][0]["quote"] in found["answer"]


def test_what_a_reranker_said_is_shown(service: Service, editor: Api) -> None:
    assert {hit["rerank_score"] for hit in probe(editor, ANSWERED)["hits"]} == {None}
    reranker = Favourite("card")
    build_index(service.parts.database, service.settings, service.parts.encoder, reranker=reranker)
    service.parts.knowledge = LiveKnowledgeBase(
        index_folder(service.settings), service.parts.encoder, now=utc_now, reranker=reranker
    )
    scores = [hit["rerank_score"] for hit in probe(editor, ANSWERED)["hits"]]
    assert scores[0] > 0
    assert scores == sorted(scores, reverse=True)


def test_it_answers_as_a_customer_is_answered(service: Service, editor: Api) -> None:
    _, reply = ask(widget_api(service))
    found = probe(editor, ANSWERED)
    assert found["answer"] == reply["text"]
    assert [one["chunk_id"] for one in found["citations"]] == [
        one["chunk_id"] for one in reply["citations"]
    ]


def test_the_intent_is_the_routers_unless_one_is_named(service: Service, editor: Api) -> None:
    understand_coins(service)
    routed = probe(editor, "deliver foreign coins")["intent"]
    assert (routed["name"], routed["source"], routed["route"]) == (
        "exchange_rate",
        "router",
        "knowledge",
    )
    assert routed["label"]["en"]
    given = probe(editor, "deliver foreign coins", intent="card_activation")
    assert (given["intent"]["name"], given["intent"]["source"]) == ("card_activation", "given")
    assert given["attempts"][0]["asked"] == "deliver foreign coins"
    lost = probe(editor, "tell me about penguins")["intent"]
    assert (lost["name"], lost["out_of_scope"]) == (None, True)
    refused = editor.post(TEST, {"question": "x", "locale": "en", "intent": "no_such_intent"})
    expect_problem(refused, 422, field="intent")


def test_what_is_not_sure_enough_says_so(editor: Api) -> None:
    found = probe(editor, "tell me about penguins")
    assert (found["outcome"], found["answer"], found["citations"]) == ("below_threshold", None, [])
    assert found["hits"]
    assert found["confidence"] < found["accept"]


def test_an_article_for_others_is_named_as_hidden(service: Service, editor: Api) -> None:
    publish(service, title="Vault", body=VAULT_BODY, audience="staff")
    found = probe(editor)
    assert VAULT_BODY not in str(found["hits"])
    assert ("Vault", "audience") in [(one["title"], one["because"]) for one in found["hidden"]]
    inside = probe(editor, audience="staff")
    assert inside["hits"][0]["title"] == "Vault"
    assert "Vault" not in [one["title"] for one in inside["hidden"]]
    chinese = probe(editor, locale="zh", audience="staff")
    assert ("Vault", "locale") in [(one["title"], one["because"]) for one in chinese["hidden"]]


def test_another_day_can_be_asked_for(service: Service, editor: Api) -> None:
    tomorrow = utc_now() + timedelta(days=1)
    publish(service, title="Vault", body=VAULT_BODY, effective_from=tomorrow)
    assert "Vault" not in [hit["title"] for hit in probe(editor)["hits"]]
    later = (tomorrow + timedelta(hours=1)).isoformat()
    found = probe(editor, as_of=later)
    assert (found["outcome"], found["hits"][0]["title"]) == ("answered", "Vault")
    assert found["as_of"] == later.replace("+00:00", "Z")


def test_what_was_deleted_is_not_shown_while_the_index_lags(
    service: Service, editor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    document_id = publish(service, title="Vault", body=VAULT_BODY)
    assert probe(editor)["outcome"] == "answered"
    with service.parts.database.write() as session:
        monkeypatch.setattr(ReleaseService, "request_reindex", lambda _self: None)
        ReleaseService(session, SYSTEM).delete(document_id)
    found = probe(editor)
    assert (found["outcome"], found["answer"], found["citations"]) == ("not_current", None, [])
    (gone,) = [hit for hit in found["hits"] if hit["document_id"] == document_id]
    assert (gone["current"], gone["title"], gone["headings"], gone["text"]) == (False, "", [], "")
    assert document_id not in [one["document_id"] for one in found["hidden"]]


def test_without_an_index_that_is_said(
    service: Service, editor: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(service.parts.knowledge), "retriever", lambda _s, _a=None: None)
    found = probe(editor)
    assert (found["outcome"], found["hits"]) == ("no_index", [])

    def damaged(_self: object, _as_of: object = None) -> None:
        raise IndexUnavailable("damaged")

    monkeypatch.setattr(type(service.parts.knowledge), "retriever", damaged)
    refused = editor.post(TEST, {"question": VAULT, "locale": "en"})
    expect_problem(refused, 503, code="index_unavailable")


@on_sqlite
def test_nothing_is_kept_and_a_repeated_request_is_the_same(service: Service, editor: Api) -> None:
    body = {"question": "charge 4111 1111 1111 1111", "locale": "en"}
    key = {"Idempotency-Key": "once"}
    first = editor.post(TEST, body, headers=key)
    assert "4111 1111" not in first.text
    assert editor.post(TEST, body, headers=key).json() == first.json()
    reused = editor.post(TEST, body | {"locale": "zh"}, headers=key)
    expect_problem(reused, 422, code="idempotency_key_reused")
    assert count_rows(service, DecisionRecord) == 0


@on_sqlite
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"question": " "}, "question"),
        ({"question": "x" * 4_001}, "question"),
        ({"locale": "fr"}, "locale"),
        ({"audience": "everybody"}, "audience"),
        ({"as_of": "2026-11-28T10:00:00"}, "as_of"),
        ({"as_of": 5}, "as_of"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_field_is_named(editor: Api, change: dict[str, Any], field: str) -> None:
    refused = editor.post(TEST, {"question": VAULT, "locale": "en"} | change)
    expect_problem(refused, 422, field=field)


@on_sqlite
@pytest.mark.parametrize(
    ("who", "status"), [("supervisor", 200), ("crm", 200), ("agent", 403), ("customer", 403)]
)
def test_testing_is_for_editors(
    service: Service, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    caller: Api = request.getfixturevalue(who)
    answer = caller.post(TEST, {"question": VAULT, "locale": "en"})
    assert answer.status_code == status
