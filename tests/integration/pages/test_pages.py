"""Built pages: strict headers, known files only; the demo bank for development only."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from app.api import build_api
from app.db.credential import InboxRecord
from app.pages import endpoints
from tests.fixtures.callers import Api
from tests.fixtures.expectations import expect_problem
from tests.fixtures.service import Service

PAGES = {
    "/console": "console.html",
    "/console/conversations/42": "console.html",
    "/widget/panel": "panel.html",
    "/demo": "demo.html",
}
CONSOLE = ("console.js", "console-chunk.js", "console-Knowledge.js", "console.css")
FILES = ("widget.js", "panel.js", "panel.css", *CONSOLE, "demo.js", "demo.css")


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (*PAGES.values(), *FILES, "favicon.svg"):
        (tmp_path / name).write_text(f"this is {name}")
    (tmp_path / "secret.js").write_text("not for you")
    monkeypatch.setattr(endpoints, "DIST", tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.usefixtures("built")
def test_page_has_a_strict_policy(anonymous: Api, path: str) -> None:
    answer = anonymous.get(path)
    assert answer.text == f"this is {PAGES[path]}"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("built")
def test_only_websites_of_an_inbox_may_embed_the_panel(anonymous: Api, service: Service) -> None:
    with service.parts.database.write() as session:
        session.add(InboxRecord(name="x", secret="x", allowed_origins=["https://bank.example"]))
    policy = anonymous.get("/widget/panel").headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://bank.example" in policy
    console = anonymous.get("/console").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in console


@pytest.mark.parametrize(
    "path",
    [
        "/widget/secret.js",
        "/console/assets/secret.js",
        "/demo/assets/secret.js",
        "/widget/%2e%2e%2fpyproject.toml",
        "/demo/assets/panel.js",
    ],
)
@pytest.mark.usefixtures("built")
def test_other_files_are_not_served(anonymous: Api, path: str) -> None:
    answer = anonymous.get(path)
    assert "not for you" not in answer.text
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/widget.js", "text/javascript"),
        ("/widget/panel.css", "text/css"),
        ("/console/assets/console.js", "text/javascript"),
        ("/console/assets/console-chunk.js", "text/javascript"),
        ("/console/assets/console-Knowledge.js", "text/javascript"),
        ("/favicon.ico", "image/svg+xml"),
    ],
)
@pytest.mark.usefixtures("built")
def test_assets_have_their_type(anonymous: Api, path: str, kind: str) -> None:
    answer = anonymous.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)


def test_pages_that_are_not_built_name_the_command(
    anonymous: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "DIST", tmp_path)
    for path in (*PAGES, "/widget.js", "/favicon.ico"):
        problem = expect_problem(anonymous.get(path), 503, code="web_not_built")
        assert "make web" in problem["detail"]


def test_home_leads_to_the_demo_page(anonymous: Api) -> None:
    answer = anonymous.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/demo")


def test_demo_bank_signs_tokens_that_the_widget_accepts(anonymous: Api) -> None:
    customers = anonymous.get("/demo/customers").json()["items"]
    signed = anonymous.post("/demo/identity", {"customer_id": customers[0]["id"]}).json()
    begun = anonymous.post("/v1/widget/sessions", {"identity_token": signed["identity_token"]})
    assert begun.json()["customer"]["name"] == customers[0]["name"]
    unknown = anonymous.post("/demo/identity", {"customer_id": "nobody"})
    expect_problem(unknown, 404, code="customer_not_found")


def test_demo_phone_shows_its_owners_texts(anonymous: Api, other_customer: Api) -> None:
    conversation = other_customer.open_conversation()
    other_customer.post(
        f"/v1/conversations/{conversation}/verification", {"action": "card_unfreeze"}
    )
    shown = anonymous.get("/demo/phone?customer_id=cust-1002").json()["items"]
    assert shown
    assert anonymous.get("/demo/phone?customer_id=nobody").json() == {"items": []}


@pytest.mark.parametrize("with_demo", [True, False], ids=["development", "production"])
def test_demo_bank_is_for_development_only(with_demo: bool) -> None:
    app = FastAPI()
    app.include_router(build_api(with_demo=with_demo))
    assert ("/demo/identity" in app.openapi()["paths"]) is with_demo
