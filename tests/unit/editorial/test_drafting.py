"""An agent's answer as an article's text: the right question, nobody's name, no masked value."""

import pytest

from app.editorial.drafting import (
    LONGEST_TITLE,
    Said,
    choose_question,
    mask_addresses,
    shorten,
    without_greeting,
    without_names,
    write_draft,
)


def customer(text: str) -> Said:
    return Said(text, is_customer=True, text=text, language="en")


def agent(text: str) -> Said:
    return Said(text, is_customer=False, text=text, language="en")


@pytest.mark.parametrize(
    ("before", "chosen"),
    [
        pytest.param([], None, id="nothing-said"),
        pytest.param([agent("Hello")], None, id="agents-alone"),
        pytest.param([customer("Do you sell coins?")], "Do you sell coins?", id="only-one"),
        pytest.param(
            [customer("Do you sell coins?"), customer("I am waiting here for a long time")],
            "Do you sell coins?",
            id="question-before-talk",
        ),
        pytest.param(
            [customer("hello"), customer("I need foreign coins"), customer("ok")],
            "I need foreign coins",
            id="longest-where-no-question",
        ),
        pytest.param(
            [customer("What is my limit?"), agent("2,000"), customer("And coins?")],
            "And coins?",
            id="last-block",
        ),
        pytest.param(
            [customer("And coins?"), agent("One moment"), agent("I look")],
            "And coins?",
            id="agents-in-a-row",
        ),
        pytest.param(
            [customer("有外币硬币吗？"), customer("[one-time code]")], "有外币硬币吗？", id="masked"
        ),
    ],
)
def test_the_question_before_an_answer(before: list[Said], chosen: str | None) -> None:
    found = choose_question(before)
    assert (found.text if found else None) == chosen


def test_a_draft_has_the_question_as_title_and_heading() -> None:
    draft = write_draft("Do you\nsell coins?", "Yes.\n\n# Ring us", names=[])
    assert draft is not None
    assert draft.title == "Do you sell coins?"
    assert draft.body == "## Do you sell coins?\n\nYes.\n\n\\# Ring us\n"
    assert draft.removed == ()


def test_masked_values_are_taken_out_and_named() -> None:
    draft = write_draft(
        "Is [card number ••1111] blocked?",
        "Your card [card number ••1111] is blocked. Ring us , please.",
        names=[],
    )
    assert draft is not None
    assert draft.removed == ("[card number ••1111]",)
    assert draft.title == "Is blocked?"
    assert draft.body.endswith("Your card is blocked. Ring us, please.\n")


@pytest.mark.parametrize(
    ("question", "answer"),
    [("[one-time code]", "Yes."), ("Coins?", "[phone]"), ("?!", "Yes.")],
    ids=["no-question", "no-answer", "marks-only"],
)
def test_nothing_is_drafted_of_nothing(question: str, answer: str) -> None:
    assert write_draft(question, answer, names=[]) is None


@pytest.mark.parametrize(
    ("text", "names", "kept"),
    [
        ("Hi Emma Byrne, you may order coins.", ["Emma Byrne"], "Hi, you may order coins."),
        ("Dear Ms Byrne, ring. Best, Liam", ["Emma Byrne", "Liam Doyle"], "Dear, ring. Best,"),
        ("Emmaline sells coins", ["Emma"], "Emmaline sells coins"),
        ("A card, a coin", ["A B"], "A card, a coin"),
        ("王小明，您好。王先生请稍候。", ["王小明"], "，您好。请稍候。"),
    ],
    ids=["whole", "parts", "inside-a-word", "initials", "chinese"],
)
def test_names_are_taken_out(text: str, names: list[str], kept: str) -> None:
    assert without_names(text, names) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hello Emma, we sell coins.", "We sell coins."),
        ("Dear Ms Byrne,\n\nyes, we do.", "Yes, we do."),
        ("Good morning! Ring us.", "Ring us."),
        ("Hi there, ring us.", "Ring us."),
        ("王先生，您好！可以换外币。", "可以换外币。"),
        ("您好，可以换外币。", "可以换外币。"),
        ("Hi we sell coins, and notes.", "Hi we sell coins, and notes."),
        ("History of coins.", "History of coins."),
        ("Ring us. Hello Bank, the app, helps.", "Ring us. Hello Bank, the app, helps."),
    ],
)
def test_a_greeting_is_left_out_and_nothing_else(text: str, kept: str) -> None:
    assert without_greeting(text) == kept


def test_only_the_banks_own_addresses_stay() -> None:
    text = "Write to help@lanternbank.example, not to emma.byrne@example.com."
    masked = mask_addresses(text, hosts=("lanternbank.example",))
    assert masked == "Write to help@lanternbank.example, not to [e-mail]."


def test_a_long_question_is_cut_between_words() -> None:
    cut = shorten("coins and notes " * 20)
    assert len(cut) <= LONGEST_TITLE
    assert cut.endswith("…")
    assert cut.removesuffix("…").split()[-1] in ("coins", "and", "notes")
    assert len(shorten("硬" * 500)) == LONGEST_TITLE
    assert shorten("short") == "short"
