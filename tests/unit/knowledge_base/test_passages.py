"""The span that answers: short chunks whole, else the best sentences, lists never cut."""

from knowledge_base.keyword_index import Bm25Index, KeywordSettings
from knowledge_base.passages import PassageSettings, choose_passage
from knowledge_base.tokens import tokenise

SHORT = PassageSettings(whole_up_to=5, sentences=1)
TEXT = (
    "Cards are made of plastic. The PIN has four digits. Do this when it is blocked:\n\n"
    "1. Open the app.\n2. Tap unblock.\n\nBranches close at four."
)
KEYWORDS = Bm25Index.build([tokenise(TEXT)], KeywordSettings())


def _chosen(question: str, text: str = TEXT, settings: PassageSettings = SHORT) -> str:
    start, end = choose_passage(question, text, KEYWORDS, settings)
    return text[start:end]


def test_a_short_text_is_given_whole() -> None:
    assert _chosen("anything", settings=PassageSettings()) == TEXT


def test_the_best_sentence_is_chosen() -> None:
    assert _chosen("How many digits has the PIN?") == "The PIN has four digits."


def test_a_list_comes_whole_with_the_sentence_before_it() -> None:
    expected = "Do this when it is blocked:\n\n1. Open the app.\n2. Tap unblock."
    assert _chosen("tap unblock in the app") == expected
    assert _chosen("it is blocked") == expected


def test_without_a_match_the_first_sentences_are_given() -> None:
    assert _chosen("zebra", settings=PassageSettings(whole_up_to=5)).startswith("Cards are made")


def test_chinese_sentences() -> None:
    text = "卡片由塑料制成。密码是四位数字。网点四点关门。"
    assert _chosen("密码几位数字", text) == "密码是四位数字。"
