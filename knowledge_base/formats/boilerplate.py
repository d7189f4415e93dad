"""Take away what surrounds the text of a web page: menus, banners, forms, scripts.

Rules, not a trained extractor: those drop the questions of an accordion, the commonest form of a
bank's help page, because they are short and look like buttons. Knows trees, no Markdown.
"""

import re

from lxml.html import Element, HtmlElement

_NEVER = ["script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed"]
_NEVER += [
    "canvas",
    "audio",
    "video",
    "map",
    "title",
    "meta",
    "link",
    "base",
    "nav",
    "select",
    "option",
    "datalist",
]
_NEVER += ["textarea", "input", "dialog"]
_ROLES = {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu"}
_ROLES |= {"menubar", "tablist", "toolbar", "complementary"}
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_KEPT = {"html", "body", "main", "article", *_HEADINGS, "summary"}
# what parts are called that stand on every page of a site, as whole words of class and id
_ANYWHERE = re.compile(
    r"(?:^|[\s_-])(?:adverts?|advertisement|breadcrumbs?|cookies?|footer|menu|modal|nav|navbar"
    r"|navigation|newsletter|pagination|popup|promo|sidebar|skip(?:nav|links?)?|(?:left|right|top)"
    r"(?:nav|menu)|social|cookie[\s_-]?consent|consent[\s_-](?:banner|bar|layer|manager)"
    r"|shar(?:e|ing)[\s_-](?:bar|buttons?|icons?|links?|this|widget)"
    r"|related[\s_-](?:articles|content|items|links|pages|posts|products|topics)"
    r"|(?:page[\s_-])?feedback)(?=[\s_-]|$)"
)
_OUTSIDE_THE_MAIN_PART = re.compile(
    r"(?:^|\s)(?:(?:site|global|top|page|main)[_-]?)?(?:header|masthead|banner|toolbar|topbar)(?=\s|$)"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_MOST = 0.5  # an element with more of the page's words is no boilerplate, whatever it is called
_FORM = 0.25  # a form with more of them holds the page, as some frameworks write it
_SPACE = re.compile(r"\s+")


def prune(page: HtmlElement) -> None:
    """Remove what is never text, and every element that is boilerplate, in place."""
    by_id = {one.get("id"): one for one in page.iter() if one.get("id")}
    openers = _open_questions(page, by_id)
    _name_tabs(page, by_id)
    controlled = _controlled_ids(page)
    for one in list(page.iter(*_NEVER)):
        one.drop_tree()
    total = _size(page)
    waiting = [page]
    while waiting:
        one = waiting.pop()
        if _is_boilerplate(one, controlled) and not _holds_the_page(one, total):
            one.drop_tree()
        else:
            waiting.extend(child for child in one if isinstance(child.tag, str))
    for opener, target in openers:  # a button that opened the menu
        if not _is_within(target, page) and _is_within(opener, page):
            opener.drop_tree()


def main_part(page: HtmlElement) -> HtmlElement:
    """The one element that says it is the main part and holds the words; else the page."""
    for found in (page.xpath("//main | //*[@role='main']"), list(page.iter("article"))):
        if len(found) == 1 and _size(found[0]) >= _FORM * _size(page):
            return found[0]
    return page  # and not its body: without its tag, the parser leaves the first parts in the head


def _open_questions(
    page: HtmlElement, by_id: dict[str, HtmlElement]
) -> list[tuple[HtmlElement, HtmlElement]]:
    """Buttons that fold an answer open become summaries: their words are its question."""
    openers = []
    for one in page.xpath("//button[@aria-controls] | //*[@role='button'][@aria-controls]"):
        target = by_id.get(one.get("aria-controls"))
        if target is not None and not _is_inside(one, (*_HEADINGS, "dt", "summary")):
            one.tag = "summary"
            openers.append((one, target))
    return openers


def _name_tabs(page: HtmlElement, by_id: dict[str, HtmlElement]) -> None:
    """The name of a tab becomes the heading of its panel: the row of tabs is no text."""
    for panel in page.xpath("//*[@role='tabpanel'][@aria-labelledby]"):
        label = by_id.get(panel.get("aria-labelledby"))
        if label is None or any(len(tag) == 2 for tag in [str(child.tag) for child in panel[:1]]):
            continue
        named = Element("h3")
        named.text, named.tail = label.text_content(), panel.text
        panel.text = None
        panel.insert(0, named)


def _controlled_ids(page: HtmlElement) -> set[str]:
    """Parts that a button or a link of the page opens: hidden now, but text all the same."""
    ids = {str(one) for one in page.xpath("//@aria-controls")}
    links = page.xpath("//@href[starts-with(., '#')] | //@data-target | //@data-bs-target")
    return ids | {str(one).lstrip("#") for one in links}


def _is_boilerplate(one: HtmlElement, controlled: set[str]) -> bool:
    if one.tag in _KEPT:
        return one.tag in _HEADINGS and _is_hidden(one, controlled)
    if one.tag in ("header", "footer"):
        return not _is_inside(one, ("article", "main"))
    if one.tag in ("aside", "form") or one.get("role") in _ROLES:
        return True
    if one.tag == "button":
        return not _is_inside(one, (*_HEADINGS, "dt", "summary"))
    return _is_hidden(one, controlled) or _is_named_so(one)


def _is_hidden(one: HtmlElement, controlled: set[str]) -> bool:
    is_hidden = (
        one.get("hidden") is not None
        or one.get("aria-hidden") == "true"
        or _HIDDEN.search(one.get("style") or "") is not None
    )
    return is_hidden and one.get("id") not in controlled and one.get("role") != "tabpanel"


def _is_named_so(one: HtmlElement) -> bool:
    names = _CAMEL.sub("-", f"{one.get('class') or ''} {one.get('id') or ''}").lower()
    if _ANYWHERE.search(names):
        return True
    is_outside = _OUTSIDE_THE_MAIN_PART.search(names) is not None
    return is_outside and not _is_inside(one, ("article", "main"))


def _is_inside(one: HtmlElement, tags: tuple[str, ...]) -> bool:
    return next(one.iterancestors(*tags), None) is not None


def _is_within(one: HtmlElement, page: HtmlElement) -> bool:
    return one is page or any(above is page for above in one.iterancestors())


def _holds_the_page(one: HtmlElement, total: int) -> bool:
    """Most of its words, or its main heading: then the name of the element misleads."""
    share = _FORM if one.tag == "form" else _MOST
    size = _size(one)
    return size > share * total or (size > 0 and next(one.iter("h1", "main"), None) is not None)


def _size(one: HtmlElement) -> int:
    return len(_SPACE.sub("", str(one.text_content())))
