"""Doors of operations: alive, ready."""

from fastapi import APIRouter, Response

from app.dependencies import PartsDep
from app.health.checks import run_checks
from app.schemas import Reading

router = APIRouter(tags=["Operations"])


class Alive(Reading):
    status: str = "alive"


class CheckRead(Reading):
    name: str
    ok: bool
    required: bool
    detail: str


class Ready(Reading):
    ready: bool
    checks: list[CheckRead]


@router.get("/healthz")
def healthz() -> Alive:
    """The process runs."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Ready, "description": "Not ready"}})
def readyz(parts: PartsDep, response: Response) -> Ready:
    """Whether traffic may come, with one line for each thing that it rests on."""
    checks = run_checks(parts)
    is_ready = all(check.ok for check in checks if check.is_required)
    response.status_code = 200 if is_ready else 503
    return Ready(
        ready=is_ready,
        checks=[
            CheckRead(name=item.name, ok=item.ok, required=item.is_required, detail=item.detail)
            for item in checks
        ],
    )
