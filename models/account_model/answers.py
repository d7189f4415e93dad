"""Short answers to the assistant's own questions: a bare card choice, yes, no, a refusal. Pure.

A choice counts only when nothing else is said: "don't freeze the debit card" chooses no card.
"""

import re

_CARD_CHOICE = re.compile(
    r"(?:\s|[.,!?，。！？:：]|\d{4}|the|my|it'?s|is|that|this|one|with|please|card|debit|credit|ending"
    r"|ends|in|number|no|我的|那张|这张|那張|這張|就是|是|尾号|尾號|末四位|后四位|为|為|的|借记卡|借記卡|信用卡"
    r"|储蓄卡|儲蓄卡|卡|吧|请|請|谢谢|謝謝|\[card number ••\d{4}\])+",
    re.IGNORECASE,
)
_NAMES_A_CARD = re.compile(r"\d{4}|debit|credit|借记|借記|信用|储蓄|儲蓄", re.IGNORECASE)
_YES = re.compile(
    r"(?:yes|yeah|yep|y|ok|okay|sure|correct|confirm(?:ed)?|go ahead|do it|please do|that'?s right"
    r"|是|是的|对|對|好|好的|可以|确认|確認|同意|行|嗯)"
    # nothing may follow but courtesy and the quick reply's own words: "yes, but not that one" is no
    r"(?:[\s,，]*(?:please|thanks?|thank you|block it(?: for good)?|go ahead|do it|永久停用|谢谢"
    r"|謝謝))*"
    r"[.!。！]?",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:no|nope|nah|not now|don'?t|do not|cancel|stop|never ?mind|wait|不|不要|不用|不是|别|別"
    r"|取消|算了|先不|等一下)(?:[\s,，].{0,60}|了|吧)?[.!。！]?",
    re.IGNORECASE,
)
_REFUSED_CHANGE = re.compile(
    r"(?:don'?t|do not|dont|not to|never|rather not|no need to|stop)\s+(?:\w+\s+){0,2}"
    r"(?:un)?(?:freez|block|lock|cancel)"
    r"|(?:别|別|不要|不用|不想|不需要|无需|先不|勿)(?:再|给我|給我|帮我|幫我|把.{0,8})?"
    r"(?:冻结|凍結|解冻|解凍|停用|挂失|掛失|锁|鎖|解锁|解鎖)",
    re.IGNORECASE,
)


def chooses_a_card(text: str) -> bool:
    """Whether the message names a card and says nothing else."""
    return bool(_CARD_CHOICE.fullmatch(text.strip()) and _NAMES_A_CARD.search(text))


def says_yes(text: str) -> bool:
    return bool(_YES.fullmatch(text.strip())) and not says_no(text)


def says_no(text: str) -> bool:
    return bool(_NO.fullmatch(text.strip()))


def refuses_a_change(text: str) -> bool:
    """ "Don't freeze my card": the words of the action, but against it."""
    return _REFUSED_CHANGE.search(text) is not None
