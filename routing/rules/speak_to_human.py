"""The customer asks for a person, in so many words. Knows only words."""

from routing.rules.rule import Rule, any_of, words
from routing.rules.spelling import misspelt

_TYPO = (
    rf"(?:{misspelt('human', but='humane|humans|humana|hunan|haman')}"
    rf"|{misspelt('agent', but='agents|argent')}"
    rf"|{misspelt('person', but='persons|persona|parson')})"
)
_PERSON = (
    rf"(?:{_TYPO}|human(?: being)?|(?:real |actual |live )?person|real one|agent|representative|rep"
    r"|customer (?:service|support|care)(?: \w+)?|advis[eo]r|operat[eo]r|employee|colleagues?"
    r"|staff(?: member)?|member of (?:\w+ )?staff|someone|somebody|anyone|anybody|supervisor"
    r"|manager|assistant manager|consultant|support team|team member)"
)
_LEAD = r"(?:\w+ ){0,3}?"
_COURTESY = (
    r"(?:please|pls|plz|now|thanks|thank you|ok|okay|asap|real|live|actual|human|an?|the|hi"
    r"|hello|i want|i need|i said|want|need|get me|give me|just|only|not|bot|robot)"
)

RULE = Rule(
    "speak_to_human",
    words(
        r"(?:speak|talk|talking|speaking|chat|chatting|discuss \w+) (?:directly )?(?:to|with) "
        + _LEAD
        + _PERSON,
        r"(?:connect|transfer|put|pass|hand|redirect|switch|forward|patch|escalate) (?:me|us|this)"
        r"(?: \w+){0,2}? (?:to|with|through to|through|onto) " + _LEAD + _PERSON,
        r"(?:get|give|find|send|fetch) me " + _LEAD + _PERSON,
        r"(?:i|we) (?:want|need|demand|would like|'d like|d like|require) "
        r"(?:an?|one of your|to have an?|some) "
        r"(?:real |live |actual )?(?:colleagues|human|person|agent|representative|operator"
        r"|advisor|adviser)"
        r"(?! (?:account|card|loan|being (?:charged|paid)|resources|fee))",
        r"(?:have|having) a (?:conversation|chat|word) with " + _LEAD + _PERSON,
        rf"^\W*(?:{_COURTESY}\W+)*(?:human|agent|representative|operator|operater|real person"
        rf"|person|advisor|adviser|{_TYPO}"
        rf"|customer service)(?:\W+{_COURTESY})*\W*$",
        r"(?:live|human|real) (?:agent|person|operator|representative|support)(?: please| pls"
        r"| now)",
        r"(?:human|agent|person|representative|operator) (?:please|pls|plz)",
        r"(?:anybody|anyone|someone|somebody) (?:\w+ )?(?:i can|to) (?:\w+ )?(?:talk|speak|chat)",
        r"not an? (?:ro)?bot(?: please)?|stop (?:the )?bot|no more bots?",
        r"^\W*(?:i said |please )?no (?:ro|chat)?bots?(?: please| pls| plz)?\W*$",
        rf"(?:real|live|actual) {_TYPO}|{_TYPO} (?:please|pls|plz)",
    ),
    words(
        r"(?:human resources|hiring|vacanc\w+|jobs?)",
        r"(?:estate|letting|travel|insurance|real estate|ticket|tax) agent",
        r"(?:don'?t|do not|didn'?t|did not|no need|needn'?t|rather not|without|never|instead of"
        r"|before)"
        r" (?:\w+ ){0,4}(?:speak|talk|chat|need|want|call|transfer|connect|having)\w*",
        r"(?:don'?t|do not) (?:want|need) (?:an? )?(?:human|agent|person)",
        r"(?:spoke|spoken|talked|chatted|speaking|was talking|were talking) (?:to|with)",
        r"(?:send|sent|sending|transfer|transferring|pay|paying|give|gave|lend|owe)(?: \w+){0,3} "
        r"(?:money|cash|funds|payment|pounds?|dollars?|euros?|\d+)",
        r"(?:do|did|would) i (?:have|need) to|am i (?:chatting|talking|speaking)",
        r"are you (?:an? )?(?:real |actual )?(?:human|person|agent|bot|robot)",
        r"(?:nice|good|great|lovely) (?:to talk|talking|speaking|chat)",
        r"my (?:wife|husband|son|daughter|mother|father|friend|boss|accountant|lawyer)",
        r"(?:hours|what time|when) (?:\w+ ){0,4}(?:speak|talk|chat|available|open)",
        r"(?:phone|telephone) number|transfer (?:to|money)",
    ),
    any_of(
        r"转(?:接)?(?:到|去|给)?(?:人工|人共|真人|活人|专人|客服|坐席|专员)|转个(?:人工|真人"
        r"|活人)|转接",
        r"(?:人工|人共|真人)(?:客服|服务|坐席|座席|专员|在线)|(?:找|要|接|换|来|请|叫|需要"
        r"|想要)个?(?:人工|真人|活人|真的人)",
        r"^\W*(?:人工|人共|真人|活人|接线员|客服)+(?:在吗|在不在|呢|请|谢谢|急|快)?\W*$|人工人工",
        r"(?:跟|和|与|同)(?:一个|个|你们的?)?(?:真人|活人|人工|人|专员|客服|客服人员|工作人员"
        r"|经理|坐席)"
        r"(?:说话|讲话|说|讲|谈|聊|沟通|通话|对话|直接)",
        r"(?:叫|让|找|喊|请)(?:你们|你们的)?(?:客服|经理|主管|领导|工作人员|真人)(?:来|接|出来"
        r"|跟我|和我|联系我|处理)?$",
        r"搵真人|换个人(?:来)?$|(?:别|不要|不想)(?:再)?(?:跟)?[^。]{0,4}(?:机器人|自动回复)",
        r"有(?:没有)?(?:真人|人工|坐席|活人)|接线员|直接转客服|联系人工|人工帮(?:我|忙)",
    ),
    any_of(
        r"人工智能|人工费|人工成本|人工湖|手工|人工审核|人工(?:审批|受理|取现)",
        r"(?:不用|不需要|不想|无需|不要|别|没必要|不必|不)(?:再)?(?:给我|帮我|跟|和|找)?(?:转"
        r"|转接|接|找)?(?:到)?(?:人工|真人)",
        r"(?:人工|客服)[^。]{0,8}(?:电话|号码|几点|时间|上班|下班|收费|多久|态度|周末)",
        r"(?:转账|汇款|打钱|转钱|转给|汇给)|昨天|刚才(?:跟|和)|已经(?:跟|和|找)"
        r"|你是(?:不是)?(?:真人|人工|机器人)|是真人吗|还是真人|还是机器人",
    ),
)
