"""Too much from one caller is refused with a time to come back; others are not affected."""

from collections.abc import Callable

import pytest

from app.config import RedisSettings, SecuritySettings, Settings
from app.errors import RateLimited
from app.rate_limits import Limiter
from tests.fixtures.callers import Api, staff_api, widget_api
from tests.fixtures.expectations import expect_problem
from tests.fixtures.service import Service

STRICT = SecuritySettings(message_limit_per_minute=3, login_attempts_per_minute=3)


@pytest.fixture
def service(serve: Callable[..., Service], sqlite_url: str) -> Service:
    return serve(sqlite_url, security=STRICT)


def test_messages_beyond_the_limit_are_refused_and_not_stored(service: Service) -> None:
    busy, calm = widget_api(service), widget_api(service)
    conversation, other = busy.open_conversation(), calm.open_conversation()
    path = f"/v1/conversations/{conversation}/messages"
    answers = [busy.post(path, {"text": "hello"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"messages";q=3;w=60'
    assert answers[2].headers["RateLimit"].startswith('"messages";r=0;')
    expect_problem(answers[3], 429, code="rate_limited")
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    mine = [item for item in busy.get(path).json()["items"] if item["author"] == "customer"]
    assert len(mine) == 3
    allowed = calm.post(f"/v1/conversations/{other}/messages", {"text": "hello"})
    assert allowed.status_code == 202


def test_guessing_a_password_is_slowed_down_for_that_address_only(service: Service) -> None:
    api = Api(service)
    email = service.credentials["agent"]["email"]
    guesses = [{"email": email.upper(), "password": f"guess {n}"} for n in range(4)]
    statuses = [api.post("/v1/auth/login", guess).status_code for guess in guesses]
    assert statuses == [401, 401, 401, 429]
    right = api.post("/v1/auth/login", service.credentials["agent"])
    expect_problem(right, 429, code="rate_limited")
    assert staff_api(service, "admin").get("/v1/auth/me").status_code == 200


def test_limiter_counts_alone_when_redis_is_away() -> None:
    """Fails open between processes, never inside one."""
    away = Settings(_env_file=None, redis=RedisSettings(url="redis://127.0.0.1:1/0"))
    limiter = Limiter(away)
    for _ in range(2):
        limiter.hit("requests", "key:1", per_minute=2)
    with pytest.raises(RateLimited):
        limiter.hit("requests", "key:1", per_minute=2)
