"""English and Chinese are told apart, a third language is named, numbers and names are English."""

import pytest

from knowledge_base import Document, DocumentFormat, DocumentUnreadable, Source, parse_documents
from knowledge_base.languages import detect_locale
from knowledge_base.loader import load_folder
from tests.fixtures.databases import ROOT

FRENCH = (
    "Comment puis-je bloquer ma carte bancaire si je l'ai perdue pendant un voyage ? Vous pouvez "
    "la bloquer immédiatement dans l'application, puis en commander une nouvelle."
)
JAPANESE = (
    "カードを紛失した場合は、すぐにアプリで停止してください。新しいカードは五日以内に届きます。"
)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Block the card in the app.", "en"),
        ("请在应用中冻结卡片。", "zh"),
        ("請在應用中凍結卡片。", "zh"),
        ("Our partner 招商银行 accepts the card at every machine in the country.", "en"),
        ("请用 Apple Pay 或 Google Pay 付款，也可以在手机银行中付款。", "zh"),
        ("Basic 4.00 EUR, Plus 12.00 EUR, debit card free, credit card 30.00 EUR", "en"),
        ("1234", "en"),
    ],
)
def test_the_language_of_a_text(text: str, locale: str) -> None:
    assert detect_locale(text) == locale


def test_the_shipped_articles_are_recognised() -> None:
    articles = list(load_folder(ROOT / "knowledge_base/content"))
    assert len(articles) > 100
    assert [one for one in articles if not isinstance(one, Document)] == []
    assert [
        one.document_id
        for one in articles
        if isinstance(one, Document) and detect_locale(one.body) != one.locale
    ] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [(FRENCH, "French"), (JAPANESE, "Japanese"), ("한국어로 된 문서입니다.", "Korean")],
)
def test_a_third_language_is_named_unless_somebody_says_the_locale(text: str, name: str) -> None:
    with pytest.raises(DocumentUnreadable, match=name):
        parse_documents(text.encode(), DocumentFormat.TEXT, Source("a"))
    (said,) = parse_documents(text.encode(), DocumentFormat.TEXT, Source("a", locale="en"))
    assert said.locale == "en"
