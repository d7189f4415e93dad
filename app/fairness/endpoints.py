"""Doors of fairness: runs, the latest report, slices of real traffic, and a run now."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from app.auth.caller import Caller, Scope
from app.auth.dependencies import require
from app.clock import utc_now
from app.dependencies import ReadSession, WriteSession
from app.fairness import service
from app.fairness.repository import FairnessRepository
from app.fairness.schemas import FairnessReportRead, FairnessRunRead, SlicesRead
from app.fairness.slice_queries import checked_between, served_between
from app.fairness.slices import SMALLEST_JUDGED, report
from app.idempotency import OnceDep
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.schemas import Storable

router = APIRouter(
    prefix="/fairness",
    tags=["fairness"],
    dependencies=[Depends(require(Scope.ANALYTICS_READ))],
)
RunPath = Annotated[str, Path(max_length=100), Storable]
Days = Annotated[int, Query(ge=1, le=366, description="How far back.")]


# auditors and administrators: a run takes minutes of the processor
Measurer = Annotated[Caller, Depends(require(Scope.AUDIT_READ))]


@router.get("/runs", summary="List fairness runs, newest first")
def list_runs(
    session: ReadSession, after: CursorParam = None, limit: LimitParam = 50
) -> Page[FairnessRunRead]:
    found = FairnessRepository(session).list_page(after=decode_cursor(after), limit=limit + 1)
    items = [FairnessRunRead.model_validate(run) for run in found[:limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(found) > limit else None)


@router.post("/runs", status_code=202, summary="Run the fairness suite on what is live")
def request_run(caller: Measurer, session: WriteSession, once: OnceDep) -> FairnessRunRead:
    def produce() -> FairnessRunRead:
        run = service.request_run(session, occasion="request", actor=caller.actor)
        return FairnessRunRead.model_validate(run)

    return once.answer(session, produce, status=202)


@router.get("/runs/{run_id}", summary="Show a run with its report")
def show_run(session: ReadSession, run_id: RunPath) -> FairnessReportRead:
    return FairnessReportRead.model_validate(service.get(session, run_id))


@router.get("/latest", summary="Show the last run that finished, with its report")
def show_latest(session: ReadSession) -> FairnessReportRead:
    return FairnessReportRead.model_validate(service.latest(session))


@router.get("/slices", summary="How decisions went by language and channel")
def show_slices(session: ReadSession, days: Days = 90) -> SlicesRead:
    end = utc_now()
    start = end - timedelta(days=days)
    checked = checked_between(session, start, end)
    found = report(served_between(session, start, end), checked)
    return SlicesRead.model_validate(
        {
            "start": start,
            "end": end,
            "smallest_judged": SMALLEST_JUDGED,
            "slices": found.slices,
            "gaps": found.gaps,
        }
    )
