"""Errors become RFC 9457 problem+json; the only place that knows both sides."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from app.errors import AppError, FieldError

log = structlog.get_logger(__name__)

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
CODES = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    422: "bad_input",
}
# what a validator's error type is called in a problem; {limit} is the bound that was broken
SENTENCES = {
    "missing": "required, but missing",
    "extra_forbidden": "unknown field: not permitted",
    "string_type": "must be text",
    "string_unicode": "must be text that is valid Unicode",
    "string_too_short": "at least {limit} characters",
    "string_too_long": "at most {limit} characters",
    "string_pattern_mismatch": "must match the pattern {limit}",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number of fewer digits",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "greater_than": "must be greater than {limit}",
    "greater_than_equal": "must be at least {limit}",
    "less_than": "must be less than {limit}",
    "less_than_equal": "must be at most {limit}",
    "list_type": "must be a list: a valid array",
    "too_short": "at least {limit} items",
    "too_long": "at most {limit} items",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "literal_error": "must be one of {limit}",
    "enum": "must be one of {limit}",
    "datetime_type": "must be a moment such as 2026-12-01T00:00:00Z",
    "datetime_parsing": "must be a moment such as 2026-12-01T00:00:00Z",
    "datetime_from_date_parsing": "must be a moment such as 2026-12-01T00:00:00Z",
    "timezone_aware": "must be a moment with its time zone, such as 2026-12-01T00:00:00Z",
    "json_invalid": "must be JSON",
}
LIMITS = ("min_length", "max_length", "gt", "ge", "lt", "le", "pattern", "expected")
STATED_LIMIT = re.compile(r"'.+'|-?\d[\d.]*")  # where the context was left out


def problem_response(
    request: Request,
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: tuple[FieldError, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """One problem document; `errors` names each field and the limit it broke."""
    body: dict[str, Any] = {
        "type": f"urn:switchboard:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": getattr(request.state, "request_id", ""),
    }
    if errors:
        body["errors"] = [{"field": error.field, "message": error.message} for error in errors]
    return JSONResponse(
        body, status_code=status, media_type="application/problem+json", headers=headers
    )


def install_problem_handlers(app: FastAPI) -> None:
    """Translate every exception that can leave an endpoint."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(OperationalError, _database_error)
    app.add_exception_handler(Exception, _unexpected)


def _app_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)  # noqa: S101 - narrows the handler's type
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(error.retry_after)))
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem_response(
        request,
        status=error.status,
        code=error.code,
        title=error.title,
        detail=error.detail,
        errors=error.errors,
        headers=headers,
    )


def _validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    errors = tuple(FieldError(_field_name(item), sentence_of(item)) for item in error.errors())
    return problem_response(
        request,
        status=422,
        code="bad_input",
        title="The input cannot be accepted",
        detail="; ".join(f"{item.field}: {item.message}" for item in errors[:5]),
        errors=errors,
    )


def sentence_of(item: Mapping[str, Any]) -> str:
    """What is wrong, in our words; an error of an unlisted type keeps the validator's."""
    message = str(item["msg"])
    sentence = SENTENCES.get(item["type"])
    if sentence is None:
        return message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    if "{limit}" not in sentence:
        return sentence
    limit = _limit(item.get("ctx", {}), message)
    said = sentence.format(limit=limit)
    if limit == "1" and item["type"].startswith(("string_too", "too_")):
        return said.removesuffix("s")
    return said.replace("one of ", "") if " or " not in limit else said


def _limit(context: Mapping[str, Any], message: str) -> str:
    for name in LIMITS:
        if name in context:
            return str(context[name])
    stated = STATED_LIMIT.search(message)
    return stated.group() if stated else message


def _field_name(item: Mapping[str, Any]) -> str:
    """("body", "items", 3, "text") → "items.3.text"; a body that is not JSON → "body"."""
    if item["type"] == "json_invalid":  # the location is then a place in the text
        return "body"
    names = [str(part) for part in item["loc"]]
    if len(names) > 1 and names[0] in ("body", "query", "path", "header", "cookie"):
        names = names[1:]
    # an unknown field's name is the caller's text: keep it short and printable
    return ".".join(name.encode("ascii", "backslashreplace").decode()[:100] for name in names)


def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = 422 if error.status_code == 400 else error.status_code
    is_about_body = status in (413, 422)  # the framework and the gate refuse nothing else so
    return problem_response(
        request,
        status=status,
        code=CODES.get(status, "http_error"),
        title=HTTPStatus(status).phrase if is_about_body else str(error.detail),
        detail=f"body: {error.detail}" if is_about_body else str(error.detail),
        errors=(FieldError("body", str(error.detail)),) if is_about_body else (),
        headers=error.headers,
    )


def _database_error(request: Request, error: Exception) -> JSONResponse:
    log.error("database.unavailable", error=type(error).__name__)
    return problem_response(
        request,
        status=503,
        code="database_unavailable",
        title="The database is not available",
        detail="Nothing was changed. Try again with the same Idempotency-Key.",
        headers={"Retry-After": "2"},
    )


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.exception("request.failed", error=type(error).__name__, exc_info=error)
    return problem_response(
        request,
        status=500,
        code="internal_error",
        title="Something went wrong on our side",
        detail="The error was recorded under the request id.",
    )
