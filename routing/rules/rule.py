"""What a rule is: patterns per language, and the words that silence it. Knows no intent."""

import re
from dataclasses import dataclass

# pieces that several rules share
HYPOTHETICAL = (
    r"(?<!know )(?<!sure )(?<!tell )(?<!see )(?<!check )if",
    r"in case",
    r"what happens when",
    r"suppose",
    r"(?:protect|prevent|avoid|insur|cover|guard|safe)\w* (?:\w+ ){0,3}(?:from|against|for|being"
    r"|when)",
    r"(?:could|might|may|would) (?:be|get|have been) (?:stolen|hacked|scammed)",
    r"how (?:do|does|can|would|could) (?:\w+ ){1,3}(?:steal|hack|scam|get hacked|get scammed"
    r"|happen)",
    r"(?:movie|film|book|song|article|podcast|news)",
)
NOT = (
    r"(?:not|n't|nt|never|no longer|without|nobody|no one|nothing)"
    r"(?: (?:actually|really|been|be|being|was|get|got|ever|have|a|any|my|the))*"
)
IF_CHINESE = (
    r"如果|假如|要是|万一|假设|的话|怎么防|如何防|防止|避免|预防|怎样防"
    r"|会不会|是否会|保险|新闻|电影|怎么办理"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What must be heard, and what in the same clause means that it was not said."""

    intent: str
    english: re.Pattern[str]
    english_unless: re.Pattern[str]
    chinese: re.Pattern[str]
    chinese_unless: re.Pattern[str]
    across: re.Pattern[str] | None = None  # what takes more than one clause to say, both languages

    def find_across(self, text: str) -> re.Match[str] | None:
        """Where the whole text says what no clause says alone."""
        found = self.across.search(text) if self.across is not None else None
        if found is None or self.english_unless.search(text) or self.chinese_unless.search(text):
            return None
        return found

    def find(self, clause: str, language: str) -> re.Match[str] | None:
        """Where one clause says it in this language."""
        if language == "zh":
            return find_said(clause, self.chinese, self.chinese_unless)
        return find_said(clause, self.english, self.english_unless)


def find_said(clause: str, said: re.Pattern[str], unless: re.Pattern[str]) -> re.Match[str] | None:
    """Where a clause says it, unless it takes it back."""
    found = said.search(clause)
    return None if found is None or unless.search(clause) else found


def words(*alternatives: str) -> re.Pattern[str]:
    """English: whole words, also beside Chinese characters, where a word boundary is none."""
    return re.compile(r"(?<![a-z])(?:" + "|".join(alternatives) + r")(?![a-z])")


def any_of(*alternatives: str) -> re.Pattern[str]:
    """Chinese: no words to part, any alternative anywhere."""
    return re.compile("|".join(alternatives))
