"""Every operation of /openapi.json under generated input: no 5xx, and every refusal is a problem.

Four callers: the CRM key, an administrator, a widget session, nobody. Half of the calls name things
that exist: input gets past the first 404. SWITCHBOARD_TEST_EXAMPLES multiplies the examples.
"""

import os
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, strategies
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.fixtures.callers import Api, crm_api, staff_api, widget_api
from tests.fixtures.service import Service

TIMES = int(os.environ.get("SWITCHBOARD_TEST_EXAMPLES", "1"))
EXAMPLES = {"crm": 20, "admin": 14, "widget": 10, "anonymous": 4}  # for each operation
KINDS = {"crm": "postgresql", "admin": "sqlite", "widget": "postgresql", "anonymous": "sqlite"}
PROBLEM = "application/problem+json"
LIMITS = (
    "rate_limit_per_minute",
    "integration_limit_per_minute",
    "message_limit_per_minute",
    "anonymous_sessions_per_minute",
    "login_attempts_per_minute",
)
SIGN_OUT = "/v1/auth/logout"  # called last
LONGEST_WAIT = 0.1  # seconds; the contract allows a minute
AnyCase = Case[Any]
AnyOperation = APIOperation[Any, Any, Any, Any]

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(300 * TIMES)]


class Fuzzed(NamedTuple):
    """What a run saw."""

    statuses: Counter[int]
    wrong: set[str]


@pytest.fixture
def open_service(database_url: str, serve: Callable[..., Service]) -> Service:
    """A service whose rate limits do not end the test early."""
    return serve(database_url, security=dict.fromkeys(LIMITS, 10_000_000))


@pytest.mark.parametrize(("caller", "database_url"), KINDS.items(), indirect=["database_url"])
def test_no_server_error_and_every_refusal_is_a_problem(
    caller: str, open_service: Service, record_property: Callable[[str, object], None]
) -> None:
    api = _api(open_service, caller)
    known = _existing_things(open_service)
    app = _without_lifespan(open_service.client.app)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    seen = Fuzzed(Counter(), set())
    operations = [_valid(result) for result in schema.get_all_operations()]
    for operation in sorted(operations, key=lambda one: one.path == SIGN_OUT):
        _fuzz(operation, api, known, seen, caller=caller)
    cases = seen.statuses.total()
    line = f"{caller}: {cases} cases over {len(operations)} operations: {dict(seen.statuses)}"
    print(line)
    record_property("fuzzed", line)
    assert sorted(seen.wrong) == []
    assert cases >= len(operations)


def _valid(result: Any) -> AnyOperation:
    """The operation; an invalid schema raises."""
    operation: AnyOperation = result.ok()
    return operation


def _fuzz(
    operation: AnyOperation, api: Api, known: dict[str, str], seen: Fuzzed, *, caller: str
) -> None:
    """Generate cases of one operation, valid and not, the same in every run."""
    cases = strategies.one_of(
        operation.as_strategy(GenerationMode.POSITIVE),
        operation.as_strategy(GenerationMode.NEGATIVE),
    )

    @hypothesis.settings(
        max_examples=EXAMPLES[caller] * TIMES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=cases, names_known=strategies.booleans())
    def call(case: AnyCase, names_known: bool) -> None:
        if names_known:
            _name_existing(case, known)
        _shorten_waits(case)
        if caller != "anonymous":  # a generated key in front of the real one hides the operation
            case.headers.pop("Authorization", None)
            case.cookies.clear()
        response = case.call(headers=api.headers, cookies=api.cookies)
        seen.statuses[response.status_code] += 1
        seen.wrong.update(_objections(case, response))

    call()


def _without_lifespan(app: ASGIApp) -> ASGIApp:
    """The service runs already: a client that comes and goes must not start and stop it."""

    async def running(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})

    return running


def _objections(case: AnyCase, response: Any) -> list[str]:
    status, name = response.status_code, f"{case.operation.label} -> {response.status_code}"
    if status >= 500:
        return [f"{name}: {case.as_curl_command()[:600]}"]
    if status < 400:
        return []
    if response.headers.get("content-type", [""])[0] != PROBLEM:
        return [f"{name}: not a problem document"]
    body = response.json()
    missing = {"type", "title", "status", "detail", "code", "request_id"} - set(body)
    if missing or not body["code"] or not body["request_id"] or body["status"] != status:
        return [f"{name}: {body} lacks {missing}"]
    return []


def _name_existing(case: AnyCase, known: dict[str, str]) -> None:
    for name in case.path_parameters or {}:
        if name in known:
            case.path_parameters[name] = known[name]


def _shorten_waits(case: AnyCase) -> None:
    for name in ("wait", "timeout"):
        value = (case.query or {}).get(name)
        if isinstance(value, int | float) and LONGEST_WAIT < value <= 60:
            case.query[name] = LONGEST_WAIT


def _api(service: Service, caller: str) -> Api:
    if caller == "crm":
        return crm_api(service)
    if caller == "admin":
        return staff_api(service, "admin")
    return widget_api(service, "cust-1001") if caller == "widget" else Api(service)


def _existing_things(service: Service) -> dict[str, str]:
    """One of each thing that a path can name."""
    customer, crm = widget_api(service, "cust-1001"), crm_api(service)
    conversation = customer.open_conversation()
    asked = customer.post(
        f"/v1/conversations/{conversation}/verification", {"action": "balance_inquiry"}
    )
    handoff = customer.post(f"/v1/conversations/{conversation}/handoff")
    document = crm.post(
        "/v1/knowledge/documents",
        {"title": "Fees", "body": "None.", "format": "markdown", "locale": "en"},
    )
    experiment = crm.post(
        "/v1/experiments",
        {
            "key": "tone",
            "hypothesis": "Warmer words contain more.",
            "unit": "customer",
            "variants": [{"key": "a", "weight": 1}, {"key": "b", "weight": 1}],
            "primary_metric": "containment_rate",
        },
    )
    for made in (asked, handoff, document, experiment):
        assert made.status_code in {200, 201}, made.text
    return {
        "conversation_id": conversation,
        "challenge_id": asked.json()["id"],
        "handoff_id": handoff.json()["id"],
        "document_id": document.json()["id"],
        "key": "tone",
    }
