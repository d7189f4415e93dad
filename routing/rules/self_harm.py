"""The customer speaks of hurting or killing themselves. Knows only words."""

import re

from routing.rules.rule import Rule, any_of, words
from routing.rules.spelling import misspelt

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

_WANT = rf"(?:want|wanna|wish|{misspelt('want', but='went|wait')})"
_LIVE = rf"(?:live|{misspelt('live', but='love|like|lie|life|line|give|lives|lived|liver|leave')})"
_MYSELF = rf"(?:my ?self|{misspelt('myself', but='himself')})"

RULE = Rule(
    "self_harm",
    words(
        r"(?:kil+(?:ing)?|hurt(?:ing)?|harm(?:ing)?|cut(?:ting)?|hang(?:ing)?|shoot(?:ing)?"
        rf"|drown(?:ing)?|unalive) {_MYSELF}",
        r"(?:end(?:ing)?|tak(?:e|ing)) my (?:own )?life",
        r"end(?:ing)? it all|going to end it|about ending it|never wake up again",
        r"better off if i (?:was|were) (?:dead|gone)|rather not be alive",
        r"(?:want to|wanna|going to|gonna|ready to|wish i could|wish to|rather) die",
        r"(?:want to be|wish i (?:was|were)|better off) dead",
        r"(?<!career )(?<!financial )(?<!political )s[ui]{1,2}c[iu]{1,2}d(?:e|al)"
        r"(?! (?:squad|clause|exclusion|provision|rider))",
        r"self[- ]?harm(?:ing|ed)?",
        rf"(?:do not|don'?t|no longer) {_WANT}(?: to| 2)? (?:{_LIVE}|be alive|exist|wake up)"
        r"(?! (?:in|with|near|at|on|chat|agents?|help|support|person|prices?|updates?|alerts?))",
        r"(?:no|any) (?:reason|point) (?:to|in|for) (?:live|living|be alive|being alive|going on)",
        r"nothing (?:left )?to live for",
        r"can(?:not|'?t) (?:go on|live) (?:any ?more|like this|living)",
        r"(?:jump|throw myself) (?:off|from|under|in front of) (?:a|the) "
        r"(?:bridge|building|roof|train)",
        r"overdos(?:e|ing) on (?:pills|tablets)",
    ),
    words(
        r"(?:with laughter|laughing|of boredom|of embarrassment|of laughter)",
        r"(?:film|movie|song|book)",
        r"(?:not|n't|never) (?:going to |gonna |want to |wanna )?(?:kill|hurt|harm|cut) my ?self",
        r"to die for",
    ),
    any_of(
        r"自杀|自残|自尽|轻生|寻死|寻短见|活不下去|不想(?:再)?活(?![期动])|生无可恋|一死了之|死了算了"
        r"|不如死了",
        r"(?<![笑累困饿])想(?:去)?死(?![你机心磕期])|活着[^。]{0,4}(?:没|没有"
        r"|没什么)(?:什么)?(?:意思|意义)",
        r"结束(?:我|自己|我自己)?的?(?:性|生)命|没有活下去|跳楼(?!价|甩|大甩)|跳河|跳桥|割腕|上吊"
        r"|烧炭|遗书",
        r"伤害(?:我)?自己|了结自己|[不唔]想做人|唔想活(?!期)|不想再?醒(?:过)?来|不想再醒|割自己|从楼上跳",
    ),
    any_of(r"电影|小说|歌词|新闻|不会自杀|没想自杀|没有想死"),
    re.compile(
        rf"\A(?![\s\S]*{_THINGS})[\s\S]*?(?<![a-z])can(?:not| not|'?t) (?:take|bear|stand)"
        r" (?:it|this)(?: all)? (?:any ?more|any longer)(?![a-z])"
        r"(?! (?:money|accounts?|loans?|balances?|interest))(?! (?:from|with|off|out|to) )"
        rf"|\A(?![\s\S]*{_THINGS_ZH})[\s\S]*?撑不(?:下去|住)"
    ),
)
