"""Doors of training runs: ask for one, follow it."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.dependencies import ReadSession, WriteSession
from app.idempotency import OnceDep
from app.labels import runs
from app.labels.doors import Reviewer
from app.labels.runs import RunRepository
from app.labels.schemas import LABEL_ID, RetrainRequested, RunRead
from app.labels.views import view_run
from app.pagination import CursorParam, LimitParam, Page, decode_cursor, encode_cursor
from app.schemas import Storable

router = APIRouter()
RunId = Annotated[str, Path(max_length=64, examples=[LABEL_ID]), Storable]


@router.post("/labels/retrain", status_code=202)
def retrain(
    body: RetrainRequested, person: Reviewer, session: WriteSession, once: OnceDep
) -> RunRead:
    """Train on the base utterances and every accepted label. Nothing goes live by itself."""

    def produce() -> RunRead:
        row = runs.request_run(session, actor=person.actor, name=person.name, seed=body.seed)
        return view_run(row)

    return once.answer(session, produce, status=202)


@router.get("/labels/runs")
def list_runs(
    _person: Reviewer, session: ReadSession, after: CursorParam = None, limit: LimitParam = 20
) -> Page[RunRead]:
    """Training runs, the newest first, with figures before and after."""
    rows = RunRepository(session).list_page(after=decode_cursor(after), limit=limit + 1)
    items = [view_run(row) for row in rows[:limit]]
    return Page(items=items, next=encode_cursor(items[-1].id) if len(rows) > limit else None)


@router.get("/labels/runs/{run_id}")
def read_run(run_id: RunId, _person: Reviewer, session: ReadSession) -> RunRead:
    """One training run."""
    return view_run(runs.get_run(session, run_id))
