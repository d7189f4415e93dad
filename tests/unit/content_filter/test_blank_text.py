"""What counts as a message without a visible character."""

import pytest

from app.schemas import not_blank


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" \t\n", id="spaces"),
        pytest.param("\u200b\u200d", id="zero-width"),
        pytest.param("\ufeff\u2060\u00ad", id="format"),
        pytest.param("\u3000\u00a0", id="wide-spaces"),
        pytest.param("\x07\u200e", id="control"),
    ],
)
def test_invisible_text_is_blank(text: str) -> None:
    with pytest.raises(ValueError, match="at least one visible character"):
        not_blank(text)


@pytest.mark.parametrize("text", ["?", "\u200b好", "👨\u200d👩", " a "])
def test_one_visible_character_is_enough(text: str) -> None:
    assert not_blank(text) == text
