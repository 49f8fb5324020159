"""Words that stand where a name stands, and that nobody and nothing here is called."""

from __future__ import annotations

import re

from assistant.plans import Clarify, Plan, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.pieces import Piece, cut
from assistant.understanding.normalise import normalise
from assistant.understanding.reading import Reading
from assistant.understanding.spelling import common_words

_LONGEST = 40
_NEAR = 72.0  # of 100: a name less like the words is no help
_BEFORE = re.compile(
    r"(?:\b(?:of|for|from|by|in|at|with|about|is|are|was|has|did|does|should|and|to|than|vs|against|customer|account"
    r"|client|company|rep|colleague|team|channel|region|product|campaign|mr|ms|mrs)\.? (?:the )?"
    r"|客户|公司|渠道|团队|区域|大区|产品|活动|同事|业务员|销售)$"
)
_BREAKS_DOWN = re.compile(r"(?:各个?|每个?|按|\bby |\bper |\beach |\bevery )$")
_AFTER = re.compile(
    r"^(?:'s\b|’s\b| (?:team|channel|region|campaign|account|customer|group|territory)\b"
    r"| ?(?:的|渠道|团队|大区|区域|客户|产品|活动|组|队|公司|集团|总|经理))"
)
_HAN_COMPANY = re.compile(r"[\u3400-\u9fff]{2,12}(?:公司|集团|有限|股份|科技|电子|实业|工厂|厂)$")
_LEVEL = re.compile(r"(?:省区|战区|大区|区处|营业处|片区)$")  # a level of region, to be asked about
_HAN_NAME = re.compile(r"^[\u3400-\u9fff]{2,4}$")
_LATIN_NAME = re.compile(r"^[A-Z][\w&.\-]*(?: (?:[A-Z][\w&.\-]*|&|and|of))*$")
# Endings and beginnings of words that say what is done or how: "piling", "resolved", 最狠, 降低.
_DONE = re.compile(r"(?:ing|ed|ly|ize|ise|tion|ness|ment|able|ible)$")
_HAN_DONE = re.compile(
    r"^(?:[最不没未怎咋很太更又还都也被把让会能要在这那哪谁啥降升提增减低重多少怎为如做干搞卖买花签跑打拿给帮推拉])"
    r"|[了吗呢吧么的]$"
)


def unknown_name(reading: Reading, asks_back: Plan | None, context: Context) -> Refuse | None:
    """The refusal of a question that reads whole but for a name nobody has; None where its unread words are no name.

    `asks_back` is the question back about the unread words: its first choice is the plan without them.
    """
    if not isinstance(asks_back, Clarify) or asks_back.reason != "unread_words" or not asks_back.choices:
        return None
    pieces = [piece for piece in cut(reading.normal, reading.found) if piece.concepts == ("unread",)]
    names = [piece for piece in pieces if _is_name(piece, reading) and not context.lexicon.knows(piece.phrase)]
    words = tuple(reading.original[piece.start : piece.end].strip(" ,.?!，。？！") for piece in names)
    said = normalise("".join(asks_back.words))
    if not names or not all(normalise(word) in said or said in normalise(word) for word in words):
        return None
    if len(said.replace(" ", "")) > sum(len(normalise(word).replace(" ", "")) for word in words) + 4:
        return None
    understood = asks_back.choices[0].model_dump(mode="json")
    return Refuse(reason="unknown_name", words=words, offers=_near(words, context), understood=understood)


def _is_name(piece: Piece, reading: Reading) -> bool:
    """Whether the words look like a name and stand where names stand."""
    said = reading.original[piece.start : piece.end].strip(" ,.?!，。？！")
    if not said or len(said) > _LONGEST:
        return False
    before, after = reading.normal[: piece.start], reading.normal[piece.end :]
    placed = bool(_BEFORE.search(before) or _AFTER.search(after))
    if _BREAKS_DOWN.search(before):
        return False
    if said.isascii():
        capital = bool(_LATIN_NAME.match(said)) and (piece.start > 0 or " " in said or not said.istitle() or placed)
        shouts = not any(character.islower() for character in reading.original)
        if all(word in common_words() for word in said.lower().split()):
            return False
        if said.islower() and any(_DONE.search(word) for word in said.split()):
            return False
        return (capital and not shouts and (placed or len(said) > 3)) or (placed and len(said) > 3)
    if _LEVEL.search(said):
        return False
    if _HAN_COMPANY.search(said):
        return True
    return (
        bool(_HAN_NAME.match(said)) and not _HAN_DONE.search(said) and (placed or (piece.start == 0 and _surname(said)))
    )


def _surname(said: str) -> bool:
    from assistant.understanding.naming.words import people_words

    return any(said[:length] in people_words().spellings for length in (1, 2))


def _near(words: tuple[str, ...], context: Context) -> tuple[str, ...]:
    """Names most like the words, of those that the asker may be reminded of."""
    if context.names is None:
        return ()
    found = [one for word in words[:1] for one in context.names.near(word, 3, context.allowed)]
    return tuple(dict.fromkeys(name for name, _, score in found if score >= _NEAR))
