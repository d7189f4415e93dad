"""What a message says about an open request: go on, forget it, or something else. Pure.

Every word must belong to the phrase: "back to the card" goes on, "back to school" does not.
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


LONGEST = 60  # characters: a longer message says more than yes, no or "back to the card"

_COURTESY_LIST = (
    "ok okay oh so right alright all now and well thanks thank you great perfect yes good "
    "then got it please actually sorry wait hmm no lets let us can could we shall i want "
    "would like to id"
)
_CANCELLING = re.compile(
    r"\b(?:cancel|forget|never ?mind|drop (?:it|that)|leave (?:it|that)|stop|skip|abandon"
    r"|no (?:need|thanks?|thank you)|not needed|nope|nah|no|don'?t bother|changed my mind"
    r"|(?:don'?t|do not|no longer) (?:want|need))\b",
    re.IGNORECASE,
)
_CANCEL_WORDS_LIST = (
    "cancel forget never mind nevermind drop leave stop skip abandon need needed not nope nah "
    "dont do bother ive have changed my longer want that this the request card freeze code "
    "whole thing about everything any more anymore for be"
)
_RESUMING = re.compile(
    r"\b(?:back (?:to|on)|(?:go|carry|move) (?:on|ahead)|continue|resume|proceed|finish|return to"
    r"|where were we|send (?:it|me|the code|a new code)|new code|another code)\b",
    re.IGNORECASE,
)
_RESUME_WORDS_LIST = (
    "back on go get come carry move head return ahead continue resume proceed finish where "
    "were send new code again a with the my that this first thing one request question "
    "earlier before about left off what was started doing asking me from of for previous "
    "another blocking block lock locking freeze freezing frozen unfreeze unfreezing lost card "
    "cards debit credit balance account transaction transactions pending details number iban"
)
_CANCELLING_ZH = re.compile(
    r"算了|取消|不用|不要了|不办|不需要|不弄|不了|别弄|不想要|不想弄|放弃|先不|别办|不冻结|不查|改主意"
)
_RESUMING_ZH = re.compile(r"继续|接着|回到|回来|说回|重新发|重发|再发|新的?验证码")
_WORDS_ZH = (
    "算了 取消 不用 不要 不办 不需要 不弄 不了 别弄 不想要 不想弄 放弃 先不 别办 不冻结 "
    "不查 改主意 继续 接着 回到 回来 说回 重新 重发 再发 发送 发 新 刚才 之前 原来 那张 "
    "那个 这个 冻结 解冻 挂失 查询 查 余额 交易 账户 明细 事情 事 办理 办 弄 做 说 吧 了 "
    "处理 请求 操作 问题 话题 一下 一次 验证码 信用 借记 上面 给 我们 我 咱们 好的 好 嗯 "
    "那 行 可以 谢谢 请 麻烦 还是 先 就 的 卡 不 需要 用 要 吗 哦 想 再"
)
_PIECES_ZH = re.compile("|".join(sorted(_WORDS_ZH.split(), key=len, reverse=True)))
_SIMPLIFIED = str.maketrans(
    "繼續著來說發剛個凍結請麻煩還們這張餘額帳戶辦處請問題驗證碼誰給賬掛",
    "继续着来说发刚个冻结请麻烦还们这张余额账户办处请问题验证码谁给账挂",
)
_ACCOUNT_WORDS = re.compile(r"balance|transactions?|iban|余额|交易|明细", re.IGNORECASE)
_CARD_WORDS = re.compile(r"\bcards?\b|fr(?:ee|o)z|block|卡|冻结|挂失", re.IGNORECASE)
_FIRST_CLAUSE = re.compile(
    r"(?P<lead>[^,.;!，。；！]{1,40}?)(?:[,.;!，。；！]+\s*|\s(?=and |but |then ))"
    r"(?:and |but |then )?(?P<rest>\S.{3,})",
    re.IGNORECASE | re.DOTALL,
)
_OTHER = re.compile(r"\bother\b|\banother\b|另|其[他它]", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+")
_COURTESY = frozenset(_COURTESY_LIST.split())
_CANCEL_WORDS = _COURTESY | frozenset(_CANCEL_WORDS_LIST.split())
_RESUME_WORDS = _COURTESY | frozenset(_RESUME_WORDS_LIST.split())


def read_answer(text: str, waits_for: WaitsFor, *, about_card: bool) -> Answer | None:
    """None when the message is about something else."""
    plain = text.strip().replace("’", "'")
    if waits_for is WaitsFor.CONFIRMATION:
        if says_yes(plain):
            return Answer.CONFIRMED
        return Answer.DECLINED if says_no(plain) or cancels(plain) else None
    if waits_for is WaitsFor.OFFER and says_yes(plain):
        return Answer.RESUMED
    if resumes(plain, about_card=about_card):
        return Answer.RESUMED
    if cancels(plain):
        return Answer.DECLINED if waits_for is WaitsFor.OFFER else Answer.CANCELLED
    return Answer.SLOT if about_card and _names_a_card(plain) else None


def resumes(text: str, *, about_card: bool) -> bool:
    """Whether the message goes back to the open request, and to no other."""
    folded = text.translate(_SIMPLIFIED)
    strange = _ACCOUNT_WORDS if about_card else _CARD_WORDS
    if strange.search(folded):
        return False
    return _consists_of(folded, _RESUMING, _RESUME_WORDS) or _is_chinese_for(folded, _RESUMING_ZH)


def cancels(text: str) -> bool:
    """Whether the message wants nothing more of the open request."""
    folded = text.translate(_SIMPLIFIED)
    return _consists_of(folded, _CANCELLING, _CANCEL_WORDS) or _is_chinese_for(
        folded, _CANCELLING_ZH
    )


def first_clause(text: str) -> tuple[str, str] | None:
    """ "No, show me my balance": what is said about the open request, and what else is said."""
    found = _FIRST_CLAUSE.fullmatch(text.strip())
    return (found["lead"].strip(), found["rest"].strip()) if found else None


def names_the_other(text: str) -> bool:
    """The card or account that was not meant before."""
    return _OTHER.search(text) is not None


def _names_a_card(text: str) -> bool:
    return len(text) <= LONGEST and chooses_a_card(text)


def _consists_of(text: str, cue: re.Pattern[str], words: frozenset[str]) -> bool:
    if len(text) > LONGEST or not text.isascii() or cue.search(text) is None:
        return False
    return all(word in words for word in _WORD.findall(text.lower().replace("'", "")))


def _is_chinese_for(text: str, cue: re.Pattern[str]) -> bool:
    if len(text) > LONGEST or cue.search(text) is None:
        return False
    return re.sub(r"[\W_]+", "", _PIECES_ZH.sub("", text)) == ""
