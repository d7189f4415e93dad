"""What is to be summarised: a text, a document of the knowledge base, or a file. Knows no web."""

from dataclasses import dataclass

from app.auth.caller import Caller
from app.clock import utc_now
from app.db.session import Database
from app.errors import BadInput, FieldError
from app.knowledge.content import as_markdown
from app.knowledge.files import UploadedFile, read_file
from app.knowledge.service import KnowledgeService
from app.knowledge.timeline import shown_at
from app.summaries.schemas import DocumentRef, SummaryRequest
from knowledge_base.errors import DocumentUnreadable
from knowledge_base.long_document import MAX_CHARACTERS, LongDocument, read_long_document


@dataclass(frozen=True, slots=True)
class Source:
    """A text that was read, and the document that it is a version of."""

    document: LongDocument
    stored: DocumentRef | None = None


def from_request(database: Database, request: SummaryRequest, caller: Caller) -> Source:
    """The text of the request, or the version of the document that it names."""
    if request.document_id is None:
        return Source(_read("text", request.text or ""))
    with database.read() as session:
        service = KnowledgeService(session, caller.actor)
        stored = service.get(request.document_id)
        shown = shown_at(stored.timeline, utc_now())
        newest = stored.version.version
        number = request.version or (newest if shown is None else shown.version)
        version = service.get_version(request.document_id, number).version
        text = as_markdown(version)
        reference = DocumentRef(id=request.document_id, version=number, title=version.title)
    return Source(_read("document_id", text), reference)


def from_file(upload: UploadedFile) -> Source:
    """The text of a PDF, DOCX, HTML, Markdown or text file."""
    try:
        text = read_file(upload).body
    except BadInput as refused:
        if any(error.field == "body" for error in refused.errors):
            raise _refused("file", f"its text may have at most {MAX_CHARACTERS} characters") from (
                refused
            )
        raise
    return Source(_read("file", text))


def _read(field: str, text: str) -> LongDocument:
    try:
        return read_long_document(text)
    except DocumentUnreadable as unreadable:
        raise _refused(field, str(unreadable)) from unreadable


def _refused(field: str, rule: str) -> BadInput:
    return BadInput("The text cannot be summarised.", errors=(FieldError(field, rule),))
