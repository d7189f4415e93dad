"""The hash of what a document says: the same text and facts, the same hash, also from before."""

import hashlib
import json
from datetime import date

from app.knowledge.content import hash_of
from app.knowledge.schemas import DocumentCreate

SAID = {"title": "Cards", "body": "Text.", "locale": "en"}


def test_facts_that_came_later_leave_earlier_hashes_alone() -> None:
    content = DocumentCreate.model_validate(SAID)
    before = content.model_dump(mode="json", exclude={"owner", "review_by"})
    facts = json.dumps(before, sort_keys=True, ensure_ascii=False)
    assert hash_of(content) == hashlib.sha256(facts.encode()).hexdigest()


def test_an_owner_or_a_review_day_is_another_content() -> None:
    plain, owned, dated = (
        hash_of(DocumentCreate.model_validate(SAID | more))
        for more in ({}, {"owner": "Cards team"}, {"review_by": date(2027, 6, 30)})
    )
    assert len({plain, owned, dated}) == 3
