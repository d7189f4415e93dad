"""Every body refuses a value of another JSON type; every refusal is a short sentence of ours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from fastapi import FastAPI, Query
from fastapi.testclient import TestClient
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from app.experiments.schemas import EXAMPLE, ExperimentCreate
from app.knowledge.schemas import DocumentCreate, Moment
from app.problems import SENTENCES, install_problem_handlers, sentence_of
from app.schemas import Body, MessageText

WRONG: dict[type, tuple[object, ...]] = {
    int: ("5", True, 5.0, 5.5, [5], {}),
    float: ("1.5", True, [1.5], {}),
    bool: ("true", "false", 1, 0, []),
    str: (5, True, 1.5, ["a"], {}),
    datetime: (5, 5.5, "5", "-5", True, []),
    date: (5, 5.5, "5", "-5", True, []),
    list: ({}, "ab", 5, True),
    dict: ([], "ab", 5, [["a", "b"]]),
}


def bodies(base: type[BaseModel] = Body) -> Iterator[type[BaseModel]]:
    for body in base.__subclasses__():
        if body.__module__.startswith("app."):
            yield body
        yield from bodies(body)


def kinds_of(annotation: Any) -> set[type]:
    """The JSON types that a field takes."""
    if annotation is AwareDatetime:
        return {datetime}
    origin = get_origin(annotation)
    if origin is Annotated:
        return kinds_of(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return set().union(*(kinds_of(one) for one in get_args(annotation)))
    if origin is Literal:
        return {str}
    if isinstance(origin or annotation, type):
        kind = origin or annotation
        if issubclass(kind, BaseModel):
            return {dict}
        return {str} if issubclass(kind, str) else {kind}
    raise AssertionError(annotation)


FIELDS = {
    f"{body.__name__}.{name}": (body, name) for body in bodies() for name in body.model_fields
}


def test_the_bodies_are_found() -> None:
    assert len(FIELDS) > 40


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_refuses_every_other_json_type(field: str) -> None:
    body, name = FIELDS[field]
    (kind,) = kinds_of(body.model_fields[name].annotation) - {type(None)}
    for wrong in WRONG[kind]:
        with pytest.raises(ValidationError) as refused:
            body.model_validate({name: wrong})
        assert name in [error["loc"][0] for error in refused.value.errors()], wrong


def test_nested_values_are_strict_too() -> None:
    for change in (
        {"guardrails": [5]},
        {"variants": [{"key": "a", "weight": "1"}, {"key": "b"}]},
        {"variants": [["a"], ["b"]]},
    ):
        with pytest.raises(ValidationError):
            ExperimentCreate.model_validate({**EXAMPLE, **change})


def test_texts_for_moments_and_enumerations_are_read() -> None:
    assert ExperimentCreate.model_validate(EXAMPLE).primary_metric == "containment_rate"
    card = {
        "title": "A",
        "body": "B",
        "locale": "en",
        "effective_from": "2026-12-01T01:00:00+01:00",
    }
    document = DocumentCreate.model_validate(card)
    assert document.effective_from == datetime(2026, 12, 1, tzinfo=UTC)


class Inner(Body):
    x: int = 1


class Asked(Body):
    text: MessageText = "a"
    key: Annotated[str, Field(pattern="^[a-z]+$")] = "a"
    whole: Annotated[int, Field(ge=1, le=5)] = 1
    between: Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False)] = 0.5
    flag: bool = True
    few: Annotated[list[str], Field(min_length=1, max_length=2)] = Field(default=["a"])
    choice: Literal["a", "b"] = "a"
    only: Literal["a"] = "a"
    inner: Inner | None = None
    metadata: dict[str, str] = Field(default_factory=dict)
    at: Moment | None = None


SAID: dict[str, tuple[object, str]] = {
    "not-text": ({"text": 5}, "must be text"),
    "empty": ({"text": ""}, "at least 1 character"),
    "blank": ({"text": " "}, "must contain at least one visible character"),
    "long": ({"text": "a" * 4_001}, "at most 4000 characters"),
    "nul": ({"text": "\x00"}, "must not contain NUL characters"),
    "pattern": ({"key": "A"}, "must match the pattern ^[a-z]+$"),
    "not-whole": ({"whole": 1.5}, "must be a whole number"),
    "low": ({"whole": 0}, "must be at least 1"),
    "high": ({"whole": 6}, "must be at most 5"),
    "no-number": ({"between": "x"}, "must be a number"),
    "bound-below": ({"between": 0}, "must be greater than 0.0"),
    "bound-above": ({"between": 1}, "must be less than 1.0"),
    "no-flag": ({"flag": 1}, "must be true or false"),
    "no-list": ({"few": {}}, "must be a list: a valid array"),
    "few": ({"few": []}, "at least 1 item"),
    "many": ({"few": ["a"] * 3}, "at most 2 items"),
    "choice": ({"choice": "c"}, "must be one of 'a' or 'b'"),
    "only": ({"only": "c"}, "must be 'a'"),
    "no-object": ({"inner": []}, "must be an object"),
    "no-dict": ({"metadata": []}, "must be an object"),
    "unknown": ({"bogus": 1}, "unknown field: not permitted"),
    "no-moment": ({"at": "soon-ish"}, "must be a moment such as 2026-12-01T00:00:00Z"),
    "second-count": ({"at": 5}, "must be a moment such as 2026-12-01T00:00:00Z"),
    "no-zone": (
        {"at": "2026-12-01T00:00:00"},
        "must be a moment with its time zone, such as 2026-12-01T00:00:00Z",
    ),
    "body-is-a-list": ([], "must be an object"),
}


@pytest.fixture(scope="module")
def door() -> Iterator[TestClient]:
    """One door that takes a body of every kind of field, and a lax query."""
    service = FastAPI()
    install_problem_handlers(service)

    def ask(_: Asked, limit: Annotated[int, Query(ge=1)] = 1) -> int:
        return limit

    service.post("/ask")(ask)
    with TestClient(service) as client:
        yield client


@pytest.mark.parametrize("name", SAID)
def test_a_refusal_names_the_limit_in_our_words(door: TestClient, name: str) -> None:
    body, sentence = SAID[name]
    answer = door.post("/ask", json=body)
    assert answer.status_code == 422, answer.text
    assert [error["message"] for error in answer.json()["errors"]] == [sentence]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"{", "must be JSON"),
        (b"", "required, but missing"),
        (b'{"text": "\\ud800"}', "must be text that is valid Unicode"),
        (b'{"between": NaN}', "must be a finite number"),
    ],
    ids=["cut", "none", "surrogate", "nan"],
)
def test_a_raw_body_is_refused_in_our_words(door: TestClient, raw: bytes, sentence: str) -> None:
    answer = door.post("/ask", content=raw, headers={"Content-Type": "application/json"})
    assert [error["message"] for error in answer.json()["errors"]] == [sentence]


def test_a_query_stays_lax(door: TestClient) -> None:
    assert door.post("/ask?limit=5", json={}).json() == 5
    refused = door.post("/ask?limit=x", json={}).json()["errors"]
    assert refused == [{"field": "limit", "message": "must be a whole number"}]


def test_a_limit_is_named_without_the_context_too() -> None:
    """The knowledge doors leave the context of an error out."""
    for body, sentence in SAID.values():
        with pytest.raises(ValidationError) as refused:
            Asked.model_validate(body)
        (error,) = refused.value.errors(include_context=False)
        assert sentence_of(error).replace("pattern '^[a-z]+$'", "pattern ^[a-z]+$") in (
            sentence,
            sentence.replace(".0", ""),
        )


def test_no_sentence_speaks_of_input_or_validation() -> None:
    for sentence in SENTENCES.values():
        assert "nput" not in sentence
        assert "validation" not in sentence
