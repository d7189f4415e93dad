"""Facts in single sentences: tables of texts with the words that are found and what they mean."""

from decimal import Decimal

import pytest

from knowledge_base.facts.extraction import extract_facts, find_facts
from knowledge_base.facts.labels import read_labels
from knowledge_base.facts.numbers import parse_number
from knowledge_base.facts.types import FactKind
from knowledge_base.long_document import read_long_document

STATEMENTS = {FactKind.OBLIGATION, FactKind.DEFINITION}


def values(text: str, **around: object) -> list[tuple[str, str, str]]:
    """Kind, words and value of everything but statements."""
    return [
        (one.kind.value, text[one.start : one.end], one.normalised)
        for one in find_facts(text, **around)  # type: ignore[arg-type]  # the caller's words
        if one.kind not in STATEMENTS
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,500.50", "1500.50"),
        ("2 million", "2000000"),
        ("twenty-one", "21"),
        ("三十", "30"),
        ("一万二千", "12000"),
        ("一万二", "12000"),
        ("一百零五", "105"),
        ("一百五", "150"),
        ("1.5万", "15000"),
        ("三百万", "3000000"),
        ("二〇二六", "2026"),
        ("三点五", "3.5"),
        ("半", "0.5"),
        ("两", "2"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "many", "几", "12 apples", "twenty-many"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Send €1,250.50 today.", [("amount", "€1,250.50", "1250.50 EUR")]),
        ("Send EUR 20.", [("amount", "EUR 20", "20.00 EUR")]),
        ("Send 30 pounds.", [("amount", "30 pounds", "30.00 GBP")]),
        ("It pays €5–10 back.", [("amount", "€5–10", "5.00..10.00 EUR")]),
        ("It covers €5 million.", [("amount", "€5 million", "5000000.00 EUR")]),
        ("退还五千元至十万元。", [("amount", "五千元至十万元", "5000.00..100000.00 CNY")]),
        ("退还 1.5万欧元。", [("amount", "1.5万欧元", "15000.00 EUR")]),
        ("退还人民币 200 元。", [("amount", "人民币 200 元", "200.00 CNY")]),
        ("Order 20 chairs.", []),
    ],
)  # fmt: skip
def test_amounts(text: str, found: list[tuple[str, str, str]]) -> None:
    assert values(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A copy costs €8.", ("fee", "€8", "8.00 EUR")),
        ("The monthly fee is €4.", ("fee", "€4", "4.00 EUR")),
        ("Opening it is free.", ("fee", "is free", "0")),
        ("Feel free to call.", None),
        ("Interest-free days end.", None),
        ("补卡手续费15元。", ("fee", "15元", "15.00 CNY")),
        ("电子账单免费。", ("fee", "免费", "0")),
        ("You can take out up to €600.", ("limit", "€600", "<= 600.00 EUR")),
        ("Pay in at least €50.", ("limit", "€50", ">= 50.00 EUR")),
        ("每日不超过一万元。", ("limit", "一万元", "<= 10000.00 CNY")),
        ("You may hold at most five accounts.", ("limit", "at most five accounts", "<= 5")),
        ("附属卡最多三张。", ("limit", "最多三张", "<= 3")),
        ("不满十四周岁的人。", ("limit", "不满十四周岁", "< 14")),
    ],
)
def test_what_an_amount_is_for(text: str, found: tuple[str, str, str] | None) -> None:
    assert values(text) == ([found] if found else [])


def test_a_fee_with_a_least_amount_stays_a_fee() -> None:
    found = values("A cash advance costs a fee of 3%, at least €4.")
    assert found == [("rate", "3%", "3%"), ("fee", "€4", "4.00 EUR")]


def test_a_cell_is_read_by_its_column() -> None:
    row = "| €1,000 | €5 |"
    found = values(row, heading="Exchange fees", columns=("Amount", "Fee"))
    assert found == [("amount", "€1,000", "1000.00 EUR"), ("fee", "€5", "5.00 EUR")]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("It pays 2.1% a year.", "2.1%", "2.1%"),
        ("It pays 3.45 % to 3.85 %.", "3.45 % to 3.85 %", "3.45..3.85%"),
        ("It rises by 25 basis points.", "25 basis points", "0.25%"),
        ("Ten per cent is kept.", "Ten per cent", "10%"),
        ("收取百分之五的违约金。", "百分之五", "5%"),
        ("日利率万分之五。", "万分之五", "0.05%"),
        ("千分之三。", "千分之三", "0.3%"),
        ("下调两个百分点。", "两个百分点", "2%"),
    ],
)
def test_rates(text: str, words: str, value: str) -> None:
    assert values(text) == [("rate", words, value)]


@pytest.mark.parametrize(
    ("text", "kind", "words", "value"),
    [
        ("Cancel within 14 days.", "deadline", "14 days", "P14D"),
        ("You get it in five working days.", "deadline", "five working days", "P5BD"),
        ("It takes 3–10 working days.", "deadline", "3–10 working days", "P3BD..P10BD"),
        ("Give two months’ notice.", "deadline", "two months", "P2M"),
        ("Send it no later than 60 days after.", "deadline", "60 days", "P60D"),
        ("Kept for seven years after that.", "period", "seven years", "P7Y"),
        ("Not older than 3 months.", "period", "3 months", "P3M"),
        ("A 12-month term.", "period", "12-month", "P12M"),
        ("After three-to-six years.", "period", "three-to-six years", "P3Y..P6Y"),
        ("三十日内通知。", "deadline", "三十日", "P30D"),
        ("到期前 60 天寄出。", "deadline", "60 天", "P60D"),
        ("5 个工作日内答复。", "deadline", "5 个工作日", "P5BD"),
        ("档案保存六年。", "period", "六年", "P6Y"),
        ("每十二个月复训。", "period", "十二个月", "P12M"),
    ],
)
def test_periods_and_deadlines(text: str, kind: str, words: str, value: str) -> None:
    assert values(text) == [(kind, words, value)]


@pytest.mark.parametrize(
    "text",
    [
        "The line is open 24 hours a day.",
        "It is cheaper a month.",
        "Children aged 16 are welcome.",
        "24小时热线。",
        "第二十条。",
        "上一年度的数据。",
    ],
)
def test_what_is_no_period(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("From 1 January 2027 on.", "1 January 2027", "2027-01-01"),
        ("By December 30, 2016.", "December 30, 2016", "2016-12-30"),
        ("Since July 2010.", "July 2010", "2010-07"),
        ("By 31 March each year.", "31 March", "--03-31"),
        ("On the 5th of each month.", "the 5th of each month", "---05"),
        ("On 2026-12-01.", "2026-12-01", "2026-12-01"),
        ("On 25/12/2026.", "25/12/2026", "2026-12-25"),
        ("On 01/02/2026.", "01/02/2026", ""),
        ("自2027年1月1日起。", "2027年1月1日", "2027-01-01"),
        ("二〇二三年六月三十日发布。", "二〇二三年六月三十日", "2023-06-30"),
        ("账单日为每月 5 日。", "每月 5 日", "---05"),
    ],
)
def test_dates(text: str, words: str, value: str) -> None:
    assert values(text) == [("date", words, value)]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    assert values("On 31/02/2026.") == []


@pytest.mark.parametrize(
    ("text", "kind", "words", "value"),
    [
        ("Ring +353 1 555 0100 now.", "phone", "+353 1 555 0100", "+35315550100"),
        ("请致电+353 1 555 0100。", "phone", "+353 1 555 0100", "+35315550100"),
        ("Call (800) 569-4287.", "phone", "(800) 569-4287", "8005694287"),
        ("Call 855-411-CFPB (2372).", "phone", "855-411-CFPB (2372)", "8554112372"),
        ("客服热线400-820-8820。", "phone", "400-820-8820", "4008208820"),
        ("电话12363。", "phone", "12363", "12363"),
        ("Write to Privacy@Lantern.example.", "email", "Privacy@Lantern.example",
         "privacy@lantern.example"),
        ("See lantern.example/rates.", "url", "lantern.example/rates", "lantern.example/rates"),
        ("At 20 Harbour Square, Dublin 2.", "address", "20 Harbour Square, Dublin 2",
         "20 Harbour Square, Dublin 2"),
        ("来函上海市浦东新区灯塔路20号。", "address", "上海市浦东新区灯塔路20号",
         "上海市浦东新区灯塔路20号"),
    ],
)  # fmt: skip
def test_contacts(text: str, kind: str, words: str, value: str) -> None:
    assert values(text) == [(kind, words, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("You must keep the PIN safe.", "must"),
        ("You must not share it.", "must_not"),
        ("The lender is required to send a copy.", "must"),
        ("Nobody may investigate a complaint about themselves.", "must_not"),
        ("Never share a code.", "must_not"),
        ("After 3 requests you have to wait.", "must"),
        ("客户应当立即通知银行。", "must"),
        ("不得转借他人。", "must_not"),
        ("保险理赔须在期限内报案。", "must"),
    ],
)
def test_obligations(text: str, value: str) -> None:
    found = [one for one in find_facts(text) if one.kind is FactKind.OBLIGATION]
    assert [(one.start, one.end, one.normalised) for one in found] == [(0, len(text), value)]


@pytest.mark.parametrize(
    "text",
    [
        "You do not have to tell us.",
        "You may need to update the app.",
        "The app may not work during that time.",
        "You may not always understand it.",
        "Call us if you need to change it.",
        "Must I pay?",
        "This is the amount you have to pay.",
        "对应的账户。",
        "必须注意吗？",
    ],
)
def test_what_binds_nobody(text: str) -> None:
    assert not any(one.kind is FactKind.OBLIGATION for one in find_facts(text))


def test_an_item_is_bound_by_the_words_that_introduce_the_list() -> None:
    document = read_long_document("You must:\n\n- bring a passport\n- sign the form\n")
    found = [one.value for one in extract_facts(document) if one.kind is FactKind.OBLIGATION]
    assert found == ["You must:", "bring a passport", "sign the form"]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("“Working day” means any day but Sunday.", "Working day"),
        ("The property means the house in the offer.", "The property"),
        ("本合约所称“账单日”是指汇总结算的日期。", "账单日"),
        ("多还款是指额外偿还一笔钱。", "多还款"),
    ],
)
def test_definitions(text: str, term: str) -> None:
    assert [one.normalised for one in find_facts(text) if one.kind is FactKind.DEFINITION] == [term]


def test_every_fact_is_an_exact_span_with_its_section() -> None:
    text = "# Terms\n\n## Notice\n\nYou can **cancel** within 14 days. It is free of charge.\n"
    facts = extract_facts(read_long_document(text))
    assert [one.headings for one in facts] == [("Terms", "Notice")] * 2
    for one in facts:
        assert text[one.start : one.end] == one.value
        assert text[one.quote_start : one.quote_start + len(one.quote)] == one.quote


def test_labels_leave_the_text_as_it_is() -> None:
    text, labels = read_labels("Pay {{fee=4.00 EUR|€4}}.{{must}} Or {{limit?|}}not.")
    assert text == "Pay €4. Or not."
    assert [(text[one.start : one.end], one.kind, one.is_open) for one in labels] == [
        ("€4", FactKind.FEE, False),
        (".", FactKind.OBLIGATION, False),
        ("", FactKind.LIMIT, True),
    ]
