"""Short secrets known only by the words around them: CVV, PIN, one-time code; and card expiry."""

import re
from collections.abc import Iterator

from app.content_filter.findings import FindingType, Match
from app.content_filter.normalise import View
from app.content_filter.recognizers.numbers import values_near


def _number(low: int, high: int) -> re.Pattern[str]:
    """`low` to `high` digits, perhaps spaced, that are no part of a decimal, a date or a time."""
    return re.compile(
        rf"(?<![0-9])(?<![0-9][.,/:\-])[0-9](?:[ \-]?[0-9]){{{low - 1},{high - 1}}}"
        r"(?![0-9])(?![.,/:\-][0-9])"
    )


_CVV_WORDS = re.compile(
    r"(?<![a-z])(?:c ?v ?v ?2?|cvc2?|cvn2?|csc|card verification (?:code|value|number)"
    r"|security (?:code|number)"
    r"|(?:three|3|four|4)[- ]?(?:digits?|numbers?) (?:code )?(?:on|at) the (?:back|front"
    r"|reverse))(?![a-z])"
    r"|安全码|(?:卡|卡片)?(?:背|后)面?(?:的)?(?:后|末)?(?:三|3)(?:位|码)(?:数字|数)?|末三位|后三码"
)
_PIN_WORDS = re.compile(
    r"(?<![a-z])(?:pins?|p\.i\.n\.?|pin[- ]?(?:code|number|no)|pass ?codes?|passwords?|pwd"
    r"|personal identification number)"
    r"(?![a-z])|密码|口令"
)
_CODE_WORDS = re.compile(
    r"(?<![a-z])(?:otps?|one[- ]?time[- ]?(?:pass ?)?(?:codes?|words?|passwords?|pins?)?|2fa|mfa"
    r"|tan"
    r"|(?:verification|security|sms|text|confirmation|authenti\w+|authori[sz]ation|access|log ?in"
    r"|sign[- ]?in"
    r"|activation|passcode|(?:four|five|six|4|5|6)[- ]digit)[- ](?:codes?|numbers?|pins?"
    r"|tokens?))(?![a-z])"
    r"|(?:验证|动态|校验|短信|确认|授权|激活)(?:码|密码|口令)|一次性(?:密码|口令|验证码)"
)
# a bare "code" counts when no other kind of code is meant
_BARE_CODE = re.compile(
    r"(?<![a-z])(?<!sort )(?<!postal )(?<!post )(?<!zip )(?<!area )(?<!country )(?<!promo )"
    r"(?<!error )(?<!swift )(?<!branch )(?<!bank )(?<!voucher )(?<!discount )(?<!referral )code"
    r"(?: is|:| =)(?= ?(?:[0-9]|(?:zero|one|two|three|four|five|six|seven|eight|nine|double)[ ,-]))"
)
_EXPIRY = re.compile(
    r"(?:exp(?:iry|ires|iration)?(?: date)?|expired|valid (?:thru|through|until|till|to)"
    r"|good thru|有效期|到期|过期)"
    r"[^0-9\n]{0,20}((?:0?[1-9]|1[0-2])\s?(?:/|-|年)\s?(?:20)?[0-9]{2})(?![0-9/-])"
)
_ONLY_A_CODE = re.compile(r"\W*([0-9]{3} ?[0-9]{3}|[0-9]{3}-[0-9]{3})\W*")

# "four eight two one", "double four", also with plain digits between
_SPELT_DIGIT = (
    r"(?:(?:(?:double|triple) )?(?:zero|nought|oh|one|two|three|four|five|six|seven|eight|nine)"
    r"|[0-9])"
)


def _spelt(low: int, high: int) -> re.Pattern[str]:
    """`low` to `high` digits as words."""
    return re.compile(
        rf"(?<![a-z0-9]){_SPELT_DIGIT}(?:[ ,.\-]{{1,3}}{_SPELT_DIGIT}){{{low - 1},{high - 1}}}"
        r"(?![a-z0-9])"
    )


_ANY_SPELT = _spelt(3, 8)
_THREE_OR_FOUR = _number(3, 4)
_FOUR_TO_EIGHT = _number(4, 8)
_RULES = (
    (FindingType.CVV, _CVV_WORDS, _THREE_OR_FOUR),
    (FindingType.ONE_TIME_CODE, _CODE_WORDS, _FOUR_TO_EIGHT),
    (FindingType.ONE_TIME_CODE, _BARE_CODE, _FOUR_TO_EIGHT),
    (FindingType.PIN, _PIN_WORDS, _FOUR_TO_EIGHT),
)
_SPELT_VALUES = {_THREE_OR_FOUR: _spelt(3, 4), _FOUR_TO_EIGHT: _spelt(3, 8)}


def find_spelt(view: View) -> Iterator[Match]:
    """Codes read out as words; needs no digit, so it is asked apart."""
    if not _ANY_SPELT.search(view.text):
        return
    for kind, words, value in _RULES:
        for found in values_near(view.text, words, _SPELT_VALUES[value]):
            yield _match(kind, view, found, 0)


def find(view: View) -> Iterator[Match]:
    """Codes that a word announces, an expiry date, and a message that is nothing but a code."""
    for kind, words, value in _RULES:
        for found in values_near(view.text, words, value):
            yield _match(kind, view, found, 0)
    for found in _EXPIRY.finditer(view.text):
        yield _match(FindingType.EXPIRY, view, found, 1)
    only = _ONLY_A_CODE.fullmatch(view.text)
    if only is not None and not only.group(1).endswith("000"):
        yield _match(FindingType.ONE_TIME_CODE, view, only, 1)


def _match(kind: FindingType, view: View, found: re.Match[str], group: int) -> Match:
    start, end = view.span(*found.span(group))
    return Match(kind, start, end, found.group(group))
