"""Someone else got into the account, the app or the phone. Knows only words."""

from routing.rules.rule import HYPOTHETICAL, IF_CHINESE, NOT, Rule, any_of, words

RULE = Rule(
    "account_takeover",
    words(
        r"(?:someone|somebody|some one|hacker|hackers|stranger|intruder|scammer|thief|ex|they|who)"
        r"(?: else)?(?:'s| is| has| have| had| got| just| may have| might have| could have"
        r"| been)* "
        r"(?:\w+ )?(?:hacked|hijacked|broke|broken|logged|logging|log|got|gotten|getting|signed"
        r"|signing|taken over|took over|access\w*|using|use|controls?|controlling)"
        r"(?: in| into| inside| to| over| access| control| of)* "
        r"(?:my|our) (?:\w+ ){0,2}(?:account|acount|app|online banking|profile|banking|phone"
        r"|login)",
        r"(?:my|our) (?:\w+ ){0,3}(?:account|acount|app|online banking|profile|phone|mobile|sim"
        r"|login|banking|e-?mail)(?:'s| is| was| were| has| have| got| been| being| just| may"
        r"| might)*"
        r" (?:hacked|hijacked|taken over|compromised|broken into|cloned|swapped"
        r"|accessed by (?:some|an?)\w*|changed by (?:some|an?)\w*)",
        r"sim[- ]?swap(?:ped|ping)?(?: attack| fraud)?|swapped (?:it|my sim)",
        r"(?:someone|somebody|hacker|they)(?: else)?(?: has| have|'s)? (?:changed|reset"
        r"|altered) my "
        r"(?:\w+ ){0,2}(?:password|e-?mail|phone|number|details|pin|login|mobile)",
        r"(?:unknown|strange|unfamiliar|suspicious|unrecogni[sz]ed) (?:log ?-?in|sign ?-?in"
        r"|device)",
        r"(?:log ?-?in|sign ?-?in|device|phone)[^.]{0,24}(?:i (?:don'?t|do not|didn'?t) (?:know"
        r"|recogni[sz]e|own|add)|(?:isn'?t|not|wasn'?t) (?:mine|me))",
        r"(?:logged|signed) in as me",
        r"(?:has|have|gained|got) (?:access to|control of|control over) my (?:\w+ ){0,2}"
        r"(?:account|app|online banking|profile|phone|computer)",
        r"remote(?:ly)? control\w* (?:of |over )?my (?:computer|phone|app|laptop)",
        r"(?:i got |i've been |i was |been )hacked",
        r"(?:my )?phone (?:was|has been|got) stolen (?:\w+ ){0,4}(?:unlocked|app)",
        r"(?:someone|somebody) (?:else )?(?:is |'s )?(?:in|inside) my account",
    ),
    words(
        *HYPOTHETICAL,
        rf"{NOT} (?:hacked|compromised|hijacked|changed|taken over)",
        r"(?:stop|prevent|steps)",
        r"(?:give|let|allow|add|share|grant|authori[sz]e|want)(?:ing|ed|s)? (?:\w+ ){0,3}"
        r"(?:access|use|partner|wife|husband|son|daughter|accountant)",
        r"(?:can|could|may|does|is it possible|how) (?:\w+ ){0,3}(?:someone|somebody)",
        r"(?:life|growth|productivity) hack\w*",
        r"i (?:have|got|get|want|need|lost|still have|no longer have) access",
        r"new (?:phone|device|mobile)(?! (?:was|has|is) (?:added|registered))",
    ),
    any_of(
        r"(?:账户|账号|手机银行|网银|网上银行|app|微信|手机)[^。]{0,6}被(?:人|别人|他人|黑客|骗子"
        r"|坏人)?[^。]{0,6}"
        r"(?:盗(?!刷)|黑|骇|入侵|登录|登入|登进|登陆|劫持|控制|接管|改)",
        r"(?:有人|别人|黑客|骗子|陌生人|他人|前男友|前女友|前夫|前妻)[^。]{0,10}(?:登录|登陆|登入"
        r"|登进|登了|登上|进入|进了|入咗|入侵"
        r"|改了|修改|控制|操作|黑了|盗了)[^。]{0,6}(?:我|个)?[^。]{0,6}(?:账户|账号|密码|手机"
        r"|网银|银行|app|资料|号)",
        r"(?:异地|陌生|未知|可疑|不明|新)(?:的)?(?:设备|手机|地点|地方)?(?:登录|登陆|登入)",
        r"陌生(?:的)?(?:设备|手机)|盗号|黑客[^。]{0,6}(?:进|入|攻)",
        r"(?:sim|手机|电话)卡[^。]{0,4}被(?:人|别人)?(?:补办|复制|换|挂失)",
        r"(?:密码|手机号|邮箱|资料)[^。]{0,4}被(?:人|别人|他人|黑客)?(?:改|修改|重置|换)",
        r"不是我(?:本人)?(?:登录|登陆|登入|改的|操作)|远程控制",
    ),
    any_of(
        IF_CHINESE,
        r"(?:没有?|不是|未)被(?:人)?(?:盗|黑|登|改|入侵)",
        r"(?:怎么|如何|怎样|可以|能不能|能否|想|要)[^。]{0,8}(?:授权|让|给|开通|允许|添加)",
        r"(?:换了?|买了?|我的?)新手机",
        r"新(?:的)?(?:设备|手机)(?:登录|登陆|登入)[^。]{0,6}(?:怎么|如何|步骤|需要|要)",
        r"(?:怎么|如何|怎样)[^。]{0,6}(?:在|用)新",
    ),
)
