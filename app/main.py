"""The service: create_app() and its life."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio.to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline

from app import __version__
from app.api import build_api
from app.assembly import Assembled, assemble
from app.config import Settings, load_settings
from app.dependencies import refuse_nul
from app.idempotency import Replay
from app.logging import configure_logging
from app.middleware import RequestGate
from app.monitoring.http import HttpMetrics
from app.problems import PROBLEM_SCHEMA, install_problem_handlers

THREADS = 64  # requests that may run or wait at once in this process
PROBLEM_STATUSES = {
    401: "No valid session or key",
    403: "Not for this caller",
    404: "Nothing here for this caller",
    409: "The state does not allow it",
    413: "Too large",
    422: "A field cannot be accepted",
    429: "Too many requests",
    503: "A part is not available",
}
DESCRIPTION = (
    "Customer service for a bank: filter, classify, route, answer or hand over. "
    "Every error is `application/problem+json` with a stable `code`."
)


def create_app(
    settings: Settings | None = None, *, build: Callable[[Settings], Assembled] = assemble
) -> FastAPI:
    """The application; parts are assembled when it starts."""
    settings = settings or load_settings()
    configure_logging(json_lines=settings.environment == "production")
    app = FastAPIOffline(
        redoc_url=None,
        title="Switchboard",
        version=__version__,
        description=DESCRIPTION,
        lifespan=_lifespan(settings, build),
        dependencies=[Depends(refuse_nul)],
        responses=_problem_responses(),
        separate_input_output_schemas=False,
    )
    app.include_router(build_api(with_demo=settings.is_development))
    install_problem_handlers(app)
    app.add_exception_handler(Replay, _replay)
    app.add_middleware(HttpMetrics)
    app.add_middleware(RequestGate)  # added last: outermost
    return app


def _lifespan(
    settings: Settings, build: Callable[[Settings], Assembled]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        assembled = await anyio.to_thread.run_sync(build, settings)
        app.state.parts = assembled.parts
        assembled.start()
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(assembled.stop)

    return lifespan


def _replay(_request: Request, stored: Exception) -> JSONResponse:
    assert isinstance(stored, Replay)  # noqa: S101 - narrows the handler's type
    headers = {"Idempotency-Replayed": "true"}
    return JSONResponse(stored.answer, status_code=stored.status, headers=headers)


def _problem_responses() -> dict[int | str, dict[str, object]]:
    content = {"application/problem+json": {"schema": PROBLEM_SCHEMA}}
    return {
        status: {"description": text, "content": content}
        for status, text in PROBLEM_STATUSES.items()
    }
