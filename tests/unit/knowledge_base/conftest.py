"""A live knowledge base over three articles."""

from pathlib import Path

import pytest

from knowledge_base import Indexer, LiveKnowledgeBase
from tests.unit.knowledge_base.support import ARTICLES, EnglishOnlyEncoder, now


@pytest.fixture
def encoder() -> EnglishOnlyEncoder:
    return EnglishOnlyEncoder()


@pytest.fixture
def indexer(tmp_path: Path, encoder: EnglishOnlyEncoder) -> Indexer:
    return Indexer(tmp_path, encoder, now=now)


@pytest.fixture
def live(tmp_path: Path, indexer: Indexer, encoder: EnglishOnlyEncoder) -> LiveKnowledgeBase:
    indexer.rebuild(ARTICLES)
    return LiveKnowledgeBase(tmp_path, encoder, now=now)
