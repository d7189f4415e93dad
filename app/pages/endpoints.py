"""Built pages and scripts: widget loader and panel, console, demo bank page. Strict CSP each.

Without `web/dist` the service still runs: these answer 503 and name the command that builds it.
"""

from fastapi import APIRouter
from fastapi.responses import FileResponse, RedirectResponse, Response
from sqlalchemy import select

from app.db.credential import InboxRecord
from app.dependencies import PartsDep, ReadSession
from app.errors import NotFound, Unavailable
from app.web_files import DIST

router = APIRouter(include_in_schema=False)
MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
}
SELF_ONLY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'"
)
CONSOLE_CSP = f"{SELF_ONLY}; require-trusted-types-for 'script'; frame-ancestors 'none'"
DEMO_CSP = f"{SELF_ONLY}; frame-src 'self'; frame-ancestors 'none'"
WIDGET_ASSETS = ("panel.js", "panel.css")
CONSOLE_ASSETS = ("console.js", "console-chunk.js", "console-Knowledge.js", "console.css")
DEMO_ASSETS = ("demo.js", "demo.css")


@router.get("/widget.js")
def widget_loader() -> Response:
    """The one script that a bank's page includes."""
    response = _file("widget.js")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@router.get("/widget/panel")
def widget_panel(session: ReadSession) -> Response:
    """The iframe; only the websites of an inbox may embed it."""
    origins: set[str] = set()
    for row in session.scalars(select(InboxRecord)):
        origins.update(str(origin) for origin in row.allowed_origins)
    ancestors = " ".join(["'self'", *sorted(origins)])
    csp = f"{SELF_ONLY}; require-trusted-types-for 'script'; frame-ancestors {ancestors}"
    return _file("panel.html", csp=csp)


@router.get("/widget/{name}")
def widget_asset(name: str) -> Response:
    return _asset(name, WIDGET_ASSETS)


@router.get("/console/assets/{name}")
def console_asset(name: str) -> Response:
    return _asset(name, CONSOLE_ASSETS)


@router.get("/console")
@router.get("/console/{_path:path}")
def console(_path: str = "") -> Response:
    """The agents' application; its own router reads the path."""
    return _file("console.html", csp=CONSOLE_CSP)


@router.get("/demo/assets/{name}")
def demo_asset(name: str) -> Response:
    return _asset(name, DEMO_ASSETS)


@router.get("/demo")
def demo(parts: PartsDep) -> Response:
    """The demo bank's website, in development."""
    if not parts.settings.is_development:
        raise NotFound("There is no demo page outside development.")
    return _file("demo.html", csp=DEMO_CSP)


@router.get("/favicon.ico")
def favicon() -> Response:
    name = "favicon.ico" if (DIST / "favicon.ico").exists() else "favicon.svg"
    return _file(name)


@router.get("/favicon.svg")
def favicon_svg() -> Response:
    return _file("favicon.svg")


@router.get("/")
def home() -> Response:
    return RedirectResponse("/demo")


def _asset(name: str, known: tuple[str, ...]) -> Response:
    if name not in known:
        raise NotFound("No such file.")
    return _file(name)


def _file(name: str, *, csp: str | None = None) -> Response:
    path = DIST / name
    if not path.exists():
        raise Unavailable("The web pages are not built. Run `make web`.", code="web_not_built")
    response = FileResponse(path, media_type=MEDIA_TYPES[path.suffix])
    response.headers["Cache-Control"] = "no-cache"
    if csp is not None:
        response.headers["Content-Security-Policy"] = csp
    return response
