"""What a message says about an open request: go on, forget it, or something else. Pure.

Only the whole message counts: "back to the card" goes on, "back to school" does not.
"""

import re
from enum import StrEnum

from models.account_model.answers import chooses_a_card, says_no, says_yes


class WaitsFor(StrEnum):
    """What an open request still needs of the customer."""

    CARD = "card"
    CONFIRMATION = "confirmation"
    CODE = "code"
    OFFER = "offer"  # something else came between: a yes goes on, it does not confirm


class Answer(StrEnum):
    """What the customer says about it."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    SLOT = "slot"
    CANCELLED = "cancelled"
    RESUMED = "resumed"


_CANCEL = re.compile(
    r"(?:(?:ok(?:ay)?|oh|no|actually|please|sorry|wait|hm+|well)[\s,.]+)*"
    r"(?:cancel|forget|never ?mind|drop|leave|stop|skip|abandon|no need|not needed|no thanks?"
    r"|no thank you|nope|nah"
    r"|no|don'?t bother|i(?:'ve| have)? changed my mind|i don'?t (?:want|need)|i no longer (?:want"
    r"|need))"
    r"(?:[\s,.]+(?:it|that|this|the (?:request|card|freeze|code|whole thing|balance)|about"
    r"|everything|then|now|any ?more"
    r"|for now|thanks?|thank you|please|i|don'?t|do not|want|need|to|my|no longer|bother|mind"
    r"|request|be))*[\s.!]*",
    re.IGNORECASE,
)
_CANCEL_ZH = re.compile(
    r"(?:那|哦|嗯|不|好吧|还是|還是|我|先|请|請|那就|就|[\s，,])*(?:算了|取消|不用了?|不要了?|不办了|不辦了|不需要了?|不弄了|不了|别弄了|別弄了|不想要了"
    r"|不想弄了|放弃|放棄|先不(?:办|辦|弄|要|处理|處理|用)?|别办了|不冻结了|不凍結了|不查了|改主意了)(?:[\s，,]|吧|了|谢谢|謝謝|我|不|需要|用|要|吗|这个"
    r"|這個|请求"
    r"|请|先|办|弄)*[。.!！]*"
)
_COURTESY = (
    r"(?:(?:ok(?:ay)?|so|right|alright|all right|now|and|well|thanks?|thank you|great"
    r"|perfect|yes|good|then|got it)[\s,.!]+)*"
)
_RESUME = re.compile(
    _COURTESY
    + r"(?:let'?s |let us |can we |could we |shall we |please |i(?:'d like| want| would like) to "
    r"|we can |can you |you can )?"
    r"(?:(?:go|get|come|carry|move|head|return|return(?:ing)?|jump)?\s*(?:right )?back (?:to|on)"
    r"|(?:go|carry|move) (?:on|ahead)"
    r"|continue|resume|proceed|finish|return to|where were we|send (?:it|me|the code"
    r"|a new code)(?: again)?|(?:a )?new code)"
    r"(?P<rest>.*)",
    re.IGNORECASE,
)
_RESUME_REST = re.compile(
    r"(?:[\s,.?!]|with|the|my|that|this|it|to|a|first|thing|one|request|question|please|now|then"
    r"|again|earlier|before|about"
    r"|where we (?:were|left off)|what we (?:were|started)(?: doing)?|was|were|asking|i|we|from|of"
    r"|on|for|and|doing|previous|code)*"
    r"(?:(?:un)?(?:fr(?:ee|e)z(?:e|ing)|block(?:ing)?|lock(?:ing)?)|lost|card|cards|debit|credit"
    r"|balance|account|transactions?|pending"
    r"|details|number|iban)?"
    r"(?:[\s,.?!]|with|the|my|that|this|it|card|cards|account|request|question|please|now|then"
    r"|again|thing|debit|credit|off|code)*",
    re.IGNORECASE,
)
_RESUME_ZH = re.compile(
    r"(?:好的?|嗯|那|行|可以|谢谢|謝謝|我们|我們|请|請|麻烦|还是|還是|先|就|咱们|回到?|[\s，,])*"
    r"(?:继续|繼續|接着|接著|回到|回来|回來|说回|說回|重新发|重发|再发|刚才的|剛才的|刚才那)"
    r"(?:刚才|剛才|之前|原来|那张|那張|那个|這個|这个|的|卡|冻结|凍結|解冻|解凍|挂失|掛失|查|余额|餘額|交易|账户|帳戶|明细|事情?|办理?|辦|弄|做|说|說|吧|了"
    r"|处理|處理|请求|操作|问题|問題|话题|一下|我|验证码|驗證碼|信用|借记|上面|一次|给|新|[\s，,。.!！])*"
)
_ACCOUNT_WORDS = re.compile(r"balance|transactions?|iban|余额|餘額|交易|明细", re.IGNORECASE)
_CARD_WORDS = re.compile(r"\bcards?\b|fr(?:ee|e)z|block|卡|冻结|凍結|挂失|掛失", re.IGNORECASE)
_FIRST_CLAUSE = re.compile(
    r"^\s*(?P<lead>[^,.;!，。；！]{1,40}?)(?:\s*[,.;!，。；！]+\s*(?:and |but |then )?|\s+and\s+"
    r"|\s+but\s+)(?P<rest>\S.{3,})$",
    re.IGNORECASE | re.DOTALL,
)
_OTHER = re.compile(r"\bother\b|\banother\b|另|其[他它]", re.IGNORECASE)


def read_answer(text: str, waits_for: WaitsFor, *, about_card: bool) -> Answer | None:
    """None when the message is about something else."""
    plain = text.strip().replace("’", "'")
    if waits_for is WaitsFor.CONFIRMATION:
        if says_yes(plain):
            return Answer.CONFIRMED
        return Answer.DECLINED if says_no(plain) or _cancels(plain) else None
    if waits_for is WaitsFor.OFFER and says_yes(plain):
        return Answer.RESUMED
    if resumes(plain, about_card=about_card):
        return Answer.RESUMED
    if _cancels(plain):
        return Answer.DECLINED if waits_for is WaitsFor.OFFER else Answer.CANCELLED
    return Answer.SLOT if about_card and chooses_a_card(plain) else None


def resumes(text: str, *, about_card: bool) -> bool:
    """Whether the message goes back to the open request, and to no other."""
    english = _RESUME.fullmatch(text)
    is_english = english is not None and _RESUME_REST.fullmatch(english["rest"]) is not None
    if not is_english and _RESUME_ZH.fullmatch(text) is None:
        return False
    strange = _ACCOUNT_WORDS if about_card else _CARD_WORDS
    return strange.search(text) is None


def first_clause(text: str) -> tuple[str, str] | None:
    """ "No, show me my balance": what is said about the open request, and what else is said."""
    found = _FIRST_CLAUSE.match(text)
    return (found["lead"].strip(), found["rest"].strip()) if found else None


def names_the_other(text: str) -> bool:
    """The card or account that was not meant before."""
    return _OTHER.search(text) is not None


def _cancels(text: str) -> bool:
    return _CANCEL.fullmatch(text) is not None or _CANCEL_ZH.fullmatch(text) is not None
