"""Greetings in front of a question, thanks behind it, sighs and hedges anywhere: they change nothing about it."""

from __future__ import annotations

import re

from assistant.understanding.normalise import converter

_SIGNS = r"[\s,.!:;~\-–—，。！：；、…]"
_GREETED = r"(?: (?:there|all|team|everyone|everybody|folks|guys|friend|again|@?leadline|bot|assistant))?"
_TO_ASK = r"(?=(?:how|what|who|whom|which|why|where|when|is|are|if)\b)"
_IN_FRONT = (
    r"@?leadline\b|<@\w+>",
    r"(?:hi+|hello|hey+|hiya|yo|good (?:morning|afternoon|evening)|morning|afternoon|evening|greetings|howdy)"
    rf"{_GREETED}\b",
    r"(?:ok(?:ay)?|so|well|right|fyi|btw|by the way|excuse me|one more thing|anyway|alright|cool|great)\b",
    r"(?:u+gh+|h+m+|u+h+|u+m+|erm?|a+h+|o+h+|wow|oof|yikes|damn|gosh|jeez|omg|wtf|man|dude|mate|guys|folks|lol|haha)\b",
    r"(?:to )?be honest|let's be honest|tbh|honestly|frankly|seriously|real talk|listen|look,|imo|imho|fwiw|i mean,",
    r"(?:(?:just|i'm|im|i am|i was|was)(?: just)? )?(?:curious|wondering)\b(?: (?:about|if|to know))?|i wonder\b",
    rf"(?:remind me|refresh my memory(?: on)?|(?:do|would) you (?:happen to )?know|(?:any|no) (?:idea|clue)) {_TO_ASK}",
    r"(?:i )?(?:need|want|would like|would love|'d like|'d love) to (?:know|find out)\b(?! (?:the|our|my)\b)",
    r"(?:my |the )?(?:boss|manager|ceo|cfo|board)(?: just)? (?:asks?|asked|(?:wants|needs) to know|is asking)\b",
    r"(?:a |just a |one )?(?:quick|short|small|last|stupid|dumb|simple|random)(?: \w+)? (?:question|one|thing|ask|q)\b",
    r"(?:real|super) quick\b",
    r"sorry(?: to bother(?: you)?| for (?:asking|the trouble))?\b",
    r"(?:please|pls|plz|kindly)\b",
    r"(?:can|could|would|will) you(?: please| kindly| pls)?\b(?! (?:do|call|answer|help|understand|tell)\b)",
    r"(?:你好|您好|哈喽|哈罗|哈啰|嗨|大家好|各位好|早上好|下午好|晚上好|早安|早啊|早|在吗|在么)(?:啊|呀|哦|哈)?",
    r"不好意思|打扰一下|打扰了|打扰下|请问一下|请问|想问一下|想问下|问一下|问下|请教一下|请教下|麻烦问一下",
    r"麻烦你|麻烦您|麻烦|劳驾|拜托|小助手|机器人|助手",
    r"(?:帮我|帮忙|帮)?(?:看一下|看下|看看|查一下|查下|查查)",
    r"[唉诶欸嗯呃哎喂嘿哇]+(?:呀|哟|哎)?|我去|天哪|天啊|好家伙|(?:额|啊|哦|噢|靠|亲|对了|那个|那啥|行|好的?|嗯)(?=[\s，。,.!！~、…])",
    r"说实话|老实说|讲真的?|说真的|说白了|话说|其实|弱弱地?问一?下?|好奇(?:问一?下?)?|有个问题|问个问题|我?(?:就)?(?:想|要)?(?:了解|知道|搞清楚)一?下?(?=[，。,\s])",
    r"(?:老板|领导|经理|上面|总监)(?:在|又|想)?(?:问|催|要看|想知道)(?:我|了)?",
)
_BEHIND = (
    r"(?:many )?thanks?(?: you)?(?: so much| a lot| very much| in advance| a bunch| a ton| again)?|thx|tnx|ty|cheers",
    r"please|pls|plz|asap|if you can|if possible|when you can|when you have a moment|(?:much |i )?appreciated?(?: it)?",
    r"or (?:not|what|no)|again|imo|imho|tbh|fwiw|btw|by the way|lol|haha+|though|tho|i mean|i wonder|just curious"
    r"|just wondering|do you (?:think|know)|you think|(?:,|\?) ?(?:right|eh|huh|no|any (?:idea|ideas|clue|thoughts))"
    r"|, ?(?:man|mate|dude|folks|guys|buddy)",
    r"谢谢(?:你|您|啦|了|哈)?(?:啊|呀)?|多谢(?:了|啦)?|感谢(?:了|啦|你|您)?|谢啦|谢了",
    r"来着|哈哈+|嘿嘿+|呵呵+|(?:[，,]|\s)(?:可以吗|行吗|好吗|行不|好不|是吧|对吧|有数吗|你知道吗|急|在线等)",
    r"辛苦(?:了|啦|你了|您了)|拜托(?:了|啦)?|麻烦(?:了|你了|您了|啦)",
)
_OPENING = re.compile(rf"(?:{'|'.join(_IN_FRONT)})(?:{_SIGNS}+|(?<=[\u3400-\u9fff])|$)", re.IGNORECASE)
# Said for emphasis only, wherever it stands.
_HEDGE = re.compile(
    r"(?<![\w'-])(?:the (?:heck|hell|fuck)|on earth|honestly|actually|basically|literally|frankly|seriously|tbh|imho?"
    r"|to be honest|,? ?you know(?=,)|,? ?i mean(?=,))(?![\w'-]),?"
    r"|(?<![从跟做干走])到底(?!为止)|究竟|说实话|老实说|讲真(?:的)?(?=[，,])|说真的|他妈的?|特么",
    re.IGNORECASE,
)
# Capitals with which a word is stressed; IT and US are none.
_STRESSED = re.compile(
    r"\b(?:AND|OR|NOT|ALL|ANY|EVERY|EACH|ONLY|WHY|HOW|WHAT|WHICH|BY|PER|PLEASE|MY|OUR|THIS|LAST|FOR|THE|DID|DO|IS)\b"
)
_SIGN = re.compile(r"[^\w<@#¥$€£'\"“‘(《「【%+\-]")
_LAST_SIGNS = re.compile(r"[^\w)%）\"'”’】」》+]+$")
_CLOSING = re.compile(rf"{_SIGNS}*(?<![a-z0-9])(?:{'|'.join(_BEHIND)}){_SIGNS}*$", re.IGNORECASE)


def without_courtesies(text: str) -> str:
    """The question by itself; the whole text where nothing else stands in it."""
    simplified = converter("t2s").convert(text)
    if len(simplified) != len(text):
        return text
    calm = _calm(text)
    if calm != text:
        return without_courtesies(calm)
    start, end = 0, len(text)
    while found := _OPENING.match(simplified, start) or _SIGN.match(simplified, start):
        start = found.end()
    while found := _CLOSING.search(simplified, start, end) or _LAST_SIGNS.search(simplified, start, end):
        end = found.start()
    rest = text[start:end]
    return rest if any(character.isalnum() for character in rest) else text


def _calm(text: str) -> str:
    """The text without words that only stress others, and without capitals that do."""
    if any(character.islower() for character in text):
        text = _STRESSED.sub(lambda word: word[0].lower(), text)
    simplified = converter("t2s").convert(text)
    if len(simplified) != len(text):
        return text
    kept, at = [], 0
    for hedge in _HEDGE.finditer(simplified):
        kept.append(text[at : hedge.start()])
        at = hedge.end()
    rest = re.sub(r" {2,}", " ", "".join((*kept, text[at:]))) if kept else text
    return rest if any(character.isalnum() for character in rest) else text
