"""Bodies of the label doors."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from app.schemas import Body, Key, Masked, Note, Reading, Storable, Timestamp, not_blank
from routing.dataset import LONGEST_TEXT

LABEL_ID = "019237f0-0000-7000-8000-000000000000"
MOST_AT_ONCE = 200

StatusName = Literal["pending", "accepted", "rejected", "superseded"]
LanguageName = Literal["en", "zh"]
LabelText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_TEXT, strip_whitespace=True),
    Storable,
    AfterValidator(not_blank),
    Masked,
]
LabelIdText = Annotated[str, StringConstraints(min_length=1, max_length=64), Storable]


class CorrectionCreate(Body):
    """Either the intent that it should have been, or that the decision was right."""

    intent: Key | None = Field(
        None, description="An intent, or out_of_scope.", examples=["card_lost"]
    )
    right: bool = Field(default=False, description="The decision was right.", examples=[False])
    note: Note | None = Field(None, examples=["The customer said so in the next message."])

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.right == (self.intent is not None):
            raise ValueError("give either an intent or right=true")
        return self


class ReviewAccept(Body):
    """A reviewer's yes."""

    text: LabelText | None = Field(
        None,
        description="The text to learn, where names or the like must go.",
        examples=["I lost my card on the train"],
    )
    note: Note | None = None
    despite_conflict: bool = Field(
        default=False, description="Replace what is labelled otherwise.", examples=[False]
    )


class ReviewReject(Body):
    note: Note | None = Field(None, examples=["Cannot be told from the text alone."])


class AcceptMany(Body):
    ids: list[LabelIdText] = Field(min_length=1, max_length=MOST_AT_ONCE, examples=[[LABEL_ID]])


class RetrainRequested(Body):
    seed: int = Field(0, ge=0, le=2_000_000_000, examples=[0])


class RefreshRequested(Body):
    days: int = Field(30, ge=1, le=365, description="How far back to look.", examples=[30])


class SuggestionLabelled(Body):
    intent: Key = Field(description="An existing intent.", examples=["card_lost"])


class PersonRead(Reading):
    actor: str = Field(examples=["staff:019237f0-0000-7000-8000-000000000000"])
    name: str


class CorrectionRead(Reading):
    """One person's word on a decision, without the message."""

    id: str = Field(examples=[LABEL_ID])
    decision_id: str
    kind: Literal["corrected", "confirmed", "suggested"]
    status: StatusName
    intent: str = Field(description="out_of_scope where none applies.", examples=["card_lost"])
    decided_intent: str | None
    labelled_by: PersonRead
    created_at: Timestamp
    reviewed_by: PersonRead | None
    reviewed_at: Timestamp | None
    superseded_by: str | None
    note: str | None


class CorrectionList(Reading):
    items: list[CorrectionRead]


class NeighbourRead(Reading):
    source: Literal["label", "training"]
    label_id: str | None
    status: StatusName | None
    text: str
    intent: str
    similarity: float = Field(description="1 for the same text.")
    agrees: bool


class LabelRead(CorrectionRead):
    """A label with everything that a reviewer should see."""

    conversation_id: str
    text: str
    original_text: str
    language: str
    channel: str
    decided_reason: str
    model_version: str
    edited_by: str | None
    edited_at: Timestamp | None
    review_note: str | None
    duplicate: bool = Field(description="The same text has this label already.")
    conflict: Literal["same", "near"] | None
    needs_context: bool = Field(description="The words alone do not say what was meant.")
    placeholders: list[str] = Field(description="Masked parts; they stay as they are.")
    neighbours: list[NeighbourRead]
    reviewable: bool = Field(description="Waits, and was labelled by somebody else.")


class SkippedRead(Reading):
    id: str
    reason: str


class AcceptedMany(Reading):
    accepted: list[str]
    skipped: list[SkippedRead]


class SummaryRead(Reading):
    """How much waits, and whether a retrain is worth it."""

    pending: int
    accepted: int
    rejected: int
    superseded: int
    new_since_last_run: int
    offer_after: int
    retrain_offered: bool
    run_under_way: str | None


class RunRead(Reading):
    id: str = Field(examples=[LABEL_ID])
    state: Literal["queued", "training", "evaluated", "ready", "refused", "failed"]
    step: str | None
    progress: float
    requested_by: PersonRead
    seed: int
    data: dict[str, Any] = Field(description="Rows, labels, and every conflict.")
    version: str | None = Field(description="The checkpoint; registered, not live.")
    base_version: str | None = Field(description="What was live when it was measured.")
    report: dict[str, Any] = Field(description="Figures before and after, for each set.")
    reason: str | None = Field(description="Why it was refused or failed.")
    created_at: Timestamp
    started_at: Timestamp | None
    finished_at: Timestamp | None


class SuggestionRead(Reading):
    id: str = Field(examples=[LABEL_ID])
    status: Literal["open", "dismissed", "labelled", "gone"]
    language: str
    name: str
    texts: list[str]
    size: int
    earlier: int = Field(description="Messages in the first half of the period.")
    recent: int = Field(description="Messages in the second half.")
    trend: Literal["rising", "steady", "falling"]
    nearest_intent: str | None
    nearest_similarity: float | None
    period_from: Timestamp
    period_to: Timestamp
    updated_at: Timestamp
    closed_by: PersonRead | None
    closed_at: Timestamp | None
    labelled_as: str | None


class JobRead(Reading):
    job_id: str = Field(examples=[LABEL_ID])
    status: Literal["ready", "running", "done", "dead"] = Field(examples=["ready"])


class LabelledMany(Reading):
    suggestion: SuggestionRead
    labels: int = Field(description="How many now wait for review.")
