"""Doors of the numbers: summary, handoffs, intents, latency; JSON, or CSV when asked for."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from app.analytics.csv_export import to_csv
from app.analytics.filters import Filters, build_period
from app.analytics.handoff_queries import GroupBy, handoff_rows
from app.analytics.schemas import (
    DayRead,
    HandoffRowRead,
    HandoffsRead,
    IntentRowRead,
    IntentsRead,
    LatencyRead,
    PeriodRead,
    StepRowRead,
    SummaryRead,
)
from app.analytics.summary_queries import summarise
from app.analytics.turn_queries import intent_rows, step_rows
from app.auth.caller import Scope
from app.auth.dependencies import require
from app.dependencies import ReadSession
from app.schemas import Storable

B = TypeVar("B", bound=BaseModel)

router = APIRouter(
    prefix="/analytics",
    tags=["analytics"],
    dependencies=[Depends(require(Scope.ANALYTICS_READ))],
)

CSV = "text/csv; charset=utf-8"
CSV_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {}}}}
Choice = Annotated[Annotated[str, Storable] | None, Query(min_length=1, max_length=100)]
From = Annotated[datetime | None, Query(alias="from", description="Default: 30 days before `to`.")]
To = Annotated[datetime | None, Query(alias="to", description="Default: now.")]


async def _filters(
    start: From = None,
    end: To = None,
    channel: Choice = None,
    intent: Choice = None,
    language: Choice = None,
    variant: Choice = None,
) -> Filters:
    return Filters(build_period(start, end), channel, intent, language, variant)


FiltersDep = Annotated[Filters, Depends(_filters)]


@router.get(
    "/summary",
    summary="How a period went; as CSV: one line a day",
    response_model=SummaryRead,
    responses=CSV_ANSWER,
)
def summary(request: Request, session: ReadSession, filters: FiltersDep) -> SummaryRead | Response:
    found = asdict(summarise(session, filters))
    body = SummaryRead.model_validate(found | {"period": _period(filters)})
    return _as_asked(request, body, body.by_day, DayRead)


@router.get(
    "/handoffs",
    summary="Handoff rates by group, each with its conversations",
    response_model=HandoffsRead,
    responses=CSV_ANSWER,
)
def handoffs(
    request: Request,
    session: ReadSession,
    filters: FiltersDep,
    group_by: GroupBy = GroupBy.INTENT,
) -> HandoffsRead | Response:
    rows = [_row(HandoffRowRead, row) for row in handoff_rows(session, filters, group_by)]
    body = HandoffsRead(group_by=group_by.value, period=_period(filters), rows=rows)
    return _as_asked(request, body, rows, HandoffRowRead)


@router.get(
    "/intents",
    summary="Volume and mean confidence of each intent",
    response_model=IntentsRead,
    responses=CSV_ANSWER,
)
def intents(request: Request, session: ReadSession, filters: FiltersDep) -> IntentsRead | Response:
    rows = [_row(IntentRowRead, row) for row in intent_rows(session, filters)]
    body = IntentsRead(period=_period(filters), rows=rows)
    return _as_asked(request, body, rows, IntentRowRead)


@router.get(
    "/latency",
    summary="Percentiles of the time of each step",
    response_model=LatencyRead,
    responses=CSV_ANSWER,
)
def latency(request: Request, session: ReadSession, filters: FiltersDep) -> LatencyRead | Response:
    rows = [_row(StepRowRead, row) for row in step_rows(session, filters)]
    body = LatencyRead(period=_period(filters), rows=rows)
    return _as_asked(request, body, rows, StepRowRead)


def _as_asked(
    request: Request, body: B, rows: Iterable[BaseModel], row_type: type[BaseModel]
) -> B | Response:
    """The body, or its rows as CSV when the caller accepts that."""
    if "text/csv" not in request.headers.get("Accept", "").lower():
        return body
    columns = tuple(row_type.model_fields)
    text = to_csv((row.model_dump() for row in rows), columns=columns)
    name = request.url.path.rsplit("/", 1)[-1]
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, media_type=CSV, headers=headers)


def _row(row_type: type[B], row: object) -> B:
    return row_type.model_validate(row)


def _period(filters: Filters) -> PeriodRead:
    return PeriodRead(start=filters.period.start, end=filters.period.end)
