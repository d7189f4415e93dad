"""What a key's scopes and a role's scopes open, and what a dead key or session opens: nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.auth.caller import Role
from app.auth.passwords import hash_password
from app.auth.tokens import hash_token, new_api_key
from app.clock import utc_now
from app.db.credential import ApiKeyRecord, WidgetSessionRecord
from app.db.people import StaffRecord
from app.ids import new_id
from tests.fixtures.callers import Api, staff_api, widget_api
from tests.fixtures.expectations import expect_problem
from tests.fixtures.service import Service

PASSWORD = "correct horse battery staple"
DOORS: dict[str, tuple[str, str, dict[str, object] | None]] = {
    "route": ("POST", "/v1/route", {"text": "hello"}),
    "read-conversations": ("GET", "/v1/conversations", None),
    "open-conversation": ("POST", "/v1/conversations", {"channel": "api"}),
    "desk": ("GET", "/v1/handoffs", None),
    "search": ("POST", "/v1/knowledge/search", {"query": "card", "k": 1}),
    "analytics": ("GET", "/v1/analytics/summary", None),
    "audit": ("GET", "/v1/audit/events", None),
}
SCOPES = {
    "route:read": {"route"},
    "conversations:read": {"read-conversations", "desk"},
    "conversations:write": {"open-conversation"},
    "knowledge:read": {"search"},
    "analytics:read": {"analytics"},
    "audit:read": {"audit"},
    "webhooks:write": set[str](),
    "admin": set(DOORS),
}
ROLES = {
    Role.AGENT: {"route", "read-conversations", "open-conversation", "desk", "search"},
    Role.SUPERVISOR: {
        "route",
        "read-conversations",
        "open-conversation",
        "desk",
        "search",
        "analytics",
    },
    Role.EDITOR: {"route", "search", "analytics"},
    Role.AUDITOR: {"analytics", "audit", "search"},  # all staff read the documents
    Role.ADMIN: set(DOORS),
}


def key_api(service: Service, *scopes: str, **columns: object) -> Api:
    key = new_api_key()
    with service.parts.database.write() as session:
        row = ApiKeyRecord(
            prefix=key.prefix, secret_hash=key.secret_hash, name="test", scopes=list(scopes)
        )
        for name, value in columns.items():
            setattr(row, name, value)
        session.add(row)
    return Api(service, {"Authorization": f"Bearer {key.whole}"})


def role_api(service: Service, role: Role) -> Api:
    email = f"{new_id()}@example.com"
    with service.parts.database.write() as session:
        session.add(
            StaffRecord(
                email=email, name=role.value, role=role.value, password_hash=hash_password(PASSWORD)
            )
        )
    service.credentials[email] = {"email": email, "password": PASSWORD}
    return staff_api(service, email)


def opened_doors(api: Api) -> set[str]:
    opened = set()
    for name, (method, path, body) in DOORS.items():
        answer = api.call(method, path, json=body)
        assert answer.status_code in (200, 201, 403), f"{name}: {answer.text}"
        if answer.status_code != 403 and not is_empty_list(name, answer.json()):
            opened.add(name)
    return opened


def is_empty_list(name: str, answer: dict[str, object]) -> bool:
    """Listing conversations answers everybody, with what they may read: here, with nothing."""
    return name == "read-conversations" and answer["items"] == []


@pytest.fixture(autouse=True)
def _one_conversation(crm: Api) -> None:
    crm.open_conversation(channel="crm")


@pytest.mark.parametrize("scope", SCOPES)
def test_key_opens_what_its_scope_says(service: Service, scope: str) -> None:
    assert opened_doors(key_api(service, scope)) == SCOPES[scope]


@pytest.mark.parametrize("role", ROLES)
def test_role_opens_what_its_scopes_say(service: Service, role: Role) -> None:
    assert opened_doors(role_api(service, role)) == ROLES[role]


def test_dead_keys_open_nothing(service: Service) -> None:
    past = utc_now() - timedelta(seconds=1)
    for columns in ({"revoked_at": past}, {"expires_at": past}):
        dead = key_api(service, "admin", **columns)
        expect_problem(dead.get("/v1/conversations"), 401, code="invalid_token")
    alive = key_api(service, "admin", expires_at=utc_now() + timedelta(minutes=1))
    assert alive.get("/v1/conversations").status_code == 200


def test_right_prefix_with_another_secret_is_refused(service: Service) -> None:
    api = key_api(service, "admin")
    token = api.headers["Authorization"]
    forged = Api(service, {"Authorization": token[:-1] + ("0" if token[-1] != "0" else "1")})
    expect_problem(forged.get("/v1/conversations"), 401, code="invalid_token")


def test_expired_widget_session_is_refused(service: Service) -> None:
    api = widget_api(service)
    conversation = api.open_conversation()
    token = api.headers["Authorization"].removeprefix("Bearer ")
    with service.parts.database.write() as session:
        session.execute(
            update(WidgetSessionRecord)
            .where(WidgetSessionRecord.token_hash == hash_token(token))
            .values(expires_at=utc_now() - timedelta(seconds=1))
        )
    expect_problem(api.get(f"/v1/conversations/{conversation}"), 401, code="invalid_token")
