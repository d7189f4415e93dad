"""Words of danger: self-harm, fraud happening now, threats. They escalate; they never block."""

import re
from collections.abc import Iterator

from app.content_filter.findings import FindingType, Match
from app.content_filter.normalise import View

_SELF_HARM = re.compile(
    r"(?<![a-z])(?:"
    r"(?:kil+(?:ing)?|hurt(?:ing)?|harm(?:ing)?|cut(?:ting)?|hang(?:ing)?|shoot(?:ing)?"
    r"|drown(?:ing)?|unalive|injur(?:e|ing)) "
    r"(?:my ?sel(?:f|ve)|meself)(?! off)"
    r"|(?:end(?:ing)?|tak(?:e|ing)|finish(?:ing)?) my (?:own )?life(?! savings)(?! insurance)"
    r"|end(?:ing)? it all|going to end it|about ending it|never wake up again"
    r"|better off if i (?:was|were) (?:dead|gone)|rather not be alive|(?:want(?:ed)? to|wanna"
    r"|going to|gonna|ready to|wish (?:i|to)(?: could)?|hope i"
    r"|rather) die(?![a-z])"
    r"(?! (?:of|from) (?:laugh|bored|embarr))"
    r"|want to be dead|wish (?:that )?i (?:was|were) (?:dead|never born)|better off (?:dead"
    r"|without me)"
    r"|(?<!career )(?<!financial )(?<!political )(?<!commercial )s[ui]{1,2}c[iu]{1,2}d(?:e"
    r"|al)s?(?! (?:squad|clause|exclusion|provision|rider))"
    r"|self[- ]?harm\w*|(?:do not|don'?t|no longer|dont) (?:want|wanna|wish)(?: to)? (?:live"
    r"|be alive|exist|wake up|be here)(?! in)(?! with)(?! near)"
    r"|(?:no|not? any|any) (?:reason|point)s? (?:to|in|for) (?:live|living|be alive|being alive"
    r"|go on|going on|carry(?:ing)? on)"
    r"|nothing (?:left )?to live for|can(?:not|'?t|t) (?:go on|carry on"
    r"|keep going)(?: (?:any ?more|living|like this))?\s*(?:[.!,]|$)"
    r"|can(?:not|'?t) (?:live|go on living|take (?:this )?life) (?:any ?more|like this)"
    r"|(?:jump|throw myself) (?:off|from|under|in front of) (?:a|the|my|that) (?:bridge|building"
    r"|roof|balcony|train|window)"
    r"|overdos(?:e|ing) on (?:pills|tablets|my med)|slit my wrists?|kms(?![a-z])"
    r")"
    r"|自杀|自残|自伤|自尽|轻生|寻死|寻短见|活不下去|不想再?活(?![期动])"
    r"|活着(?:真的?|也|还)?(?:没|有什么|没有)(?:什么)?(?:意思|意义)"
    r"|(?<!笑)(?<!累)(?<!困)(?:我)?(?:真的?|好|很|只|都)?想(?:去)?死(?!你|机|心|磕|期|掉的)|去死算了"
    r"|死了算了|不如死了|一死了之|生无可恋|没有活下去|结束(?:我|自己|我自己)?的?(?:性|生)命"
    r"|了结(?:我|自己|生命)|跳楼(?!价|甩|大甩)|跳河|跳桥|跳江|割腕|上吊|烧炭|吞(?:安眠)?药|遗书"
    r"|想不开|伤害(?:我)?自己"
    r"|[不唔]想做人|唔想活(?!期)|不想再?醒(?:过)?来|不想再醒|割自己|从楼上跳"
)
_FRAUD_NOW = re.compile(
    r"(?<![a-z])(?:"
    r"(?:move|transfer|send|sending|moving|put|transferring)[^.!?\n]{0,40} (?:a |the |this "
    r"|their )?(?:new |special )?safe account"
    r"|safe account[^.!?\n]{0,40}(?:move|transfer|send|told|ask|call|phone|police|officer)"
    r"|(?:being|getting) (?:scammed|defrauded|conned|tricked|phished)(?! emails?)"
    r"|(?:emptying|draining|clearing out|cleaning out) my (?:bank )?accounts?"
    r"|(?:money|funds) (?:is|are|keeps?) (?:leaving|disappearing from|going out of|being (?:taken"
    r"|stolen|transferred))"
    r"(?: (?:from|out of))? my accounts?"
    r"|(?:someone|somebody|he|she|they|man|woman|caller|guy|police|officer|bank|person|agent"
    r"|hacker|scammer)"
    r"(?: who| that)?(?: is| are|'s|'re)?(?: still)? (?:on the (?:phone|line)|calling me"
    r"|called(?: me)?|phoned(?: me)?)"
    r"[^.!?\n]{0,60}(?:transfer|move|send|withdraw|gift cards?|my pin|otp|code|password|anydesk"
    r"|team ?viewer|remote|crypto|bitcoin)"
    r"|(?:told|tells|telling|asked|asks|asking|wants?|pressur\w+|forc\w+|mak\w+) me to (?:move"
    r"|transfer|send|withdraw|buy|install|download|read|share|give)"
    r"[^.!?\n]{0,40}(?:right now|now|immediately|gift cards?|anydesk|team ?viewer|remote|bitcoin"
    r"|crypto|code|otp|pin)"
    r"|(?:anydesk|team ?viewer|screen ?shar\w+|remote (?:access"
    r"|control))[^.!?\n]{0,40}(?:my (?:bank|account|phone|computer|app)|they|he|she|caller)"
    r"|(?:he|she|they|caller)[^.!?\n]{0,30}(?:anydesk|team ?viewer|remote(?:ly)? (?:access"
    r"|control))"
    r"|(?:not to|don'?t|do not) tell (?:anyone|the bank|my bank|my family|my (?:husband|wife))"
    r")"
    r"|安全账户|(?:正在|现在)(?:被(?:人)?(?:骗|诈骗|盗刷|转走)|遭(?:遇|到)?诈骗)|钱(?:正在|一直"
    r"|不断)?被(?:人)?(?:转走|转出|划走)"
    r"|(?:公安|警察|警官|检察院|法院|客服|对方|骗子|有人|他们?|她)[^。!?\n]{0,20}(?:让|叫|要求|逼"
    r"|催|要)(?:我|你)[^。!?\n]{0,14}"
    r"(?:转账|汇款|转钱|打钱|转到|验证码|密码|下载|共享屏幕|屏幕共享|取现|提现|买(?:点)?卡|贷款)"
    r"|屏幕共享|共享屏幕|(?:好像|可能|应该|是不是|是否|怀疑)?(?:我)?(?:好像|可能|是不是)?(?:遇到"
    r"|碰到|遭遇)(?:了)?(?:诈骗|骗子)"
)
_THREAT = re.compile(
    r"(?<![a-z])(?:"
    r"(?:i(?:'ll| will|'m going to| am going to|'m gonna| am gonna| want to| swear i'?(?:ll"
    r"| will))|gonna|we(?:'ll| will)) "
    r"(?:kill|shoot|stab|murder|strangle|bomb|blow up|burn down|attack|hurt|beat(?: up)?|behead) "
    r"(?!my ?self)(?:you|u|him|her|them|your|every(?:one|body)|some(?:one|body)|the|this|all"
    r"|my (?:wife|husband|boss|neighbou?r|ex))"
    r"|(?:there is|there's|i (?:have|put|planted|left)) a (?:bomb|gun|knife)|bring(?:ing)? (?:a"
    r"|my) (?:gun|knife|weapon|bomb)"
    r"|(?:you|they) (?:will|are going to|'re going to|'ll) (?:all )?(?:die|be dead)(?![a-z])"
    r"|(?:threaten(?:s|ed|ing)?|wants?) to (?:kill|hurt|shoot|stab) (?:me|my|us)|at (?:gun"
    r"|knife) ?point|hold(?:ing|s)? me hostage"
    r"|(?:burn|blow)(?:ing)? (?:down|up) (?:your|the|this) (?:bank|branch|office|building)"
    r")"
    r"|(?:杀了|杀死|弄死|砍死|捅死|打死|炸死|砍了|捅了|宰了)(?:你|他|她|它|那|这|所有)|(?:杀|砍"
    r"|炸|烧)(?:光|掉|了)?(?:你们?(?:全家|银行|网点|公司)|银行|网点|柜员|经理|客服)"
    r"|杀(?:你)?全家|同归于尽|(?:带|拿)(?:着)?(?:刀|枪|炸弹)(?:去|来|到)|有炸弹|威胁(?:要)?(?:杀"
    r"|伤害|弄死)我|被(?:人)?(?:绑架|劫持|挟持)"
)
# a complaint about a thing ends in the same words as despair
_THINGS = (
    r"(?<![a-z])(?:apps?|web ?sites?|sites?|pages?|fees?|charges?|log ?ins?|pass ?words?|pins?"
    r"|hold|queues?|waiting|(?:chat)?bots?|machines?|atms?|errors?|crash\w*|updates?|service"
    r"|support|branch|banks?|cards?|transfers?|payments?|transactions?|e-?mails?|spam|calls"
    r"|interface|noise|statements?)(?![a-z])"
)
_THINGS_ZH = (
    r"(?:app|软件|系统|网站|网络|手续费|服务器|电池|手机|公司|生意|店|客服|机器人|信号|工厂|资金)"
)
_EXHAUSTED = re.compile(
    rf"\A(?![\s\S]*{_THINGS})[\s\S]*?(?<![a-z])can(?:not| not|'?t) (?:take|bear|stand) (?:it|this)"
    r"(?: all)? (?:any ?more|any longer)(?![a-z])(?! (?:money|accounts?|loans?|balances?|interest))"
    r"(?! (?:from|with|off|out|to) )"
    rf"|\A(?![\s\S]*{_THINGS_ZH})[\s\S]*?撑不(?:下去|住)"
)
_RULES = (
    (FindingType.SELF_HARM, _SELF_HARM),
    (FindingType.SELF_HARM, _EXHAUSTED),
    (FindingType.FRAUD_IN_PROGRESS, _FRAUD_NOW),
    (FindingType.THREAT, _THREAT),
)
# figures of speech with the same words
_FIGURES = re.compile(
    r"kil+ing myself (?:with laughter|laughing)|(?:death|die) for a |kick(?:ing)? myself"
    r"|i could (?:just )?die of"
)


def find(view: View) -> Iterator[Match]:
    """The first sign of each danger in one view."""
    text = view.text.replace("’", "'")
    if "die" in text or "kill" in text:
        text = _FIGURES.sub(lambda figure: " " * len(figure.group()), text)
    for kind, pattern in _RULES:
        found = pattern.search(text)
        if found is not None:
            yield Match(kind, *view.span(*found.span()))
