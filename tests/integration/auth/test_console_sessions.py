"""Staff sign in: cookie, CSRF token, origin, expiry, sign-out."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.auth.tokens import hash_token
from app.clock import utc_now
from app.db.audit import AuditEventRecord
from app.db.credential import StaffSessionRecord
from app.db.people import StaffRecord
from tests.fixtures.callers import Api, staff_api
from tests.fixtures.expectations import count_rows, expect_problem
from tests.fixtures.service import Service

COOKIE = "__Host-switchboard"


def change_session(service: Service, api: Api, **values: object) -> None:
    with service.parts.database.write() as session:
        token_hash = hash_token(api.cookies[COOKIE])
        session.execute(
            update(StaffSessionRecord)
            .where(StaffSessionRecord.token_hash == token_hash)
            .values(**values)
        )


def test_wrong_password_and_unknown_address_look_the_same(anonymous: Api, service: Service) -> None:
    known = {"email": service.credentials["agent"]["email"], "password": "wrong"}
    unknown = {"email": "nobody@example.com", "password": "wrong"}
    first, second = (anonymous.post("/v1/auth/login", body) for body in (known, unknown))
    problems = [expect_problem(answer, 401, code="wrong_credentials") for answer in (first, second)]
    for problem in problems:
        problem.pop("request_id")
    assert problems[0] == problems[1]
    assert "set-cookie" not in first.headers
    assert "set-cookie" not in second.headers


def test_failed_sign_in_leaves_an_audit_event(anonymous: Api, service: Service) -> None:
    before = count_rows(service, AuditEventRecord, action="staff.sign_in")
    anonymous.post("/v1/auth/login", {"email": "nobody@example.com", "password": "wrong"})
    assert count_rows(service, AuditEventRecord, action="staff.sign_in") == before + 1


def test_inactive_staff_cannot_sign_in(anonymous: Api, service: Service) -> None:
    with service.parts.database.write() as session:
        agent = session.query(StaffRecord).filter_by(email="agent@example.com").one()
        agent.is_active = False
    try:
        answer = anonymous.post("/v1/auth/login", service.credentials["agent"])
        expect_problem(answer, 401, code="wrong_credentials")
    finally:
        with service.parts.database.write() as session:
            session.execute(update(StaffRecord).values(is_active=True))


def test_address_is_read_without_regard_to_case(anonymous: Api, service: Service) -> None:
    body = service.credentials["agent"] | {"email": "AGENT@Example.COM"}
    assert anonymous.post("/v1/auth/login", body).status_code == 200


def test_cookie_is_out_of_reach_for_scripts_and_other_sites(
    anonymous: Api, service: Service
) -> None:
    answer = anonymous.post("/v1/auth/login", service.credentials["agent"])
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=sbs_")
    for part in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_each_sign_in_makes_a_new_session(service: Service) -> None:
    first, second = staff_api(service, "agent"), staff_api(service, "agent")
    assert first.cookies != second.cookies
    assert first.headers != second.headers


@pytest.mark.parametrize(
    "headers",
    [{"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": "é" * 10}],
    ids=["missing", "wrong", "not-ascii"],
)
def test_change_without_the_right_csrf_token_is_refused(
    agent: Api, headers: dict[str, str]
) -> None:
    encoded = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = agent.put("/v1/agents/me/presence", {"status": "away"}, headers=encoded)
    expect_problem(answer, 403, code="csrf_failed")


def test_csrf_token_of_another_session_is_refused(agent: Api, admin: Api) -> None:
    answer = agent.put("/v1/agents/me/presence", {"status": "away"}, headers=admin.headers)
    expect_problem(answer, 403, code="csrf_failed")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://testserver.evil.example"},
        {"Origin": "https://[not-an-address"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=["other-site", "null", "our-name-as-prefix", "malformed", "fetch-cross", "fetch-same-site"],
)
def test_change_from_another_site_is_refused(
    agent: Api, service: Service, headers: dict[str, str]
) -> None:
    answer = agent.put("/v1/agents/me/presence", {"status": "away"}, headers=headers)
    expect_problem(answer, 403, code="cross_origin")
    signing_in = Api(service).post("/v1/auth/login", service.credentials["agent"], headers=headers)
    expect_problem(signing_in, 403, code="cross_origin")


def test_same_origin_is_let_pass(agent: Api) -> None:
    headers = {"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"}
    answer = agent.put("/v1/agents/me/presence", {"status": "away"}, headers=headers)
    assert answer.json() == {"status": "away"}


def test_sign_out_ends_the_session_at_once(service: Service) -> None:
    api = staff_api(service, "agent")
    answer = api.post("/v1/auth/logout")
    assert answer.status_code == 204
    assert f'{COOKIE}=""' in answer.headers["set-cookie"]
    expect_problem(api.get("/v1/auth/me"), 401, code="invalid_token")


@pytest.mark.parametrize(
    "values",
    [{"expires_at": timedelta(seconds=-1)}, {"last_seen_at": timedelta(minutes=-31)}],
    ids=["expired", "idle"],
)
def test_session_that_ran_out_is_refused(service: Service, values: dict[str, timedelta]) -> None:
    api = staff_api(service, "agent")
    now = utc_now()
    change_session(service, api, **{name: now + shift for name, shift in values.items()})
    expect_problem(api.get("/v1/auth/me"), 401, code="invalid_token")


def test_use_keeps_a_session_from_going_idle(service: Service) -> None:
    api = staff_api(service, "agent")
    change_session(service, api, last_seen_at=utc_now() - timedelta(minutes=20))
    assert api.get("/v1/auth/me").status_code == 200
    with service.parts.database.read() as session:
        row = (
            session.query(StaffSessionRecord)
            .filter_by(token_hash=hash_token(api.cookies[COOKIE]))
            .one()
        )
    assert utc_now() - row.last_seen_at < timedelta(minutes=1)


def test_staff_who_left_lose_their_sessions(service: Service) -> None:
    api = staff_api(service, "agent")
    with service.parts.database.write() as session:
        session.execute(
            update(StaffRecord)
            .where(StaffRecord.email == "agent@example.com")
            .values(is_active=False)
        )
    try:
        expect_problem(api.get("/v1/auth/me"), 401, code="invalid_token")
    finally:
        with service.parts.database.write() as session:
            session.execute(update(StaffRecord).values(is_active=True))
