"""Which intents have articles, in which languages, and how their questions fared."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.editorial.articles import Article
from app.editorial.repository import IntentCount
from routing import Intent, Route, Taxonomy
from routing.taxonomy import LANGUAGES


@dataclass(frozen=True, slots=True)
class LocaleCoverage:
    """One intent in one language: its articles, and the questions of a period."""

    articles: tuple[Article, ...]
    count: IntentCount


@dataclass(frozen=True, slots=True)
class IntentCoverage:
    """One intent of the knowledge route."""

    intent: Intent
    locales: dict[str, LocaleCoverage]

    @property
    def missing(self) -> list[str]:
        """Languages without an article."""
        return [name for name, found in self.locales.items() if not found.articles]

    @property
    def questions(self) -> int:
        return sum(found.count.questions for found in self.locales.values())


def knowledge_intents(taxonomy: Taxonomy) -> list[Intent]:
    """Intents that articles answer."""
    return [intent for intent in taxonomy if intent.route is Route.KNOWLEDGE]


def cover(
    intents: Sequence[Intent], articles: Sequence[Article], counts: Sequence[IntentCount]
) -> list[IntentCoverage]:
    """Intents without an article first, then those that lack one in a language, then the asked."""
    tagged: dict[tuple[str, str], list[Article]] = defaultdict(list)
    for article in articles:
        for name in article.document.intents:
            tagged[(name, article.locale)].append(article)
    counted = {(count.intent, count.language): count for count in counts}
    covered = [
        IntentCoverage(
            intent,
            {
                locale: LocaleCoverage(
                    tuple(tagged[(intent.name, locale)]),
                    counted.get((intent.name, locale)) or _none(intent.name, locale),
                )
                for locale in LANGUAGES
            },
        )
        for intent in intents
    ]
    return sorted(covered, key=lambda one: (-len(one.missing), -one.questions))


def _none(intent: str, locale: str) -> IntentCount:
    return IntentCount(intent, locale, questions=0, answered=0, abstained=0, rated_down=0)
