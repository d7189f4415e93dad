"""No route answers a caller without credentials, except the few that are named here."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.config import Settings
from app.main import create_app
from tests.fixtures.callers import Api
from tests.fixtures.expectations import expect_problem
from tests.fixtures.service import Service

OPEN = (
    r"/v1/auth/login$",  # where credentials are presented
    r"/v1/widget/sessions$",  # visitors begin here
    r"/healthz$|/readyz$|/metrics$",  # orchestration, inside the bank's network
    r"/openapi\.json$|/docs|/redoc",
    r"/$|/widget|/console|/demo|/favicon",  # pages and scripts; the demo bank in development
)
SOME_ID = "019237f0-0000-7000-8000-000000000000"
# what refuses a caller: a token that is none, too old a form, or another service's
BAD_CREDENTIALS = {
    "nothing": {},
    "unknown-widget-token": {"Authorization": "Bearer sbw_" + "a" * 43},
    "unknown-key": {"Authorization": "Bearer sb_0123abcd_" + "0" * 64},
    "key-without-secret": {"Authorization": "Bearer sb_0123abcd"},
    "console-token-as-bearer": {"Authorization": "Bearer sbs_" + "a" * 43},
    "no-token": {"Authorization": "Bearer "},
    "basic": {"Authorization": "Basic YWRtaW46YWRtaW4="},
    "ten-thousand-characters": {"Authorization": "Bearer " + "x" * 10_000},
    "unknown-cookie": {"Cookie": "__Host-switchboard=sbs_" + "b" * 43},
    "cookie-under-another-name": {"Cookie": "switchboard=sbs_" + "b" * 43},
}


def is_open(path: str) -> bool:
    return any(re.match(pattern, path) for pattern in OPEN)


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    for path, operations in app.openapi()["paths"].items():
        for method in operations:
            yield method.upper(), path
    for route in app.routes:
        if isinstance(route, APIRoute) and not route.include_in_schema:
            for method in route.methods or ():
                yield method, route.path


ROUTES = sorted(set(routes_of(create_app(Settings(_env_file=None, environment="test")))))
PROTECTED = [route for route in ROUTES if not is_open(route[1])]


def test_the_list_of_routes_is_not_empty() -> None:
    assert len(PROTECTED) > 40


@pytest.mark.parametrize(
    ("method", "path"), PROTECTED, ids=[f"{method} {path}" for method, path in PROTECTED]
)
def test_route_refuses_a_caller_without_credentials(anonymous: Api, method: str, path: str) -> None:
    target = re.sub(r"{[^}]+}", SOME_ID, path)
    answer = anonymous.call(method, target, json={} if method in ("POST", "PUT") else None)
    expect_problem(answer, 401, code="unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("name", BAD_CREDENTIALS)
def test_bad_credentials_are_refused(anonymous: Api, name: str) -> None:
    answer = anonymous.get("/v1/conversations", headers=BAD_CREDENTIALS[name])
    problem = expect_problem(answer, 401)
    assert "sbw_" not in problem["detail"]


# area -> (method, path, who is refused with 403)
AREAS = {
    "routing": ("POST", "/v1/route", ("visitor", "customer")),
    "replay": ("POST", f"/v1/decisions/{SOME_ID}/replay", ("visitor", "customer")),
    "intents": ("GET", "/v1/intents", ("visitor", "customer")),
    "desk-list": ("GET", "/v1/handoffs", ("visitor", "customer")),
    "queues": ("GET", "/v1/queues", ("visitor", "customer")),
    "accept": ("POST", f"/v1/handoffs/{SOME_ID}/accept", ("visitor", "customer", "crm")),
    "release": ("POST", f"/v1/handoffs/{SOME_ID}/release", ("visitor", "customer", "crm")),
    "return": ("POST", f"/v1/handoffs/{SOME_ID}/return", ("visitor", "customer", "crm")),
    "transfer": ("POST", f"/v1/handoffs/{SOME_ID}/transfer", ("visitor", "customer", "crm")),
    "presence": ("GET", "/v1/agents/me/presence", ("visitor", "customer", "crm")),
    "who-am-i": ("GET", "/v1/auth/me", ("visitor", "customer", "crm")),
    "sign-out": ("POST", "/v1/auth/logout", ("visitor", "customer", "crm")),
    "analytics": ("GET", "/v1/analytics/summary", ("visitor", "customer", "agent")),
    "experiments": ("POST", "/v1/experiments", ("visitor", "customer", "agent")),
    "audit": ("GET", "/v1/audit/events", ("visitor", "customer", "agent")),
    "audit-verify": ("POST", "/v1/audit/verify", ("visitor", "customer", "agent")),
    "documents": ("POST", "/v1/knowledge/documents", ("visitor", "customer", "agent")),
}
WRONG = [(area, who) for area, (_, _, callers) in AREAS.items() for who in callers]
BODIES = {"routing": {"text": "hello"}, "transfer": {"queue": "fraud"}}


@pytest.mark.parametrize(("area", "who"), WRONG, ids=[f"{a}-{w}" for a, w in WRONG])
def test_wrong_caller_is_refused(request: pytest.FixtureRequest, area: str, who: str) -> None:
    caller: Api = request.getfixturevalue(who)
    method, path, _ = AREAS[area]
    answer = caller.call(method, path, json=BODIES.get(area, {}) if method == "POST" else None)
    expect_problem(answer, 403, code="forbidden")


def test_openapi_and_health_answer_everybody(anonymous: Api, service: Service) -> None:
    for path in ("/openapi.json", "/healthz", "/metrics", "/docs"):
        assert anonymous.get(path).status_code == 200, path
