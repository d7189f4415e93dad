"""Promise 4: secrets that people type reach no table, log line, job, event, prompt or screen."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from app.generation import GenerationRequest, GeneratorHealth
from tests.fixtures.callers import Api, crm_api, staff_api, widget_api
from tests.fixtures.service import Service
from tests.journeys.secrets_planted import Planted, find_in_clear, plant

SEED = 20261123
PER_CONVERSATION = 8

pytestmark = [pytest.mark.journey, pytest.mark.slow]


class RecordingGenerator:
    """Answers one line and remembers every prompt."""

    name = "recording"

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def stream(self, request: GenerationRequest) -> Iterator[str]:
        self.prompts.append("\n".join(message.text for message in request.messages))
        yield "Compound interest is interest on interest."

    def health(self) -> GeneratorHealth:
        return GeneratorHealth(ready=True, detail="recording")

    def close(self) -> None:
        pass


@pytest.fixture
def planted() -> list[Planted]:
    return plant(SEED)


@pytest.fixture
def talkative(database_url: str, serve: Callable[..., Service]) -> Service:
    limits = {"message_limit_per_minute": 100_000, "rate_limit_per_minute": 100_000}
    service = serve(database_url, security=limits)
    service.parts.generator = RecordingGenerator()
    return service


def test_planted_secrets_are_nowhere_in_clear(
    talkative: Service,
    planted: list[Planted],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    caplog.set_level(logging.DEBUG)
    assert len(planted) >= 60
    answers = [
        *_customer_says(widget_api(talkative, "cust-1001"), planted),
        *_crm_sends(crm_api(talkative), planted),
        *_agent_writes(talkative, planted),
    ]
    generator = talkative.parts.generator
    assert isinstance(generator, RecordingGenerator)
    assert len(generator.prompts) >= len(planted) // PER_CONVERSATION
    captured = capfd.readouterr()
    places = {
        **_every_text_column(talkative.parts.database.engine),
        "log": caplog.text + captured.out + captured.err,
        "prompts": "\n".join(generator.prompts),
        "answers to callers": "\n".join(answers),
    }
    hits = {
        place: found for place, text in places.items() if (found := find_in_clear(planted, text))
    }
    line = f"{len(planted)} secrets by 9 ways, {len(places)} places searched, {len(hits)} with hits"
    print(line)
    record_property("secrets", line)
    assert hits == {}, hits


def test_the_search_finds_what_is_there(planted: list[Planted]) -> None:
    """The control: every planted sentence, unfiltered, gives its secret away."""
    missed = [one.text for one in planted if not find_in_clear([one], one.text)]
    assert missed == []


def _customer_says(customer: Api, planted: list[Planted]) -> list[str]:
    """In messages, feedback, handoff notes, questions; then a prompt that carries the history."""
    seen = []
    for at in range(0, len(planted), PER_CONVERSATION):
        some = planted[at : at + PER_CONVERSATION]
        conversation = customer.open_conversation(metadata={"note": some[0].text[:500]})
        for one in some[:-1]:
            seen.append(json.dumps(customer.say(conversation, one.text), ensure_ascii=False))
            conversation = _one_that_listens(customer, conversation)
        last = f"Explain compound interest. {some[-1].text}"
        seen.append(json.dumps(customer.say(conversation, last), ensure_ascii=False))
        path = f"/v1/conversations/{conversation}"
        rated = customer.post(f"{path}/feedback", {"rating": 3, "comment": some[0].text})
        asked = customer.post(f"{path}/handoff", {"note": some[-1].text})
        assert (rated.status_code, asked.status_code) == (200, 201)
        seen += [rated.text, asked.text, customer.get(f"{path}/messages").text]
        seen.append(customer.get(f"{path}/events").text)
    return seen


def _one_that_listens(customer: Api, conversation: str) -> str:
    """The same conversation, or a new one once a person holds it."""
    state = customer.get(f"/v1/conversations/{conversation}").json()
    return conversation if state["status"] == "pending" else customer.open_conversation()


def _crm_sends(crm: Api, planted: list[Planted]) -> list[str]:
    """To be routed, as history, in batches, as metadata, as a question, as a search."""
    seen = []
    for one in planted:
        history = [{"author": "customer", "text": one.text}]
        routed = crm.post("/v1/route", {"text": one.text, "history": history})
        assert routed.status_code == 200, routed.text
        seen.append(routed.text)
        metadata = {"reason": one.text}
        if one.kind.startswith("card"):  # as a name, too; four bare digits alone mean nothing
            metadata[one.value] = "seen"
        customer = {"external_id": "cust-1002", "name": one.text[:200]}
        opened = crm.post(
            "/v1/conversations", {"channel": "crm", "metadata": metadata, "customer": customer}
        )
        assert opened.status_code == 201, opened.text
        seen.append(opened.text)
        crm.post("/v1/knowledge/search", {"query": one.text})
        crm.post("/v1/knowledge/answer", {"question": one.text})
    batch = crm.post("/v1/route/batch", {"texts": [one.text for one in planted]})
    assert batch.status_code == 200, batch.text
    return [*seen, batch.text]


def _agent_writes(service: Service, planted: list[Planted]) -> list[str]:
    """Replies and notes of a person who repeats what the customer said on the phone."""
    visitor, agent = widget_api(service), staff_api(service, "agent")
    conversation = visitor.open_conversation()
    handoff = visitor.post(f"/v1/conversations/{conversation}/handoff").json()["id"]
    assert agent.post(f"/v1/handoffs/{handoff}/accept").status_code == 200
    path = f"/v1/conversations/{conversation}/messages"
    seen = []
    for one in planted:
        for kind in ("text", "note"):
            sent = agent.post(path, {"text": one.text, "kind": kind})
            assert sent.status_code == 202, sent.text
            seen.append(sent.text)
    return [*seen, agent.get(path, params={"limit": 100}).text, visitor.get(path).text]


def _every_text_column(engine: sa.Engine) -> dict[str, str]:
    """Everything that the database holds, column by column, as text."""
    tables = sa.MetaData()
    tables.reflect(engine)
    places: dict[str, str] = {}
    with engine.connect() as connection:
        for table in tables.sorted_tables:
            for column in table.columns:
                values = connection.scalars(sa.select(column).where(column.is_not(None)))
                texts = [_as_text(value) for value in values]
                places[f"{table.name}.{column.name}"] = "\n".join(texts)
    assert "messages.text" in places
    return places


def _as_text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, int | float):
        return ""  # counters and scores, nothing that anybody typed
    if isinstance(value, str):
        text = str(value)
        # JSON columns come as text on SQLite: undo its escapes, or Chinese stays invisible
        return json.dumps(_parsed(text), ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, default=str)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
