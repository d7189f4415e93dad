"""Fraud on an account or a scam, happening now or found out. Knows only words."""

import re

from routing.rules.rule import HYPOTHETICAL, IF_CHINESE, NOT, Rule, any_of, words

_PAYMENT = (
    r"(?:transactions?|payments?|charges?|withdrawals?|purchases?|transfers?|debits?|activity"
    r"|orders?)"
)
_CHEATED = (
    r"(?:scammed|scamed|scamned|defrauded|conned|duped|swindled|tricked|ripped off by|phished"
    r"|catfished)"
)
_STRANGER = r"(?:someone|somebody|a stranger|a thief|thieves|scammers?|fraudsters?|hackers?|they)"
# what only its owner may know, and the ways of letting it out of one's hands
_CODE = (
    r"(?:(?:\w+[- ]){0,3}?(?:codes?|otps?|pins?|passcodes?|pass ?words?|cvv|card details"
    r"|bank details|log ?in details|security details)(?: numbers?)?)"
)
_TELLER = (
    r"(?:(?<!should )(?<!can )(?<!could )(?<!may )(?<!must )(?<!do )(?<!shall )(?<!would )"
    r"(?:i|we)|i've|ive|we've|and|mum|mom|mother|dad|father|husband|wife|son|daughter|grandma|she"
    r"|he)(?: have| has| had| just| also| already| accidentally| stupidly| mistakenly| only| then"
    r"| think i| may have| might have)*"
)
_GAVE = (
    r"(?:gave|given|shared|told|read|sent|texted|forwarded|disclosed|revealed|handed|passed"
    r"|dictated|provided|confirmed)(?: (?:out|over|away|on|off))?"
)
_CALLER = (
    r"(?:(?:an? |some |the |this |that )?(?:\w+ )?(?:some ?one|some ?body|strangers?|callers?|man"
    r"|woman|guy|lady|person|people|scammers?|fraudsters?|hackers?|thief|conman)|him|her|them"
    r"|anonymous|unknown number)(?! i know)"
)
_CODE_ZH = r"(?:验证码|校验码|动态码|动态密码|短信码|密码|口令|安全码|cvv|pin码?|卡号|银行卡信息)"
_CALLER_ZH = (
    r"(?:别人|他人|骗子|陌生人|他们?|她|对方|人家|外人|网友|来电|打电话"
    r"|[一那这]?个[^。]{0,10}(?:人|男|女|骗|客服))"
)
_TOLD_ZH = r"(?:给|告诉|发给|念给|说给|透露给|报给|泄露给|发|告知)"

RULE = Rule(
    "fraud_report",
    words(
        r"(?:i|i'm|im|i've|ive|we|we've|mum|mom|mother|dad|father|husband|wife|parents?|son"
        r"|daughter"
        r"|grandma|grandmother|he|she)(?: am| is| are| was| were| have| has| been| got| just"
        r"| being"
        r"| getting| think| may| might| also| had| all)* " + _CHEATED,
        r"being " + _CHEATED,
        r"(?:fraudulent|unauthori[sz]ed|unrecogni[sz]ed|fraud) (?:\w+ )?" + _PAYMENT,
        r"(?:unknown|unfamiliar|strange) (?:\w+ )?(?:transactions?|payments?|charges?"
        r"|withdrawals?)",
        r"(?:report|reporting|report of) (?:a |an |some |possible |suspected )?(?:\w+ )?(?:fraud"
        r"|scam)",
        r"victim of (?:a |an |some )?(?:\w+ )?(?:fraud|scam)",
        r"(?:there is|there's|this is|it is|it's|i see|commit\w*) (?:\w+ )?fraud (?:on|in"
        r"|with) my",
        r"(?:don'?t|do not|didn'?t|did not|never|can'?t"
        r"|cannot) recogni[sz]e (?:\w+ ){0,4}" + _PAYMENT,
        r"(?:didn'?t|did not|never|don'?t remember) (?:make|made|making|authori[sz]ed?|approved?"
        r"|do)"
        r" (?:\w+ ){0,4}" + _PAYMENT,
        r"(?:money|cash|funds|savings) (?:\w+ ){0,4}(?:gone|missing) (?:\w+ ){0,7}"
        r"(?:wasn'?t|was not|not) me",
        _PAYMENT
        + r" (?:\w+ ){0,5}(?:i|we) (?:don'?t|do not|didn'?t|did not|never|haven'?t|have not)"
        r" (?:even )?(?:recogni[sz]e|make|made|authori[sz]ed?|approved?|do|did|done)",
        _STRANGER + r"(?: else)?(?:'s| is| has| have| are| been| just| could be| may have)* "
        r"(?:using|used|spending|spent|charged|stealing|stole|stolen|withdrawing|withdrew|taking"
        r"|took"
        r"|emptying|emptied|draining|drained) (?:\w+ ){0,3}(?:my|from my|our) (?:\w+ ){0,2}"
        r"(?:cards?|money|account|savings|details)",
        _STRANGER + r" (?:\w+ ){0,6}without my (?:permission|consent|knowledge|authori[sz]ation)",
        r"my (?:\w+ )?card(?:'s| is| was| has| been| details| number| got| have| were)* "
        r"(?:cloned|skimmed|compromised|hacked|used (?:fraudulently|without))",
        r"(?:card|cards|card details) (?:cloned|skimmed)",
        rf"{_TELLER} {_GAVE} (?:my |our |the |a |his |her ){_CODE} "
        rf"(?:\w+ ){{0,3}}?(?:to|with|for) {_CALLER}",
        rf"{_TELLER} {_GAVE} (?:my |our |the |his |her ){_CODE} (?:\w+ ){{0,3}}?(?:over|on|by) "
        r"(?:the |a )?(?:phone|call|telephone|whats ?app)",
        rf"{_TELLER} {_GAVE} {_CALLER} (?:\w+ ){{0,6}}?(?:my|our|the|his|her) {_CODE}",
        rf"{_TELLER} (?:gave|given) (?:away|out) (?:my|our) {_CODE}",
        rf"(?<!does )(?<!can )(?<!could ){_STRANGER}(?: else)?(?: now| also| already| just)*"
        rf" (?:has|have|got|knows?|took|obtained|stole) (?:got )?(?:hold of )?my {_CODE}",
        rf"(?:made|tricked|talked|persuaded|convinced|fooled) me (?:in)?to (?:giv|shar|reveal|read"
        rf"|tell|send)\w* (?:\w+ ){{0,4}}?{_CODE}",
        rf"(?:clicked|opened|followed|tapped) (?:\w+ ){{0,6}}?link (?:\w+ ){{0,3}}?(?:entered"
        rf"|typed|put|filled|gave|submitted) (?:\w+ ){{0,4}}?{_CODE}",
        rf"(?:entered|typed|put|gave|filled) (?:\w+ ){{0,3}}?{_CODE} (?:in ?to|on|to|at) "
        r"(?:an? |the )?(?:fake|scam|phishing|dodgy|fraudulent|false) ",
        r"safe account",
        r"(?:money|funds|savings) (?:is|are|has been|was|were|being|is being|are being) "
        r"(?:stolen|siphoned|drained)",
    ),
    words(
        *HYPOTHETICAL,
        NOT + r" " + _CHEATED,
        NOT + r" (?:a )?(?:scam|fraud)",
        r"(?:how long|how many days|how much time|deadlines?|time limits?|what happens when i)"
        r" (?:\w+ ){0,6}?report\w*",
        r"(?:department|team|alerts? setting|how does (?:the )?fraud)",
        r"(?:friend|partner|wife|husband|son|daughter) (?:can|to|who)",
        r"(?:a|the) fees? (?:\w+ ){0,3}(?:don'?t|do not) (?:understand|recogni[sz]e)",
    ),
    any_of(
        r"盗刷|盗涮|被(?:人|别人)?刷了|(?:我|妈|爸|老人|家人|父母|老婆|老公|朋友"
        r"|钱)[^。]{0,8}(?:被|遭)[^。]{0,14}(?:骗|诈)",
        r"^\W*被[^。]{0,10}骗(?:了|走|钱)|诈骗(?:了)?我|骗(?:了|走)(?:我|他|她|了我)|(?:遇到|碰到"
        r"|遭遇)(?:了)?[^。]{0,6}(?:诈骗|骗子)",
        r"(?:把|将)[^。]{0,6}骗走|莫名其妙少了|(?:骗子|骗)[^。]{0,12}(?:钱|转账|转了|刷单|验证码)"
        r"|杀猪盘|安全账户|(?:举报|报案"
        r"|上报)[^。]{0,6}(?:诈骗|欺诈|骗)",
        r"(?:不明|陌生|未知|不认识|没见过|可疑|未授权|未经授权)的?[^。]{0,4}(?:交易|消费|扣款"
        r"|扣费|支出|转账|取现)",
        r"(?:交易|消费|扣款|支出|转账|取现|付款)[^。]{0,8}(?:不是我|不是本人|我没|我从没|我不认识"
        r"|我冇|我不知道|我完全不知道)",
        r"(?:有人|别人|他人|陌生人)[^。]{0,8}(?:用|刷|盗用|冒用)(?:了|着)?(?:我"
        r"|我的)[^。]{0,6}(?:卡|账户|钱|信息)",
        r"(?:钱|存款|资金)[^。]{0,6}被(?:人)?(?:转走|划走|盗走|转出|偷)|有唔识嘅交易|被冒用",
        rf"{_CODE_ZH}[^。]{{0,4}}{_TOLD_ZH}(?:了{_CALLER_ZH}|{_CALLER_ZH}[^。]{{0,4}}了)",
        rf"(?:给|告诉|发给|念给)了?{_CALLER_ZH}[^。]{{0,6}}了?{_CODE_ZH}了",
        rf"(?:给|告诉|发给|念给)了{_CALLER_ZH}[^。]{{0,6}}{_CODE_ZH}",
        rf"{_CODE_ZH}[^。]{{0,3}}(?:被[^。]{{0,6}}(?:骗|套|要|拿)走|被?泄[露漏]了"
        r"|被(?:别?人|骗子|陌生人|对方)[^。]{0,3}(?:知道|看到|看见))",
        rf"(?:有人|别人|他人|陌生人|骗子|对方)(?:已经)?(?:知道|有|拿到|掌握|得到)了?我[^。]{{0,4}}"
        rf"{_CODE_ZH}",
        rf"(?:点|打开|进|按)了[^。]{{0,10}}(?:链接|网址|连结|钓鱼网站)[^。]{{0,8}}(?:填|输入?|填写"
        rf"|提交)了[^。]{{0,8}}{_CODE_ZH}",
    ),
    any_of(
        IF_CHINESE,
        r"(?<!未经)(?<!未)授权|允许|(?:是|是不是)(?:诈骗|骗子|骗人)(?:的)?(?:电话|短信|邮件|信息)",
        r"(?:没有?|不是|未|不会)被?(?:人)?(?:骗|盗刷|诈骗)",
        r"(?:怎么|如何|怎样)(?:识别|防范|辨别|判断)|(?:什么是|什么叫)|(?:保险|赔付)吗|(?:积分"
        r"|优惠)",
        r"骗人的吧|别骗我|你骗|你们骗",
        rf"(?:不要|别|不能|不可以|从不|没有?|从未)(?:再)?(?:把|将)?[^。]{{0,4}}{_CODE_ZH}?"
        rf"[^。]{{0,3}}(?:给|告诉|透露)",
        r"(?:给|告诉)了?我?(?:老婆|老公|妈|爸|儿子|女儿|丈夫|妻子|家人)",
    ),
    re.compile(
        rf"(?:clicked|opened|followed|tapped) (?:\w+ ){{0,6}}?link[^a-z]{{0,3}}(?:\w+ ){{0,4}}?"
        rf"(?:entered|typed|put|filled|gave|submitted) (?:\w+ ){{0,4}}?{_CODE}(?![a-z])"
        rf"|(?:点|打开|进|按)了[^。]{{0,10}}(?:链接|网址|连结|钓鱼网站)[^。]{{0,8}}(?:填|输入?|填写"
        rf"|提交)了[^。]{{0,8}}{_CODE_ZH}"
    ),
)
