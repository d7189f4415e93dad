"""Bodies of drafts from agents' answers."""

from pydantic import Field

from app.editorial.schemas import DraftSourceRead
from app.knowledge.schemas import DOCUMENT_ID, DocumentRead
from app.schemas import Body, Key, Reading


class DraftCreate(Body):
    """Which answer of an agent becomes an article."""

    conversation_id: Key = Field(examples=[DOCUMENT_ID])
    message_id: Key = Field(examples=[DOCUMENT_ID])


class DuplicateArticle(Reading):
    """An article that says nearly the same as the draft."""

    document_id: str
    version: int
    title: str
    similarity: float | None = Field(description="Cosine; null for a language nobody encodes.")
    overlap: float = Field(description="Share of the shorter text that the other one repeats.")


class DraftRead(DocumentRead):
    """A draft for review, and where it comes from."""

    source: DraftSourceRead
    duplicates: list[DuplicateArticle] = Field(description="The most alike first.")
    removed: list[str] = Field(description="Masked values that were taken out of the text.")
