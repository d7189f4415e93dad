"""A draft from what an agent told a customer: through the normal review, by another person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.audit_trail import Actor, record
from app.auth.caller import Caller
from app.config import Settings
from app.content_filter import FilterAction, inspect, inspect_output
from app.conversations.repository import ConversationRepository
from app.conversations.service import ConversationService
from app.conversations.state import Author, MessageKind
from app.db.conversation import ConversationRecord, MessageRecord
from app.db.editorial import DraftSourceRecord
from app.editorial.drafting import DraftText, Said, choose_question, mask_addresses, write_draft
from app.editorial.duplicates import Likeness, find_alike
from app.editorial.health import vectors_of
from app.editorial.repository import EditorialRepository
from app.errors import NotFound, StateConflict
from app.knowledge.content import require_searchable
from app.knowledge.lookup import keep_current
from app.knowledge.repository import StoredDocument
from app.knowledge.schemas import DocumentCreate
from app.knowledge.service import KnowledgeService
from app.parts import Parts
from knowledge_base import Audience, Chunk, IndexUnavailable
from routing import Route, Taxonomy

LOCALES = ("en", "zh")
_LOOKED_AT = 10  # passages among which an article that says the same is looked for


@dataclass(frozen=True, slots=True)
class Answer:
    """What an agent said in a conversation, and what it was the answer to."""

    conversation: ConversationRecord
    message: MessageRecord
    text: DraftText
    locale: str
    intent: str | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article that says the same already."""

    document_id: str
    version: int
    title: str
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Draft:
    """The document, and whether it was there before."""

    stored: StoredDocument
    source: DraftSourceRecord
    is_new: bool


def read_answer(
    session: Session,
    conversation_id: str,
    message_id: str,
    caller: Caller,
    *,
    taxonomy: Taxonomy,
    settings: Settings,
) -> Answer:
    """The answer with its question. NotFound where this caller may not read the conversation."""
    conversation = ConversationService(session).get(conversation_id, caller)
    message = ConversationRepository(session).find_message(conversation.id, message_id)
    if message is None:
        raise NotFound("No such message in this conversation.", code="message_not_found")
    if message.author != Author.AGENT or message.kind != MessageKind.TEXT:
        raise StateConflict("Only an agent's answer becomes a draft.", code="not_an_answer")
    editorial = EditorialRepository(session)
    before = [_said(row) for row in editorial.list_thread_before(conversation.id, message.seq)]
    question = choose_question(before)
    if question is None:
        raise StateConflict("The customer asked nothing before it.", code="no_question")
    names = [editorial.find_customer_name(conversation.customer_id), message.author_name]
    text = write_draft(
        for_everybody(question.text, settings),
        for_everybody(message.text, settings),
        names=[name for name in names if name],
    )
    if text is None:
        raise StateConflict("Masked values and names are all it says.", code="nothing_to_draft")
    return Answer(
        conversation,
        message,
        text,
        locale=_locale(question.language, conversation.locale),
        intent=_taggable(editorial.find_intent_of(question.message_id), taxonomy),
    )


def keep_draft(session: Session, answer: Answer, actor: Actor) -> Draft:
    """The draft of this answer; one that was made before is returned as it is now.

    Its author is the agent who gave the answer: another person must publish it.
    """
    ConversationRepository(session).lock(answer.conversation.id)  # two clicks are one draft
    service = KnowledgeService(session, actor)
    known = EditorialRepository(session).find_draft_of(answer.message.id)
    if known is not None:
        return Draft(service.get(known.document_id), known, is_new=False)
    content = DocumentCreate.model_validate(
        {
            "title": answer.text.title,
            "body": answer.text.body,
            "locale": answer.locale,
            "intents": [answer.intent] if answer.intent else [],
        }
    )
    require_searchable(content)
    stored = service.create(content)
    stored.version.author_kind, stored.version.author_id = "staff", answer.message.staff_id
    source = EditorialRepository(session).add(
        DraftSourceRecord(
            document_id=stored.document.id,
            conversation_id=answer.conversation.id,
            message_id=answer.message.id,
            requested_by=str(actor),
        )
    )
    record(
        session,
        "document.drafted_from_answer",
        actor=actor,
        subject=stored.document.id,
        conversation=answer.conversation.id,
        message=answer.message.id,
        author=answer.message.staff_id,
    )
    return Draft(stored, source, is_new=True)


def find_duplicates(parts: Parts, answer: Answer) -> list[Duplicate]:
    """Articles that say nearly the same; none where there is no index to look in."""
    text = f"{answer.text.title}. {answer.text.body}"
    try:
        hits = parts.knowledge.search(
            text, k=_LOOKED_AT, locale=answer.locale, audiences=tuple(Audience)
        )
    except IndexUnavailable:
        return []
    with parts.database.read() as session:
        sections = _sections(keep_current(session, [hit.chunk for hit in hits]))
    texts = [text, *(" ".join([one.title, *one.headings, one.text]) for one in sections)]
    vectors = vectors_of(parts.grouping_encoder, texts, answer.locale)
    alike = [pair for pair in find_alike(texts, vectors) if pair.first == 0]
    found = {sections[pair.second - 1].document_id: pair for pair in reversed(alike)}
    chosen = {one.document_id: one for one in sections}
    return [
        Duplicate(document_id, chosen[document_id].version, chosen[document_id].title, pair)
        for document_id, pair in sorted(found.items(), key=lambda item: -item[1].strength)
    ]


def for_everybody(text: str, settings: Settings) -> str:
    """Masked as a message, and then as a reply to somebody else; nothing where that is blocked."""
    checked = inspect_output(
        inspect(text).text, own_values=settings.bank_phones, allowed_hosts=settings.bank_hosts
    )
    if checked.action is FilterAction.BLOCK:
        return ""
    return mask_addresses(checked.text, hosts=settings.bank_hosts)


def _sections(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Each passage once."""
    return list({chunk.chunk_id: chunk for chunk in chunks}.values())


def _said(message: MessageRecord) -> Said:
    is_customer = message.author == Author.CUSTOMER
    return Said(message.id, is_customer, message.text, message.language)


def _locale(*languages: str) -> str:
    return next((language for language in languages if language in LOCALES), LOCALES[0])


def _taggable(name: str | None, taxonomy: Taxonomy) -> str | None:
    """An intent that articles are tagged with: nobody's wish for a person is one."""
    intent = taxonomy.find(name or "")
    return intent.name if intent and intent.route is not Route.HUMAN else None
