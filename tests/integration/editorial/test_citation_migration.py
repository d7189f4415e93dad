"""The table of citations is filled with what was cited before it came."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.audit_trail import session_info
from app.clock import utc_now
from app.config import DatabaseSettings
from app.db.conversation import ConversationRecord, MessageRecord
from app.db.editorial import MessageCitationRecord
from app.db.session import Database
from tests.fixtures.databases import AUDIT_KEY, ROOT

CITED = [
    {"document_id": "d1", "version": 2, "title": "Cards", "quote": "one"},
    {"document_id": "d1", "version": 2, "title": "Cards", "quote": "two"},
    {"document_id": "d2", "version": 1, "title": "Fees", "quote": "three"},
]


def alembic(url: str) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def before_citations(config: Config) -> str:
    """The revision below the one that brought the table."""
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    found = next(script for script in scripts if script.doc.startswith("what replies cite"))
    assert isinstance(found.down_revision, str)
    return found.down_revision


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(DatabaseSettings(url=database_url), session_info=session_info(AUDIT_KEY))


def test_citations_of_old_messages_are_filled_in(database: Database, database_url: str) -> None:
    with database.write() as session:
        conversation = ConversationRecord(channel="widget", updated_at=utc_now())
        session.add(conversation)
        session.flush()
        for seq, citations in enumerate(([], CITED), start=1):
            session.add(
                MessageRecord(
                    conversation_id=conversation.id,
                    seq=seq,
                    author="assistant",
                    text="Text",
                    language="en",
                    citations=citations,
                )
            )
    database.dispose()
    config = alembic(database_url)
    command.downgrade(config, before_citations(config))
    command.upgrade(config, "head")
    with database.read() as session:
        kept = session.execute(
            sa.select(MessageCitationRecord, MessageRecord.seq, MessageRecord.created_at).join(
                MessageRecord, MessageRecord.id == MessageCitationRecord.message_id
            )
        ).all()
    assert {(row[0].document_id, row[0].version) for row in kept} == {("d1", 2), ("d2", 1)}
    assert {row.seq for row in kept} == {2}
    assert all(row[0].created_at == row.created_at for row in kept)
    database.dispose()
