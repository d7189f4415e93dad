"""The same for Chinese, whose clauses are parted by commas and joined by "再" or "另外". Pure."""

import re
from dataclasses import dataclass

_STRONG = (
    r"(?:另外|还有一件事|还有|顺便|然后|并且|而且|同时|接着|之后|以及|再(?!见|次|三)|还想|还要|我还|也想|也要|也帮|也请|"
    r"其次|第二|加上|对了|还得|最后)"
)
_STOPS = re.compile(r"[，。！？；\n,!?;]+|\.(?!\d)|\s{2,}")
_INNER = re.compile(
    r"(?<=.{3})(?=(?:然后|顺便|另外|还有|并且|以及|同时|再(?:帮|查|看|把|给|告诉|冻结|解冻|请|问|转)|也(?:帮|请)))"
)
_OPENERS = re.compile(
    rf"^(?:{_STRONG}|你好|您好|嗨|喂|先|首先|请问|请|麻烦(?:你|您)?(?:你|您)?|那|嗯|好的?|谢谢|想|一件事|第一|\s)+"
)
_REQUEST = re.compile(
    r"^(?:我?(?:也|还)?(?:想|要|需要|想要|得)(?!不)|帮|请|麻烦|查|看|告诉|冻结|解冻|挂失|锁"
    r"|停用|取消|申请|开通|转人工|转接|叫|给我|把|将|能不能|能否|可以|可否|怎么|怎样|如何|提高|修改|改|补办|办理|重置"
    r"|设置|激活|显示|列出|查询|调高|打印|开|换|发|寄|退|说一下|介绍)"
    r"|怎么|怎样|如何|多少|几点|什么|哪|吗[\s?？]*$|能不能|可不可以|是否|要不要|多久|呢[\s?？]*$|几号|有没有"
)
_POINTS_BACK = re.compile(
    r"它|他们|她|这个|那个|这张(?!卡)|那张(?!卡)|这样|那样|这里|那里|此|一张新的|新的[^\w]*$|新的一张|这种情况|这笔|那笔"
)
_ONLY_HELP = re.compile(
    r"^(?:我?(?:该|应该|要|需要|可以|能)?(?:怎么办|怎么处理|怎么弄|怎么做|怎么解决|如何处理|如何解决|怎么回事|为什么.{0,8}|为啥.{0,8}"
    r"|什么原因|什么情况|怎么了|做什么|做些什么)|(?:请|麻烦|能|可以)?(?:你们?|您)?(?:帮帮?我|帮忙|帮我(?:看看|处理|解决|查查|看一下|一下)"
    r"|解释一下|看看|处理一下|告诉我(?:原因|为什么|怎么办)?)(?:吗|吧|好吗)?|(?:可以|能|行|好|对)吗|(?:可以|能)(?:帮我)?吗|这是怎么.*"
    r"|怎么会.*|有(?:什么)?(?:办法|问题)吗?|谢谢.*|多谢.*|是(?:不是|什么).{0,6})$"
)
_REFUSES = re.compile(r"^(?:别|不要|不用|不想|不需要|请不要|请勿|先别|千万别)")
_ADDED = re.compile(rf"^我?{_STRONG}")
_TELLS = re.compile(
    r"^我?(?:昨天|今天|刚才|刚刚|之前)?(?:换|开|办|改|查|看|申请|取消|修改|补办|激活|提交)[^，]{0,2}了(?!吗)"
)
_SUBORDINATE = re.compile(r"^(?:如果|要是|假如|万一|因为|虽然|即使|等到|当|由于|既然)")
_CARRIER = re.compile(
    r"^(?:我?(?:想|要|想要))?(?:请|帮我|麻烦)?(?P<verb>(?:查询|查|看|告诉我|显示|列出|给我看|冻结|解冻)(?:一下|看看|看|下)?)(?P<object>.+)$"
)
_AND = re.compile(r"(?<=[^\s]{2})(?:、|和|跟|以及|还有|与|及)(?=[^\s]{2})")
_NOUN_PHRASE = re.compile(
    r"^(?:我的|最近|近|上|本|这|待|未|活期|储蓄|账|余额|交易|明细|卡|信用卡|借记卡)"
)
_COMPARES = re.compile(r"区别|不同|差别|比较|之间|还是|一起|关系|哪个|对比|差异")
# said as one thing: "和" does not part them
_JOINT_PHRASES = re.compile(
    r"条款和条件|余额和可用(?:余额|额度)|收入和支出|本金和利息|本金及利息|利息和费用|姓名和地址|收支|账号和户名|户名和账号"
)


@dataclass(frozen=True, slots=True)
class ChineseRequest:
    """One possible request; the fields are those of `segments.Segment`."""

    text: str
    shares_verb: bool = False
    is_added: bool = False


def split_chinese(text: str) -> list[ChineseRequest]:
    """The possible requests of a text in simplified characters."""
    if _COMPARES.search(text):
        return []
    found: list[ChineseRequest] = []
    for clause in _clauses(text):
        is_added = _ADDED.match(clause) is not None
        plain = _OPENERS.sub("", clause).strip()
        if _is_request(plain):
            found.extend(_with_shared_verb(plain, is_added=is_added))
        elif found and is_added and _NOUN_PHRASE.match(plain):
            found.extend(_with_verb_of(found[-1].text, plain))
    return found


def _clauses(text: str) -> list[str]:
    stops = [clause.strip() for clause in _STOPS.split(text) if clause and clause.strip()]
    return [part.strip() for clause in stops for part in _INNER.split(clause) if part.strip()]


def _is_request(plain: str) -> bool:
    if len(plain) < 3 or _SUBORDINATE.match(plain) or _REFUSES.match(plain):
        return False
    if _ONLY_HELP.match(plain) or _POINTS_BACK.search(plain) or _TELLS.match(plain):
        return False
    return _REQUEST.search(plain) is not None


def _with_shared_verb(plain: str, *, is_added: bool) -> list[ChineseRequest]:
    """ "查一下余额和最近十笔交易" asks for two things with one verb."""
    carrier = _CARRIER.match(plain)
    whole = ChineseRequest(plain, is_added=is_added)
    if carrier is None or _JOINT_PHRASES.search(plain):
        return [whole]
    things = _AND.split(carrier["object"])
    if len(things) == 1:
        return [whole]
    first = plain[: carrier.start("object")] + things[0]
    others = (
        ChineseRequest(carrier["verb"] + thing, shares_verb=True, is_added=True)
        for thing in things[1:]
    )
    return [ChineseRequest(first, is_added=is_added), *others]


def _with_verb_of(before: str, noun_phrase: str) -> list[ChineseRequest]:
    carrier = _CARRIER.match(before)
    if carrier is None:
        return []
    return [ChineseRequest(carrier["verb"] + noun_phrase, shares_verb=True, is_added=True)]
