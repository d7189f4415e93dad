"""Small values that the tests of the knowledge base share."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from knowledge_base import Document
from knowledge_base.protocols import Vectors
from models.fakes import HashingEncoder

MOMENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class EnglishOnlyEncoder(HashingEncoder):
    """Remembers what it was given, as an encoder that cannot read Chinese."""

    reads_cjk = False

    def __init__(self) -> None:
        super().__init__(256)
        self.seen: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        return super().encode(texts)


def now() -> datetime:
    return MOMENT


def after_days(days: int) -> Callable[[], datetime]:
    """A clock that stands still some days later."""
    return lambda: MOMENT + timedelta(days=days)


def build_document(document_id: str, body: str, **changes: Any) -> Document:
    """A public English document, valid by default."""
    facts: dict[str, Any] = {"version": 1, "title": document_id, "locale": "en"} | changes
    return Document(document_id=document_id, body=body, **facts)


ARTICLES = (
    build_document(
        "en-fees",
        "## What does it cost?\n\nThe monthly fee is four euros.\n\n- Basic: free\n- Plus: twelve",
        title="Account fees",
        intents=("account_fees",),
    ),
    build_document(
        "en-transfers",
        "## How fast is a transfer?\n\nA transfer arrives on the next working day.",
        title="Transfers",
        source_url="https://lanternbank.example/transfers",
    ),
    build_document(
        "zh-fees",
        "## 每月收费多少？\n\n账户月费是四欧元。基础账户免费。",
        title="账户收费",
        locale="zh",
        intents=("account_fees",),
    ),
)
