"""The articles are asked in the customer's words, then with the name of a sure intent."""

import pytest

from app.editorial.trial import Asked
from routing import IntentRouter, Utterance, load_taxonomy
from routing.classifier import fixed_classifier

TAXONOMY = load_taxonomy()
ROUTER = IntentRouter(TAXONOMY, fixed_classifier({"switch": "card_activation", "rain": "greeting"}))
LABEL = TAXONOMY.get("card_activation").label


@pytest.mark.parametrize(
    ("text", "given", "taken_for", "locale", "wordings"),
    [
        pytest.param(
            "switch it on", None, "card_activation", "en",
            ["switch it on", f"{LABEL['en']} switch it on"], id="router-is-sure",
        ),
        pytest.param(
            "switch it on", None, "card_activation", "zh",
            ["switch it on", f"{LABEL['zh']} switch it on"], id="named-in-the-readers-language",
        ),
        pytest.param(
            "hm", "card_activation", "card_activation", "en",
            ["hm", f"{LABEL['en']} hm"], id="given",
        ),
        pytest.param("hm", None, None, "en", ["hm"], id="nothing-fits"),
        pytest.param("rain", None, "greeting", "en", ["rain"], id="not-a-question-for-articles"),
        pytest.param("hm", "card_lost", "card_lost", "en", ["hm"], id="given-for-another-route"),
    ],
)  # fmt: skip
def test_wordings(
    text: str, given: str | None, taken_for: str | None, locale: str, wordings: list[str]
) -> None:
    asked = Asked(
        text,
        ROUTER.route(Utterance(text, locale)),
        TAXONOMY.get(given) if given else None,
        TAXONOMY.get(taken_for) if taken_for else None,
    )
    assert asked.wordings(locale) == wordings
