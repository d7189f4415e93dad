"""Every record of the schema, imported once so that the metadata is complete."""

from app.db.audit import AuditBlockRecord, AuditEventRecord
from app.db.base import Base
from app.db.conversation import ConversationRecord, CsatRecord, MessageRecord, TurnRecord
from app.db.credential import (
    ApiKeyRecord,
    InboxRecord,
    SocketTicketRecord,
    StaffSessionRecord,
    StepUpChallengeRecord,
    UsedTokenRecord,
    WidgetSessionRecord,
)
from app.db.decision import DecisionRecord
from app.db.document import DocumentRecord, DocumentVersionRecord, PublicationRecord
from app.db.editorial import DraftSourceRecord, MessageCitationRecord, MessageRatingRecord
from app.db.event import EventRecord
from app.db.experiment import (
    AssignmentRecord,
    ExperimentRecord,
    ExposureRecord,
    VariantRecord,
)
from app.db.fairness import FairnessRunRecord
from app.db.handoff import HandoffRecord
from app.db.idempotency import IdempotencyRecord
from app.db.ingestion import DocumentImportItemRecord, DocumentImportRecord
from app.db.job import JobRecord
from app.db.label import IntentSuggestionRecord, LabelRecord, TrainingRunRecord
from app.db.people import CustomerRecord, StaffRecord
from app.db.shadow import ShadowDecisionRecord

__all__ = [
    "ApiKeyRecord",
    "AssignmentRecord",
    "AuditBlockRecord",
    "AuditEventRecord",
    "Base",
    "ConversationRecord",
    "CsatRecord",
    "CustomerRecord",
    "DecisionRecord",
    "DocumentImportItemRecord",
    "DocumentImportRecord",
    "DocumentRecord",
    "DocumentVersionRecord",
    "DraftSourceRecord",
    "EventRecord",
    "ExperimentRecord",
    "ExposureRecord",
    "FairnessRunRecord",
    "HandoffRecord",
    "IdempotencyRecord",
    "InboxRecord",
    "IntentSuggestionRecord",
    "JobRecord",
    "LabelRecord",
    "MessageCitationRecord",
    "MessageRatingRecord",
    "MessageRecord",
    "PublicationRecord",
    "ShadowDecisionRecord",
    "SocketTicketRecord",
    "StaffRecord",
    "StaffSessionRecord",
    "StepUpChallengeRecord",
    "TrainingRunRecord",
    "TurnRecord",
    "UsedTokenRecord",
    "VariantRecord",
    "WidgetSessionRecord",
]
