"""A card or wallet was stolen, not merely lost. Knows only words."""

import re

from routing.rules.rule import HYPOTHETICAL, IF_CHINESE, NOT, Rule, any_of, words
from routing.rules.spelling import misspelt

_CARD = (
    r"(?:cards?|wallet|purse|hand ?bag|back ?pack|bag|pocket ?book)"
    r"(?! (?:numbers?|info\w*|details|data))"
)
_STOLEN = (
    r"(?:stolen|stollen|stloen|stole|nicked|snatched|robbed|pinched|swiped by|thieved|grabbed|theft"
    r"|pick ?poc?keted)"
)
_STOLEN_TYPO = misspelt("stolen", but="stoles?|swollen")
_STOLE_TYPO = misspelt("stole", but="stale|stores?|stoves?|stones?|style|stoke|sole|stoles")
_MINE = r"(?:my|our|his|her|their|the|a|one of my|both my|all my)"
_CARD_ZH = r"(?:卡|钱包|钱夹|包包|手提包|手袋|背包|银包|包)"
_STOLEN_ZH = r"(?:偷|抢(?!购|先|手)|扒|盗走|盗窃|窃|顺走|摸走)"

RULE = Rule(
    "card_stolen",
    words(
        rf"{_CARD}(?:'s| is| was| were| has| have| got| been| just| both| all| and \w+| also| had"
        rf"| with \w+ \w+)* {_STOLEN}",
        rf"{_STOLEN} (?:\w+ )?{_MINE} (?:\w+ ){{0,3}}{_CARD}",
        rf"{_STOLEN} (?:\w+ )?{_CARD}",
        rf"{_CARD}(?: is| was| were| has| have| had| got| been| just)+ {_STOLEN_TYPO}",
        rf"(?:someone|somebody|they|he|she|thief|thieves)(?: has| have| had| just)* {_STOLE_TYPO}"
        rf" {_MINE} (?:\w+ ){{0,2}}{_CARD}",
        rf"(?:theft|robbery) of (?:\w+ ){{0,3}}{_CARD}",
        r"(?:i|we|i've|ive|i'm|he|she|husband|wife|mum|mom|mother|father|dad)(?: have| was| were"
        r"| been| got| just| has| am| all)* (?:mugged|robbed|pick ?poc?keted|pickpok\w+)",
        r"^\W*pick ?poc?keted",
        rf"(?:thief|thieves|pickpocket|burglars?|robber|mugger)s? (?:\w+ ){{0,3}}"
        rf"(?:has|have|got|took|taken|grabbed) (?:\w+ ){{0,3}}{_CARD}",
        rf"(?:someone|somebody|they|he|she|guys?|man) (?:\w+ ){{0,3}}(?:took|taken|grabbed|ripped)"
        rf" {_MINE} (?:\w+ ){{0,2}}{_CARD}",
        rf"{_CARD} (?:was|were|has been|got) taken by",
        r"(?:purse|wallet|bag) (?:was |got )?lifted from",
        r"(?:took|grabbed) (?:my|her|his) (?:\w+ ){0,2}(?:purse|wallet|hand ?bag)",
        r"(?:burglars?|thief|thieves|mugged|robbed) (?:\w+ ){0,10}(?:cards?|wallet|purse)",
    ),
    words(
        *HYPOTHETICAL,
        rf"{NOT} {_STOLEN}",
        rf"(?:not|n't|never) (?:\w+ ){{0,2}}(?:steal|stole|take|took|{_STOLEN})",
        r"took (?:my|the) card (?:back|out|with)",
        r"(?:atm|machine|cash ?point) (?:\w+ ){0,3}(?:took|taken|grabbed|swallowed|kept|stole"
        r"|snatched)",
        r"(?:taken|stolen|grabbed|snatched) by (?:\w+ ){0,3}(?:atm|machine|cash ?point)",
        r"(?:a|for|of) lost or stolen|stolen card (?:replacements?|fees?|policy|number)|found my",
        r"(?:rob|steal|mug)s? me with|daylight robbery|robbed (?:by|of) (?:your|the|these) "
        r"(?:fees|bank|charges)",
        r"(?:insurance|policy) (?:\w+ ){0,2}covers?|never said",
        r"(?:identity|data|details) (?:is|was|were|been )*(?:stolen|theft)",
        r"steal deal",
        r"^\W*(?:(?:hi|hello|please|and|so)\W+)*(?:do|does|is|are|will|would|what|how much)"
        r" (?:\w+ ){0,4}?(?:charge|fees?|cost|costs|price|pay) (?:\w+ ){0,6}?(?:stolen|theft)",
    ),
    any_of(
        rf"{_CARD_ZH}[^。]{{0,8}}(?:被|让|给|遭|畀)(?:人|贼|小偷|扒手)?[^。]{{0,3}}{_STOLEN_ZH}",
        rf"(?:被|让|遭|畀)(?:人|贼|小偷|扒手|了)?[^。]{{0,3}}{_STOLEN_ZH}[^。]{{0,8}}{_CARD_ZH}",
        rf"(?:小偷|贼|扒手|劫匪|强盗|有人|他|她|室友)[^。]{{0,6}}(?:偷|抢|拿走|摸走"
        rf"|顺走)[^。]{{0,8}}{_CARD_ZH}",
        rf"(?:小偷|贼|扒手|劫匪|强盗)[^。]{{0,8}}{_CARD_ZH}[^。]{{0,6}}(?:偷|抢|拿走|没了)",
        rf"(?:进贼|进小偷|遭贼|遭小偷|被扒窃|被抢劫|被撬|被砸)[^。]{{0,12}}{_CARD_ZH}?",
        rf"{_CARD_ZH}[^。]{{0,4}}被(?:人|别人|贼|小偷)?投(?:了|走)",
        r"(?:报失|挂失)[^。]{0,4}被(?:盗|偷)的?卡|(?:卡|信用卡|银行卡|储蓄卡)(?:可能"
        r"|好像)?被盗(?!刷|用|号)",
    ),
    any_of(
        IF_CHINESE,
        r"(?:没有?|不是|并未|未|没有?被|不是被)(?:被)?(?:人)?(?:偷|抢|盗|扒)",
        r"(?:红包|抢购|大礼包|安装包|优惠券|抢券|表情包|红包被抢)",
        r"偷偷|面包|钱包(?:app|功能|支付|余额)|投[诉资票]",
    ),
    re.compile(
        r"(?:cards?|wallet|purse|hand ?bag|bag) (?:(?:is|was|are|has|have|been|just|all|now) ){1,3}"
        r"(?:gone|missing|disappeared|vanished|not there)[^a-z]{1,3}(?:\w+ ){0,5}?(?:someone"
        r"|somebody|they|he|she|thief|guy|man)(?: must have| may have| might have| has| have)*"
        r" (?:took|taken|takes|grabbed|nicked|stole|stolen) (?:it|them)(?![a-z])"
    ),
)
