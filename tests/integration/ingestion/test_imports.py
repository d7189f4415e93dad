"""Imports through the doors: files and pages become drafts, bad ones are named, runs go on."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.auth.caller import Scope
from app.db.audit import AuditEventRecord
from app.db.document import DocumentRecord
from app.db.ingestion import DocumentImportItemRecord
from app.db.job import JobRecord
from app.ingestion import submission, tasks
from app.ingestion.reading import read_file
from app.parts import Parts
from tests.fixtures.web_server import Answer, WebServer
from tests.unit.ingestion.test_web import index, urlset
from tests.unit.knowledge_base.pdf_files import column, encrypted, write_pdf
from tests.unit.knowledge_base.test_word import packed

Headers = dict[str, str]
IMPORTS, DOCUMENTS = "/v1/knowledge/imports", "/v1/knowledge/documents"
CARD = b"# Lost card\n\nBlock the card in the app."
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def send(
    client: TestClient, headers: Headers, files: dict[str, bytes], **facts: Any
) -> dict[str, Any]:
    parts = [("files", (name, content)) for name, content in files.items()]
    answer = client.post(IMPORTS, files=parts, data=facts, headers=headers)
    assert answer.status_code == 202, answer.text
    made: dict[str, Any] = answer.json()
    return made


def fetch(client: TestClient, headers: Headers, **body: Any) -> dict[str, Any]:
    answer = client.post(IMPORTS, json=body, headers=headers)
    assert answer.status_code == 202, answer.text
    made: dict[str, Any] = answer.json()
    return made


def read(client: TestClient, headers: Headers, made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"{IMPORTS}/{made['id']}", headers=headers).json()
    return found


def outcomes(found: dict[str, Any]) -> dict[str, str]:
    return {item["name"]: item["outcome"] for item in found["items"]}


def audited(parts: Parts) -> list[str]:
    with parts.database.read() as session:
        rows = session.scalars(select(AuditEventRecord.action).order_by(AuditEventRecord.id))
        return list(rows)


DOORS = [("POST", ""), ("GET", ""), ("GET", "/1")]


@on_sqlite
@pytest.mark.parametrize(("method", "path"), DOORS)
def test_who_may_not_enter(
    client: TestClient,
    widget: Callable[[str | None], Headers],
    key: Callable[..., Headers],
    staff: Callable[[str], Headers],
    method: str,
    path: str,
) -> None:
    def ask(headers: Headers) -> int:
        body = {"url": "https://bank.example/"} if method == "POST" else None
        return client.request(method, f"{IMPORTS}{path}", headers=headers, json=body).status_code

    assert ask({}) == 401
    assert ask(widget("cust-1")) == 403
    assert ask(key(Scope.CONVERSATIONS_WRITE)) == 403
    if method == "POST":
        assert [ask(staff(role)) for role in ("agent", "auditor")] == [403, 403]
        assert ask(key(Scope.KNOWLEDGE_READ)) == 403


def test_files_become_drafts_and_bad_ones_are_named(
    client: TestClient, editor: Headers, parts: Parts, work: Callable[[], int]
) -> None:
    made = send(
        client,
        editor,
        {"card.md": CARD, "faq.csv": b"question,answer\nWhy?,Because.\n", "bad.pdf": b"no"},
        audience="customers",
        intents=["card_lost", "card_block"],
    )
    assert (made["status"], made["total"], made["waiting"]) == ("running", 3, 3)
    assert work() == 1
    found = read(client, editor, made)
    assert outcomes(found) == {"card.md": "created", "faq.csv": "created", "bad.pdf": "failed"}
    assert (found["status"], found["created"], found["failed"]) == ("done", 2, 1)
    assert "should be a PDF" in found["items"][2]["reason"]
    document = client.get(f"{DOCUMENTS}/{found['items'][0]['document_id']}", headers=editor).json()
    assert (document["status"], document["published_version"]) == ("draft", None)
    assert (document["audience"], document["intents"]) == (
        "customers",
        ["card_lost", "card_block"],
    )
    assert document["author"]["kind"] == "staff"
    assert audited(parts) == [
        "import.requested",
        "document.created",
        "document.created",
        "import.finished",
    ]


def test_an_import_again_is_a_version_of_the_same_document_or_nothing(
    client: TestClient, editor: Headers, second: Headers, work: Callable[[], int]
) -> None:
    files = {"card.md": CARD, "pin.md": b"Never tell anybody your PIN."}
    first = send(client, editor, files)
    work()
    changed = send(client, second, files | {"card.md": CARD + b" Then call us."})
    again = send(client, second, files | {"card.md": CARD + b" Then call us."})
    work()
    assert outcomes(read(client, editor, changed)) == {"card.md": "updated", "pin.md": "unchanged"}
    assert set(outcomes(read(client, editor, again)).values()) == {"unchanged"}
    ids = [
        [item["document_id"] for item in read(client, editor, one)["items"]]
        for one in (first, changed, again)
    ]
    assert ids[0] == ids[1] == ids[2]
    page = client.get(DOCUMENTS, headers=editor).json()["items"]
    assert sorted(one["version"] for one in page) == [1, 2]


def test_what_an_editor_wrote_since_stays_until_the_file_changes(
    client: TestClient, editor: Headers, work: Callable[[], int]
) -> None:
    made = send(client, editor, {"card.md": CARD})
    work()
    path = f"{DOCUMENTS}/{read(client, editor, made)['items'][0]['document_id']}"
    own = {"title": "Card", "body": "Our own words.", "locale": "en"}
    assert client.put(path, json=own, headers=editor).json()["version"] == 2
    again = send(client, editor, {"card.md": CARD})
    work()
    assert outcomes(read(client, editor, again)) == {"card.md": "unchanged"}
    assert client.get(path, headers=editor).json()["body"] == "Our own words."


def test_another_origin_is_another_document(
    client: TestClient, editor: Headers, work: Callable[[], int]
) -> None:
    for origin in ("wiki", "intranet", "wiki"):
        send(client, editor, {"card.md": CARD}, origin=origin)
    work()
    slugs = [one["slug"] for one in client.get(DOCUMENTS, headers=editor).json()["items"]]
    assert sorted(slugs) == ["intranet/en-card", "wiki/en-card"]


def test_a_deleted_document_comes_back_as_a_new_one(
    client: TestClient, editor: Headers, work: Callable[[], int]
) -> None:
    made = send(client, editor, {"card.md": CARD})
    work()
    old = read(client, editor, made)["items"][0]["document_id"]
    assert client.delete(f"{DOCUMENTS}/{old}", headers=editor).status_code == 204
    again = send(client, editor, {"card.md": CARD})
    work()
    (item,) = read(client, editor, again)["items"]
    assert item["outcome"] == "created"
    assert item["document_id"] != old


def test_imported_documents_can_be_submitted_and_need_a_second_person(
    client: TestClient, editor: Headers, second: Headers, work: Callable[[], int]
) -> None:
    made = send(client, editor, {"card.md": CARD}, submit="true")
    work()
    path = f"{DOCUMENTS}/{read(client, editor, made)['items'][0]['document_id']}"
    assert client.get(path, headers=editor).json()["status"] == "submitted"
    assert client.post(f"{path}/publish", headers=editor).status_code == 409
    assert client.post(f"{path}/publish", headers=second).status_code == 200


def test_a_table_longer_than_a_document_becomes_several_items(
    client: TestClient, editor: Headers, work: Callable[[], int]
) -> None:
    rows = b"".join(b"Question %d?,%s\n" % (n, b"answer " * 100) for n in range(400))
    made = send(client, editor, {"faq.csv": b"question,answer\n" + rows})
    work()
    found = read(client, editor, made)
    assert outcomes(found) == {"faq.csv": "created", "faq.csv (2)": "created"}
    bodies = [
        client.get(f"{DOCUMENTS}/{item['document_id']}", headers=editor).json()["body"]
        for item in found["items"]
    ]
    assert sum(body.count("## Question") for body in bodies) == 400


def locked() -> bytes:
    return encrypted(write_pdf(column(["Words."])), user="secret")


def picture_only() -> bytes:
    document, target = docx.Document(), BytesIO()
    document.save(target)
    return target.getvalue()


RUSSIAN = (
    "Как заблокировать карту, если я потерял её в поездке? Вы можете сразу заблокировать карту в "
    "приложении и заказать новую, которая придёт через пять дней. Звоните нам в любое время."
)
BAD = [
    pytest.param("a.pdf", locked(), "encrypted", id="encrypted-pdf"),
    pytest.param("a.pdf", write_pdf(column(["Words."]))[:-200], "cut off", id="truncated-pdf"),
    pytest.param("a.pdf", write_pdf([], picture=True), "only pictures", id="scanned-pdf"),
    pytest.param("a.docx", packed(("word/document.xml", b"0" * 9_000_000)), "200 times", id="bomb"),
    pytest.param("a.docx", picture_only(), "no text", id="empty-docx"),
    pytest.param("a.pdf", b"<html><body>Sign in</body></html>", "content is HTML", id="mime"),
    pytest.param("a.txt", b"\xff\xfe\xfa", "UTF-16", id="charset"),
    pytest.param("a.md", b"", "empty", id="empty"),
    pytest.param("a.html", b"<p>" + b"<b>" * 5_000 + b"x", "150 elements", id="nesting"),
    pytest.param("a.html", b"<script>bad()</script>", "no text", id="only-a-script"),
    pytest.param(
        "a.html", b"<table>" + b"<tr><td>a<td>b" * 30_000 + b"</table>", "50000 cells", id="table"
    ),
    pytest.param("a.csv", b'question,answer\n"Why?,So.\n', "line 2", id="quote"),
    pytest.param("a.md", b"word " * 50_000, "200000 characters", id="long"),
    pytest.param("a.md", b"# Only a heading", "no text", id="no-text"),
    pytest.param("a.exe", b"MZ", "must end in one of", id="ending"),
    pytest.param("a.md", RUSSIAN.encode(), "Russian", id="language"),
]


@on_sqlite
@pytest.mark.parametrize(("name", "content", "reason"), BAD)
def test_a_bad_file_is_named_and_nothing_of_it_is_kept(
    client: TestClient,
    editor: Headers,
    parts: Parts,
    work: Callable[[], int],
    name: str,
    content: bytes,
    reason: str,
) -> None:
    made = send(client, editor, {name: content, "good.md": CARD})
    work()
    found = read(client, editor, made)
    assert outcomes(found) == {name: "failed", "good.md": "created"}
    assert reason in found["items"][0]["reason"]
    assert found["items"][0]["document_id"] is None
    with parts.database.read() as session:
        assert len(session.scalars(select(DocumentRecord)).all()) == 1


@on_sqlite
def test_scripts_never_reach_the_text(
    client: TestClient, editor: Headers, work: Callable[[], int]
) -> None:
    page = b"<html><body><p>Pay<script>steal()</script> by card.</p><p onclick='steal()'>Now.</p>"
    made = send(client, editor, {"a.html": page, "a.md": page.replace(b"<html><body>", b"Hi\n\n")})
    work()
    for item in read(client, editor, made)["items"]:
        document = client.get(f"{DOCUMENTS}/{item['document_id']}", headers=editor).json()
        assert "by card." in document["body"]
        assert "steal" not in document["body"]


@on_sqlite
def test_limits_of_an_import_are_named(
    client: TestClient, editor: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submission, "MAX_FILES", 2)
    monkeypatch.setattr(submission, "MAX_TOTAL_BYTES", 100)
    many = [("files", (f"{number}.md", b"x")) for number in range(3)]
    refused = client.post(IMPORTS, files=many, headers=editor)
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        [{"field": "files", "message": "at most 2 files"}],
    )
    large = [("files", ("a.md", b"x" * 101))]
    refused = client.post(IMPORTS, files=large, headers=editor)
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (
        413,
        "at most 100 bytes together",
    )


@on_sqlite
def test_a_file_over_its_limit_is_an_item_that_failed(
    client: TestClient,
    editor: Headers,
    work: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.ingestion.reading.MAX_FILE_BYTES", 50)
    made = send(client, editor, {"large.md": b"x" * 51, "card.md": CARD})
    work()
    found = read(client, editor, made)
    assert outcomes(found) == {"large.md": "failed", "card.md": "created"}
    assert found["items"][0]["reason"] == "at most 50 bytes"


@on_sqlite
def test_two_files_of_one_name_do_not_fight(
    client: TestClient, editor: Headers, work: Callable[[], int]
) -> None:
    parts = [("files", ("a/card.md", CARD)), ("files", ("b/card.md", CARD + b" Other."))]
    made = client.post(IMPORTS, files=parts, headers=editor).json()
    work()
    items = read(client, editor, made)["items"]
    assert [item["outcome"] for item in items] == ["created", "failed"]
    assert "another file of this name" in items[1]["reason"]


@on_sqlite
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"url": "https://a.example", "sitemap": "https://a.example/s.xml"}, "body"),
        ({"url": "ftp://a.example"}, "url"),
        ({"url": "http://169.254.169.254/"}, "url"),
        ({"url": "https://a.example:8443/"}, "url"),
        ({"url": "https://a.example", "locale": "fr"}, "locale"),
        ({"url": "https://a.example", "unknown": 1}, "unknown"),
    ],
)
def test_an_address_that_may_not_be_read_is_refused_at_once(
    client: TestClient, editor: Headers, body: dict[str, Any], field: str
) -> None:
    refused = client.post(IMPORTS, json=body, headers=editor)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


@on_sqlite
@pytest.mark.parametrize(
    ("files", "data", "field"),
    [
        ({}, {"audience": "staff"}, "files"),
        ({"files": ("a.md", b"x")}, {"audience": "all"}, "audience"),
        ({"files": ("a.md", b"x")}, {"submit": "maybe"}, "submit"),
        ({"files": ("a.md", b"x")}, {"origin": "a/b"}, "origin"),
    ],
)
def test_a_bad_form_names_the_field(
    client: TestClient, editor: Headers, files: Any, data: Any, field: str
) -> None:
    refused = client.post(IMPORTS, files=files or {"other": b""}, data=data, headers=editor)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


def test_a_page_becomes_a_draft_that_names_its_source(
    client: TestClient, editor: Headers, web: WebServer, work: Callable[[], int]
) -> None:
    page = b"<html><title>Cards</title><main><h1>Cards</h1><p>See <a href='/b'>the fees</a> here."
    web.pages["/help"] = Answer(page, headers={"Content-Type": "text/html"})
    url = web.url("/help")
    first = fetch(client, editor, url=url, audience="staff")
    again = fetch(client, editor, url=f"{url}#part")
    work()
    assert [one["reason"] for one in read(client, editor, first)["items"]] == [None]
    assert outcomes(read(client, editor, first)) == {url: "created"}
    assert outcomes(read(client, editor, again)) == {url: "updated"}  # another audience
    found = read(client, editor, first)["items"][0]["document_id"]
    document = client.get(f"{DOCUMENTS}/{found}", headers=editor).json()
    assert (document["title"], document["source_url"]) == ("Cards", url)
    assert f"[the fees]({web.url('/b')})" in document["body"]
    assert document["slug"] == "en-127.0.0.1/help"


def test_every_page_of_a_sitemap_has_its_outcome(
    client: TestClient, editor: Headers, web: WebServer, work: Callable[[], int]
) -> None:
    pages = [web.url(path) for path in ("/a", "/gone", "/private", "/inside")]
    other = "https://elsewhere.example/x"
    web.pages |= {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private"),
        "/sitemap.xml": Answer(index(web.url("/pages.xml"))),
        "/pages.xml": Answer(urlset(*pages, other)),
        "/a": Answer(b"<p>Words of a page."),
        "/inside": Answer(status=302, headers={"Location": "http://169.254.169.254/"}),
    }
    made = fetch(client, editor, sitemap=web.url("/sitemap.xml"), locale="en")
    work()
    found = read(client, editor, made)
    assert outcomes(found) == {
        pages[0]: "created",
        pages[1]: "failed",
        pages[2]: "failed",
        pages[3]: "failed",
        other: "failed",
    }
    reasons = [item["reason"] for item in found["items"]]
    assert reasons == [
        None,
        "the server answered 404",
        "the site's robots.txt asks not to read this page",
        "leads into a private or reserved network",
        "it is on another host than the sitemap",
    ]


def test_a_sitemap_that_is_none_ends_the_import_with_its_reason(
    client: TestClient, editor: Headers, web: WebServer, work: Callable[[], int], parts: Parts
) -> None:
    web.pages["/sitemap.xml"] = Answer(b"<html>Not here.</html>")
    made = fetch(client, editor, sitemap=web.url("/sitemap.xml"))
    work()
    found = read(client, editor, made)
    assert (found["status"], found["total"]) == ("done", 0)
    assert "sitemap" in found["reason"]
    assert audited(parts)[-1] == "import.finished"


def test_a_run_that_broke_off_goes_on_with_what_waits(
    client: TestClient,
    editor: Headers,
    parts: Parts,
    work: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process dies while it reads the second file: a BaseException passes every handler."""
    made = send(client, editor, {f"{one}.md": CARD + one.encode() for one in "abc"})
    times = iter([False, True])

    def dying(*args: Any, **options: Any) -> Any:
        if next(times, False):
            raise KeyboardInterrupt
        return read_file(*args, **options)

    monkeypatch.setattr(tasks, "read_file", dying)
    with pytest.raises(KeyboardInterrupt):
        work()
    assert outcomes(read(client, editor, made)) == {
        "a.md": "created",
        "b.md": "waiting",
        "c.md": "waiting",
    }
    with parts.database.write() as session:  # its lease runs out
        job = session.scalars(select(JobRecord).where(JobRecord.state == "running")).one()
        job.state = "ready"
    work()
    assert set(outcomes(read(client, editor, made)).values()) == {"created"}
    with parts.database.read() as session:
        assert len(session.scalars(select(DocumentRecord)).all()) == 3


def test_a_file_that_kills_its_reader_is_not_read_for_ever(
    client: TestClient, editor: Headers, parts: Parts, work: Callable[[], int]
) -> None:
    made = send(client, editor, {"killer.md": CARD, "card.md": CARD + b" More."})
    with parts.database.write() as session:
        first = session.scalars(
            select(DocumentImportItemRecord).where(DocumentImportItemRecord.name == "killer.md")
        ).one()
        first.attempts = 2
    work()
    found = read(client, editor, made)
    assert outcomes(found) == {"killer.md": "failed", "card.md": "created"}
    assert "broke off" in found["items"][0]["reason"]


def test_a_long_import_lets_others_work_in_between(
    client: TestClient,
    editor: Headers,
    work: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "SHIFT_SECONDS", -1.0)
    monkeypatch.setattr(tasks, "AGAIN_SECONDS", -1.0)
    made = send(client, editor, {f"{one}.md": CARD + one.encode() for one in "abc"})
    assert work() == 4  # one item in each, and one that finds nothing left
    assert read(client, editor, made)["created"] == 3


def test_an_import_whose_job_is_given_up_says_so(
    client: TestClient, editor: Headers, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = send(client, editor, {"card.md": CARD})
    with parts.database.write() as session:
        job = session.scalars(select(JobRecord)).one()
        job.attempts = job.max_attempts
        job_id = job.id
    monkeypatch.setattr(tasks, "Fetcher", None)
    parts.runner.run(job_id)
    found = read(client, editor, made)
    assert (found["status"], found["failed"]) == ("done", 1)
    assert "broke off" in found["items"][0]["reason"]


def test_an_uploaded_file_that_is_gone_is_named(
    client: TestClient, editor: Headers, parts: Parts, work: Callable[[], int]
) -> None:
    made = send(client, editor, {"card.md": CARD})
    for path in (parts.settings.var / "files" / "documents").iterdir():
        path.unlink()
    work()
    assert "file store" in read(client, editor, made)["items"][0]["reason"]


def test_a_repeated_request_makes_one_import(client: TestClient, editor: Headers) -> None:
    keyed = {**editor, "Idempotency-Key": "once"}
    first, again = (fetch(client, keyed, url="https://bank.example/") for _ in range(2))
    assert first == again
    assert len(client.get(IMPORTS, headers=editor).json()["items"]) == 1


def test_imports_are_listed_by_page(client: TestClient, editor: Headers) -> None:
    made = [fetch(client, editor, url=f"https://bank.example/{one}")["id"] for one in range(3)]
    first = client.get(IMPORTS, params={"limit": 2}, headers=editor).json()
    rest = client.get(IMPORTS, params={"limit": 2, "after": first["next"]}, headers=editor).json()
    assert [one["id"] for one in [*first["items"], *rest["items"]]] == made[::-1]
    assert client.get(f"{IMPORTS}/1", headers=editor).json()["code"] == "import_not_found"
