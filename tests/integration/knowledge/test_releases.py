"""What customers read over time: scheduling, expiry, going back, withdrawing, deleting; who may."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.auth.caller import Scope
from app.clock import rfc3339
from app.db.audit import AuditEventRecord
from app.knowledge.index_queries import list_publication_keys
from app.pagination import encode_cursor
from app.parts import Parts
from tests.integration.knowledge.conftest import MovableClock

Headers = dict[str, str]
DOCUMENTS = "/v1/knowledge/documents"
FEES = {"title": "Fees", "body": "The fee is 4 EUR. It is due in June.", "locale": "en"}


class Desk:
    """An editor and a second one, at one document."""

    def __init__(self, client: TestClient, editor: Headers, second: Headers) -> None:
        self.client, self.editor, self.second = client, editor, second
        self.path = f"{DOCUMENTS}/{self.ok('POST', DOCUMENTS, FEES)['id']}"

    def ok(self, method: str, path: str, body: object = None, **options: Any) -> dict[str, Any]:
        answer = self.ask(method, path, body, **options)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def ask(self, method: str, path: str, body: object = None, **options: Any) -> Any:
        options.setdefault("headers", self.editor)
        return self.client.request(method, path, json=body, **options)

    def read(self) -> dict[str, Any]:
        return self.ok("GET", self.path)

    def act(self, door: str, body: object = None, *, who: Headers | None = None) -> dict[str, Any]:
        return self.ok("POST", f"{self.path}/{door}", body, headers=who or self.second)

    def refused(self, door: str, body: object = None, *, who: Headers | None = None) -> str:
        answer = self.ask("POST", f"{self.path}/{door}", body, headers=who or self.second)
        assert answer.status_code == 409, answer.text
        code: str = answer.json()["code"]
        return code

    def write(self, **changes: object) -> None:
        self.ok("PUT", self.path, {**FEES, **changes})
        self.act("submit", who=self.editor)

    def publish_first(self, **changes: object) -> None:
        if changes:
            self.ok("PUT", self.path, {**FEES, **changes})
        self.act("submit", who=self.editor)
        self.act("publish")

    def statuses(self) -> dict[int, str]:
        items = self.ok("GET", f"{self.path}/versions")["items"]
        return {one["version"]: one["status"] for one in items}

    def publications(self) -> list[tuple[int, str, str | None, str]]:
        items = self.ok("GET", f"{self.path}/publications")["items"]
        return [
            (one["version"], one["shown_from"], one["shown_until"], one["state"]) for one in items
        ]


@pytest.fixture
def desk(clock: MovableClock, client: TestClient, editor: Headers, second: Headers) -> Desk:
    return Desk(client, editor, second)


def days_ahead(clock: MovableClock, days: float) -> str:
    ahead = MovableClock()
    ahead.now = clock.now
    return rfc3339(ahead.pass_by(days=days))


def audited(parts: Parts) -> list[str]:
    with parts.database.read() as session:
        rows = session.scalars(select(AuditEventRecord.action).order_by(AuditEventRecord.id))
        return [action for action in rows if action.startswith("document.")]


def test_an_approved_version_waits_for_its_day(
    desk: Desk, clock: MovableClock, parts: Parts
) -> None:
    desk.publish_first()
    begun = rfc3339(clock.now)
    day = days_ahead(clock, 9)
    clock.pass_by(days=1)
    desk.write(body="The fee is 5 EUR.", effective_from=day)
    waiting = desk.act("publish")
    assert (waiting["status"], waiting["published_version"]) == ("scheduled", 1)
    assert (waiting["shown_from"], waiting["published_at"]) == (day, None)
    assert desk.statuses() == {2: "scheduled", 1: "published"}
    assert desk.publications() == [(2, day, None, "scheduled"), (1, begun, day, "shown")]
    clock.now = datetime.fromisoformat(day)
    shown = desk.read()
    assert (shown["status"], shown["published_version"], shown["published_at"]) == (
        "published",
        2,
        day,
    )
    assert desk.statuses() == {2: "published", 1: "retired"}
    assert audited(parts)[-1] == "document.scheduled"


def test_a_version_expires_without_a_job(desk: Desk, clock: MovableClock) -> None:
    end = days_ahead(clock, 2)
    desk.publish_first(expires_at=end)
    assert desk.read()["shown_until"] == end
    clock.pass_by(days=2, microseconds=-1)
    assert desk.read()["status"] == "published"
    clock.pass_by(microseconds=1)
    over = desk.read()
    assert (over["status"], over["published_version"]) == ("retired", None)
    assert desk.refused("rollback", {"version": 2}) == "version_expired"


def test_what_has_expired_cannot_be_approved(desk: Desk, clock: MovableClock) -> None:
    desk.ok("PUT", desk.path, {**FEES, "expires_at": days_ahead(clock, 1)})
    desk.act("submit", who=desk.editor)
    clock.pass_by(days=1)
    assert desk.refused("publish") == "version_expired"
    assert desk.read()["status"] == "submitted"


def test_the_same_words_again_are_nothing_new(desk: Desk) -> None:
    desk.publish_first()
    desk.write()
    assert desk.refused("publish") == "nothing_new"
    desk.write(title="All fees")
    assert desk.act("publish")["published_version"] == 3


def test_a_second_schedule_asks_what_becomes_of_the_first(
    desk: Desk, clock: MovableClock, parts: Parts
) -> None:
    desk.publish_first()
    desk.write(body="The fee is 5 EUR.", effective_from=days_ahead(clock, 9))
    desk.act("publish")
    desk.write(body="The fee is 6 EUR.", effective_from=days_ahead(clock, 20))
    assert desk.refused("publish") == "schedule_pending"
    desk.act("publish", {"scheduled": "replace"})
    assert desk.statuses() == {3: "scheduled", 2: "retired", 1: "published"}
    with parts.database.read() as session:
        newest = select(AuditEventRecord.payload).where(
            AuditEventRecord.action == "document.scheduled"
        )
        payload = session.scalars(newest.order_by(AuditEventRecord.id.desc())).first()
    assert b'"replaced":[2]' in (payload or b"")
    clock.pass_by(days=15)
    assert desk.read()["published_version"] == 1


def test_a_correction_today_can_keep_what_is_planned(desk: Desk, clock: MovableClock) -> None:
    desk.publish_first()
    planned = days_ahead(clock, 9)
    desk.write(body="The fee is 5 EUR.", effective_from=planned)
    desk.act("publish")
    clock.pass_by(hours=1)
    desk.write(body="The fee is 4 EUR, due in June.")
    desk.act("publish", {"scheduled": "keep"})
    assert desk.statuses() == {3: "published", 2: "scheduled", 1: "retired"}
    clock.now = datetime.fromisoformat(planned)
    assert desk.statuses() == {3: "retired", 2: "published", 1: "retired"}


def test_a_cancelled_schedule_leaves_everything_as_it_was(
    desk: Desk, clock: MovableClock, parts: Parts
) -> None:
    desk.publish_first()
    before = desk.publications()
    desk.write(body="The fee is 5 EUR.", effective_from=days_ahead(clock, 9))
    desk.act("publish")
    again = desk.act("unschedule", {"version": 2}, who=desk.editor)
    assert (again["status"], again["published_version"]) == ("submitted", 1)
    assert desk.publications() == before
    assert audited(parts)[-1] == "document.schedule_cancelled"
    assert desk.refused("unschedule") == "nothing_scheduled"
    assert desk.refused("publish", who=desk.editor) == "second_person_required"
    assert desk.act("publish")["status"] == "scheduled"


@pytest.mark.parametrize("body", [None, {"version": 1}])
def test_what_has_begun_is_not_unscheduled(desk: Desk, body: object) -> None:
    desk.publish_first()
    assert desk.refused("unschedule", body) == "nothing_scheduled"


def test_a_rejected_version_tells_its_author_why(desk: Desk, parts: Parts) -> None:
    desk.act("submit", who=desk.editor)
    reason = "Card 4111 1111 1111 1111 must not be named."
    given_back = desk.act("reject", {"reason": reason})
    assert given_back["status"] == "draft"
    rejection = given_back["rejection"]
    assert rejection["reason"].startswith("Card ")
    assert "4111 1111" not in rejection["reason"]
    assert desk.act("reject", {"reason": reason}) == given_back, "sent again, it changes nothing"
    assert audited(parts).count("document.rejected") == 1
    assert desk.refused("reject", {"reason": "Something else."}) == "not_submitted"
    assert desk.refused("publish") == "not_submitted"
    assert desk.act("submit", who=desk.editor)["rejection"] == rejection


@pytest.mark.parametrize(
    ("body", "limit"),
    [
        ({}, "required"),
        ({"reason": ""}, "1 character"),
        ({"reason": " \t"}, "visible"),
        ({"reason": "a" * 2001}, "2000"),
    ],
)
def test_a_reason_has_limits(desk: Desk, body: dict[str, str], limit: str) -> None:
    refused = desk.ask("POST", f"{desk.path}/reject", body)
    (problem,) = refused.json()["errors"]
    assert (refused.status_code, problem["field"]) == (422, "reason")
    assert limit in problem["message"]


def test_a_withdrawn_document_can_come_back(desk: Desk, clock: MovableClock, parts: Parts) -> None:
    desk.publish_first()
    desk.write(body="The fee is 5 EUR.", effective_from=days_ahead(clock, 9))
    desk.act("publish")
    clock.pass_by(days=1)
    gone = desk.act("withdraw", who=desk.editor)
    assert (gone["status"], gone["published_version"]) == ("submitted", None)
    assert [(one[0], one[3]) for one in desk.publications()] == [(1, "ended")]
    assert desk.act("withdraw", who=desk.editor) == gone
    assert audited(parts).count("document.withdrawn") == 1
    clock.pass_by(days=30)
    assert desk.read()["published_version"] is None
    back = desk.act("rollback", {"version": 1})
    assert back["published_version"] == 1
    assert [(one[0], one[3]) for one in desk.publications()] == [(1, "shown"), (1, "ended")]


def test_nothing_to_withdraw_is_said(desk: Desk) -> None:
    assert desk.refused("withdraw") == "never_published"


def test_going_back_leaves_what_is_planned(desk: Desk, clock: MovableClock) -> None:
    desk.publish_first()
    clock.pass_by(hours=1)
    desk.write(body="The fee is 5 EUR.")
    desk.act("publish")
    planned = days_ahead(clock, 9)
    desk.write(body="The fee is 6 EUR.", effective_from=planned)
    desk.act("publish")
    clock.pass_by(hours=1)
    now = rfc3339(clock.now)
    back = desk.act("rollback", {"version": 1})
    assert (back["published_version"], back["status"]) == (1, "scheduled")
    assert desk.publications()[:2] == [
        (3, planned, None, "scheduled"),
        (1, now, planned, "shown"),
    ]
    assert desk.act("rollback", {"version": 1}) == back, "what is shown already stays as it is"
    assert desk.refused("rollback", {"version": 3}) == "never_published"


def test_what_was_scheduled_and_never_read_cannot_come_back(
    desk: Desk, clock: MovableClock
) -> None:
    desk.publish_first(effective_from=days_ahead(clock, 9))
    desk.act("withdraw")
    clock.pass_by(days=10)
    assert desk.refused("rollback", {"version": 2}) == "never_published"


def test_a_deleted_document_is_shown_to_nobody_again(
    desk: Desk, clock: MovableClock, parts: Parts
) -> None:
    desk.publish_first()
    desk.write(body="The fee is 5 EUR.", effective_from=days_ahead(clock, 9))
    desk.act("publish")
    assert desk.ask("DELETE", desk.path).status_code == 204
    clock.pass_by(days=10)
    for door in ("publish", "rollback", "withdraw", "unschedule"):
        body = {"version": 1} if door == "rollback" else None
        assert desk.ask("POST", f"{desk.path}/{door}", body).status_code == 404
    with parts.database.read() as session:
        assert list_publication_keys(session, ending_after=clock.now) == set()


# -- the second person


@pytest.mark.parametrize("role", ["editor", "admin"])
@pytest.mark.parametrize("later", [False, True], ids=["at-once", "scheduled"])
def test_nobody_publishes_or_schedules_their_own_words(
    clock: MovableClock,
    client: TestClient,
    staff: Callable[[str], Headers],
    second: Headers,
    role: str,
    later: bool,
) -> None:
    desk = Desk(client, staff(role), second)
    desk.write(effective_from=days_ahead(clock, 9) if later else None)
    for body in (None, {"version": 2}, {"scheduled": "replace"}, {"scheduled": "keep"}):
        assert desk.refused("publish", body, who=desk.editor) == "second_person_required"
    assert desk.publications() == []
    assert desk.act("publish")["status"] == ("scheduled" if later else "published")


def test_an_approval_that_was_taken_back_needs_a_second_person_again(
    desk: Desk, clock: MovableClock
) -> None:
    desk.publish_first(effective_from=days_ahead(clock, 9))
    for door in ("unschedule", "withdraw"):
        desk.act(door, who=desk.editor)
        assert desk.refused("publish", who=desk.editor) == "second_person_required"
        desk.act("publish")


def test_the_author_may_go_back_because_that_was_approved_before(
    desk: Desk, clock: MovableClock
) -> None:
    desk.publish_first()
    clock.pass_by(hours=1)
    desk.write(body="The fee is 5 EUR.")
    desk.act("publish")
    assert desk.act("rollback", {"version": 1}, who=desk.editor)["published_version"] == 1
    assert desk.refused("publish", who=desk.editor) == "not_submitted"


def test_whose_act_a_publication_was_is_kept(desk: Desk, clock: MovableClock) -> None:
    desk.publish_first()
    clock.pass_by(hours=1)
    desk.write(body="The fee is 5 EUR.")
    desk.act("publish")
    desk.act("rollback", {"version": 1}, who=desk.editor)
    items = desk.ok("GET", f"{desk.path}/publications")["items"]
    author = desk.read()["author"]
    assert [one["cause"] for one in items] == ["rolled_back", "approved"]
    assert items[0]["approver"] == author
    assert items[1]["approver"]["kind"] == "staff"
    assert items[1]["approver"] != author


# -- looking


def test_publications_are_listed_by_page(desk: Desk, clock: MovableClock) -> None:
    desk.publish_first()
    for fee in (5, 6):
        clock.pass_by(hours=1)
        desk.write(body=f"The fee is {fee} EUR.")
        desk.act("publish")
    pages = f"{desk.path}/publications"
    first = desk.ok("GET", pages, params={"limit": 2})
    rest = desk.ok("GET", pages, params={"limit": 2, "after": first["next"]})
    assert [one["version"] for one in [*first["items"], *rest["items"]]] == [3, 2, 1]
    for cursor in ("xyz", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"):
        strange = desk.ask("GET", pages, params={"after": encode_cursor(cursor)})
        assert (strange.status_code, strange.json()["errors"][0]["field"]) == (422, "after")


def test_the_list_is_filtered_by_the_status_shown_and_by_words(
    desk: Desk, clock: MovableClock, client: TestClient, editor: Headers, second: Headers
) -> None:
    def listed(**wanted: str) -> list[str]:
        items = client.get(DOCUMENTS, params=wanted, headers=editor).json()["items"]
        return [one["title"] for one in items]

    later = Desk(client, editor, second)
    desk.publish_first(title="Old fees")
    later.publish_first(title="New fees 100%", effective_from=days_ahead(clock, 9))
    Desk(client, editor, second).ok("POST", DOCUMENTS, {**FEES, "title": "卡片"})
    assert listed(status="published") == ["Old fees"]
    assert listed(status="scheduled") == ["New fees 100%"]
    assert listed(status="draft") == ["卡片", "Fees"]
    assert listed(q="fees") == ["Fees", "New fees 100%", "Old fees"]
    assert listed(q="100%") == ["New fees 100%"]
    assert listed(q="_ees") == []
    assert listed(q="卡") == ["卡片"]
    clock.pass_by(days=9)
    assert listed(status="published") == ["New fees 100%", "Old fees"]
    desk.act("withdraw")
    assert listed(status="retired") == ["Old fees"]
    unknown = client.get(DOCUMENTS, params={"status": "lost"}, headers=editor)
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "status")


def test_two_versions_are_compared(desk: Desk) -> None:
    desk.ok(
        "PUT", desk.path, {**FEES, "body": "The fee is 5 EUR. It is due in June.", "intents": []}
    )
    desk.ok(
        "PUT",
        desk.path,
        {**FEES, "body": "<p>The fee is 5 EUR. It is due in June.</p>"}
        | {"format": "html", "title": "All fees", "intents": ["account_fees"]},
    )
    text = desk.ok("GET", f"{desk.path}/diff", params={"from": 1, "to": 2})
    assert text == {
        "document_id": desk.path.rpartition("/")[2],
        "from": 1,
        "to": 2,
        "facts": [],
        "lines": [
            {"op": "removed", "text": "The fee is 4 EUR."},
            {"op": "added", "text": "The fee is 5 EUR."},
            {"op": "same", "text": "It is due in June."},
        ],
    }
    facts = desk.ok("GET", f"{desk.path}/diff", params={"from": 2, "to": 3})
    assert facts["facts"] == [
        {"field": "title", "from": "Fees", "to": "All fees"},
        {"field": "intents", "from": [], "to": ["account_fees"]},
        {"field": "format", "from": "markdown", "to": "html"},
    ]
    assert {one["op"] for one in facts["lines"]} == {"same"}
    missing = desk.ask("GET", f"{desk.path}/diff", params={"from": 1, "to": 9})
    assert (missing.status_code, missing.json()["code"]) == (404, "version_not_found")


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("submit", None),
        ("reject", {"reason": "No."}),
        ("publish", {"version": 2}),
        ("unschedule", {}),
        ("withdraw", None),
        ("rollback", {"version": 1}),
    ],
)
def test_every_act_can_be_sent_again(
    desk: Desk, clock: MovableClock, parts: Parts, door: str, body: object
) -> None:
    desk.publish_first()
    clock.pass_by(hours=1)
    desk.ok("PUT", desk.path, {**FEES, "title": "Later", "effective_from": days_ahead(clock, 9)})
    if door != "submit":
        desk.act("submit", who=desk.editor)
    if door in ("unschedule", "withdraw", "rollback"):
        desk.act("publish")
    if door == "rollback":
        desk.act("withdraw")
    keyed = {**desk.second, "Idempotency-Key": door}
    first = desk.act(door, body, who=keyed)
    events = audited(parts)
    assert desk.act(door, body, who=keyed) == first
    assert audited(parts) == events


def test_a_key_of_the_bank_schedules_what_a_person_wrote(
    desk: Desk, clock: MovableClock, key: Callable[..., Headers]
) -> None:
    desk.write(effective_from=days_ahead(clock, 9))
    crm = key(Scope.KNOWLEDGE_READ, Scope.KNOWLEDGE_WRITE)
    assert desk.act("publish", who=crm)["status"] == "scheduled"
    (item,) = desk.ok("GET", f"{desk.path}/publications")["items"]
    assert item["approver"]["kind"] == "integration"
