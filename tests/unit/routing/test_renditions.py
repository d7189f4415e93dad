"""What the heads read of a message, and how two views become one."""

from pathlib import Path

import pytest

from routing.bank_terms import (
    in_characters,
    in_chinese,
    in_english,
    in_mainland_wording,
    load_terms,
)
from routing.errors import DatasetError
from routing.language import has_cjk, read
from routing.renditions import ROMANISED, Rendition, join, renditions_of, words_for_rules
from routing.types import Classification, IntentScore


def seen(*pairs: tuple[str, float], strange: float = 0.0) -> Classification:
    return Classification(tuple(IntentScore(*pair) for pair in pairs), strange)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("I lost my card", ["en"]),
        ("我的卡丢了", ["zh"]),
        ("ATM坏了", ["zh"]),
        ("我的 card 被 decline 了", ["zh", "en"]),
        ("wo de ka diu le", [ROMANISED]),
        ("he perdido mi tarjeta", []),
    ],
    ids=["english", "chinese", "neutral-word", "mixed", "pinyin", "foreign"],
)
def test_each_way_of_writing_has_its_readers(text: str, languages: list[str]) -> None:
    assert [item.language for item in renditions_of(text, read(text))] == languages


def test_plain_text_is_read_as_it_is() -> None:
    assert renditions_of("Where's my card?", read("x")) == (Rendition("en", "Where's my card?"),)


def test_mixed_text_is_put_into_either_language() -> None:
    assert in_chinese("我的 card 被 decline 了") == "我的 卡 被 被拒 了"
    assert in_english("how to 转账 to 招商银行") == "how to transfer to"
    assert in_english("what's my 余额") == "what's my balance"


def test_no_chinese_reaches_the_english_reader() -> None:
    for rendition in renditions_of("嗯 my 卡卡 is 坏了吧 please help me now", read("x")):
        assert rendition.language != "en" or not has_cjk(rendition.text) or rendition.text
    assert not has_cjk(in_english("嗯 my 卡卡 is 坏了吧 please"))


def test_a_term_is_no_part_of_a_longer_word() -> None:
    assert in_chinese("cardigan 的价格") == "cardigan 的价格"


def test_cantonese_wording_becomes_the_mainlands() -> None:
    assert in_mainland_wording("點樣查結餘") == "怎么查余额"
    assert in_mainland_wording("我張卡唔見咗") == "我張卡不见了"
    simplified = "同意合同里的系统条款"
    assert renditions_of(simplified, read(simplified)) == (Rendition("zh", simplified),)


def test_rules_hear_pinyin() -> None:
    assert in_characters("wǒ de qianbao bei tou le") == "我的钱包被偷了"
    assert "被偷" in words_for_rules("wo de ka beitou le", read("wo de ka beitou le"))
    assert words_for_rules("stolen", read("stolen")) == "stolen"


def test_two_views_that_agree_are_surer_than_one() -> None:
    joined = join([seen(("a", 0.8), ("b", 0.2), strange=0.4), seen(("a", 0.7), ("b", 0.3))])
    assert [score.intent for score in joined.ranking] == ["a", "b"]
    assert joined.ranking[0].confidence > 0.8
    assert sum(score.confidence for score in joined.ranking) == pytest.approx(1)
    assert joined.out_of_scope_score == pytest.approx(0.2)


def test_two_views_that_disagree_are_unsure() -> None:
    joined = join([seen(("a", 0.9)), seen(("b", 0.9))])
    assert [round(score.confidence, 3) for score in joined.ranking] == [0.5, 0.5]


def test_a_view_that_ranks_nothing_has_no_say() -> None:
    able = seen(("a", 0.8))
    assert join([seen(strange=2.0), able]) is able
    assert join([seen(strange=2.0)]).out_of_scope_score == 2.0
    assert join([]) == Classification(())


@pytest.mark.parametrize("line", ["card", "card\t", "a\tb\tc"])
def test_a_broken_term_table_names_its_line(tmp_path: Path, line: str) -> None:
    table = tmp_path / "terms.tsv"
    table.write_text(f"# terms\n{line}\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="line 2"):
        list(load_terms(table))
