"""How much a text looks like an attack on the assistant, 0 to 1; advisory, patterns only."""

import re
from dataclasses import dataclass

from app.content_filter.findings import FindingType, Match
from app.content_filter.normalise import View

BLOCK_SCORE = 0.9  # an attack in so many words; nothing is lost by not answering it
FLAG_SCORE = 0.5  # worth recording, not worth refusing


@dataclass(frozen=True, slots=True)
class Signal:
    """A pattern and how strongly it alone speaks for an attack."""

    weight: float
    pattern: re.Pattern[str]


def _signals(*rows: tuple[float, str]) -> tuple[Signal, ...]:
    return tuple(Signal(weight, re.compile(pattern)) for weight, pattern in rows)


_SIGNALS = _signals(
    (
        0.95,
        r"(?:ignore|disregard|forget|override|overlook|bypass|violate|abandon|drop)[^.!?\n]{0,30}"
        r"(?:previous|prior|above|earlier|preceding|former|initial|original|your|system|the|all"
        r"|any|every)"
        r"(?: of)?(?: the| your| previous| other| prior)*[^.!?\n]{0,20}"
        r"(?:instructions?|prompts?|guidelines|programming|directives?|system message"
        r"|restrictions|filters?|safeguards|guardrails)",
    ),
    (
        0.92,
        r"(?:reveal|show|print|repeat|output|display|leak|dump|recite|give me|tell me|what (?:is"
        r"|are|was|were))[^.!?\n]{0,30}"
        r"(?:system|hidden|initial|original|secret|developer|internal)[ -](?:prompts?"
        r"|instructions?|message|rules)",
    ),
    (
        0.92,
        r"(?<![a-z])(?:do anything now|dan mode|developer mode (?:enabled|on|output|v2)"
        r"|jailbr[eo]ak(?:en|ed)? mode)",
    ),
    (
        0.9,
        r"<\|(?:im_start|im_end|system|endoftext)\|>|\[/?inst\]|<<sys>>|^\s*#{1,3} ?system\s*:"
        r"|\[system\]",
    ),
    (
        0.9,
        r"(?:bypass|circumvent|turn off|disable|remove|get around)[^.!?\n]{0,20}(?:your|its"
        r"|the (?:assistant|model|ai)'?s?) "
        r"(?:\w+ )?(?:restrictions?|safety|filters?|rules|guardrails|safeguards|guidelines"
        r"|limitations|programming|ethics)",
    ),
    (
        0.6,
        r"developer mode|jailbr[eo]ak|(?<![a-z])(?:dan|stan|dude|aim|ucar"
        r"|antidan)(?![a-z])[^.!?\n]{0,40}(?:can|will|does|stands|responds?|mode|is an)",
    ),
    (
        0.6,
        r"(?<![a-z])(?:without|no|free (?:of|from)|not bound by|break free"
        r"|no longer bound)[^.!?\n]{0,30}"
        r"(?:restrictions?|limitations?|filters?|censorship|moral|ethic\w*|guidelines"
        r"|constraints|confines|boundaries)",
    ),
    (
        0.55,
        r"(?:unfiltered|uncensored|amoral|immoral|unethical|unrestricted"
        r"|without any morals|no morals|unhinged)",
    ),
    (
        0.55,
        r"(?:never|can ?not|can'?t|won'?t|don'?t|do not|must not|will not) (?:ever )?(?:refuse"
        r"|reject|decline|deny|say no)(?![a-z])",
    ),
    (
        0.5,
        r"(?:stay|remain|keep|stop being|break|breaking|out of|get back"
        r"|get) (?:in(?:to)? )?(?:your )?character",
    ),
    (
        0.5,
        r"(?:do not|don'?t|never)[^.!?\n]{0,24}(?:warnings?|disclaimers?"
        r"|ethical (?:advice|concerns)|apologi[sz]e|lectur\w+|caveats?|moral)",
    ),
    (
        0.5,
        r"(?:from now on|henceforth|for the rest of this)[^.!?\n]{0,30}(?:you|act|respond"
        r"|answer)",
    ),
    (
        0.5,
        r"(?:openai|anthropic|chat ?gpt|gpt-?[345]|large language model"
        r"|language model)[^.!?\n]{0,60}(?:polic|rule|guideline|restrict|limit|content|pretend|act"
        r"|mode)",
    ),
    (
        0.45,
        r"(?:i want you to|you (?:will|are (?:now|going to)|must|shall|should)|please|let's"
        r"|can you|i need you to)[^.!?\n]{0,16}"
        r"(?:act as|pretend|role ?-?play|simulate|impersonate|immerse|play the role|embody"
        r"|behave (?:as|like)|respond as|speak as)",
    ),
    (
        0.4,
        r"(?:hypothetical|fictional|imaginary|alternate universe|in this (?:story|world"
        r"|scenario)|novel)[^.!?\n]{0,60}(?:response|character|story|ai|answer|prompt|world|machine"
        r"|named)",
    ),
    (
        0.4,
        r"(?:\{\{|\[|<)(?:user|char|prompt|insert|your|question|name"
        r"|character)[^\]}>]{0,30}(?:\}\}|\]|>)",
    ),
    (
        0.35,
        r"(?:illegal|harmful|dangerous|offensive|explicit|profan\w+|swear|curse words|nsfw"
        r"|evil|malicious|racist|sexual)",
    ),
    (
        0.35,
        r"(?:two|both|2) (?:different |separate |distinct )?(?:ways|responses|paragraphs"
        r"|answers|outputs)|as an ai|ai model|ai (?:assistant )?(?:named|called|known)"
        r"|persona(?![a-z])|content polic",
    ),
    (
        0.3,
        r"(?:prompt|token(?:s)? (?:system|deducted|left)|your (?:training|programming"
        r"|creators?)|answer as|reply as|respond with)(?![a-z])",
    ),
    (
        0.95,
        r"(?:忽略|无视|忘记|忘掉|不要理会|不用管|跳过|抛开|违反|覆盖|不必遵守"
        r"|别管)[^。!?\n]{0,14}"
        r"(?:指令|指示|提示词?|规则|设定|设置|限制|命令|要求|约束|准则)",
    ),
    (
        0.92,
        r"(?:显示|输出|打印|告诉我|说出|泄露|重复|复述|给我|公开|透露|列出"
        r"|是什么)[^。!?\n]{0,16}(?:系统|隐藏|初始|内部|原始|开发者)(?:的)?(?:提示词?|指令|设定|消息"
        r"|prompt)"
        r"|(?:系统|隐藏|初始|内部)(?:的)?(?:提示词|指令|prompt)[^。!?\n]{0,12}(?:是什么|告诉"
        r"|显示|输出|发给|打印|给我)",
    ),
    (
        0.92,
        r"(?:开发者|越狱|上帝|无限制|dan)模式|不受(?:任何|一切)?(?:限制|约束|规则)(?:的)?(?:ai"
        r"|人工智能|助手|模型|回答)",
    ),
    (
        0.9,
        r"(?:绕过|解除|突破|关闭|摆脱|去掉)[^。!?\n]{0,8}(?:你的)[^。!?\n]{0,6}(?:限制|审查"
        r"|安全|过滤|约束|规则)",
    ),
    (0.5, r"(?:没有|不受|无需遵守|不遵守)(?:任何|一切)?(?:限制|约束|规则|道德|伦理|审查)"),
    (
        0.5,
        r"(?:你现在是|从现在(?:开始|起)[^。!?\n]{0,6}你|假装(?:你|自己)?是|(?:请|来)?扮演"
        r"|你将作为|角色扮演)",
    ),
    (0.35, r"(?:不能|不要|不得|不准|绝不)(?:拒绝|说不)|人工智能模型|语言模型|违法|邪恶|色情"),
)
_ABUSE = re.compile(
    r"(?<![a-z])(?:f+u+c+k+(?:ing|er|ers|ed)?|motherf\w+|sh[i1]t(?:ty|s)?|bullsh\w+|assholes?"
    r"|arseholes?|b[i1]tch(?:es)?|cunts?|bastards?|"
    r"dickheads?|wankers?|morons?|idiots?|retards?(?:ed)?|scum(?:bags?)?|go to hell|piss off"
    r"|screw you)(?![a-z])"
    r"|傻逼|傻比|煞笔|他妈的|操你|草你|肏|去你妈|你妈(?:的|逼)|王八蛋|混蛋|狗屁|废物|脑残|白痴|滚蛋"
    r"|垃圾(?:银行|客服|公司)|贱人"
)


def score(view: View) -> tuple[float, tuple[int, int] | None]:
    """Noisy-or over the signals that fire, and where the strongest one stands."""
    text = view.text.replace("’", "'")
    doubt, best, where = 1.0, 0.0, None
    for signal in _SIGNALS:
        found = signal.pattern.search(text)
        if found is None:
            continue
        doubt *= 1.0 - signal.weight
        if signal.weight > best:
            best, where = signal.weight, view.span(*found.span())
    return 1.0 - doubt, where


def find_abuse(view: View) -> Match | None:
    """The first insult; people in distress swear, so it changes nothing but the record."""
    found = _ABUSE.search(view.text)
    return None if found is None else Match(FindingType.ABUSE, *view.span(*found.span()))
