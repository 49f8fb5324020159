"""Figures that are asked for and not to be had: one that nobody knows here ("our NPS"), one that is not offered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.plans import Clarify, Help, KpiQuery, Refuse
from assistant.understanding.context import Context
from assistant.understanding.figures.asked import Asked
from assistant.understanding.figures.broken_down import UNITS
from assistant.understanding.figures.pieces import Piece
from assistant.understanding.figures.unsettled import offered_instead

_MOST_WORDS, _MOST_HAN = 4, 12
_VERY_NEAR, _NEAR = 85, 70  # of 100: a slip for a KPI's name; a KPI worth naming beside
_VERY_NEAR_HAN = 75  # one character off in four
_LONG_ENOUGH, _LONG_ENOUGH_HAN = 5, 4
_OFFERED = 3

_HAN = re.compile(r"[\u3400-\u9fff]")
# What a Chinese name of a figure ends in: 率, 额, 周转天数 ...
_HAN_FIGURE = re.compile(r"[率额数量值价比度分费本润款期长时频次龄利产债税效收]$")
# What says that a figure is asked for.
_SAYS_SO = (
    "by", "trend", "chart", "line_chart", "mine", "my_team", "company", "change", "compared_previous",
    "compared_last_year", "compared_target", "grain_day", "grain_week", "grain_month", "grain_quarter", "grain_half",
    "grain_year", "average", "running", "highest", "lowest", "rank", "share",
)  # fmt: skip
_OURS = frozenset({"our", "ours", "we", "我们", "我们的", "咱们", "咱们的"})
_HOW_MUCH = frozenset({"how much", "how many", "how long", "number of", "the number of", "多少", "是多少", "有多少"})
_INSIDE = ("unread", "ignore", "share", "average", "running", *UNITS)


def not_offered(pieces: tuple[Piece, ...], original: str, context: Context) -> Refuse | None:
    """The refusal of a figure that is kept out on purpose, with the nearest that are offered."""
    if any(piece.meant("kpi") and not _department(pieces, place) for place, piece in enumerate(pieces)):
        return None
    of_somebody = any(piece.is_a("mine") or piece.meant("rep") for piece in pieces)
    for piece in pieces:
        for kind in piece.meant("not_offered"):
            if of_somebody or kind != "pay":
                words = (original[piece.start : piece.end],)
                return Refuse(reason="not_offered", words=words, kpis=offered_instead(kind, context.model))
    return None


def _department(pieces: tuple[Piece, ...], place: int) -> bool:
    """ "Employee turnover in sales" is of the people there."""
    return pieces[place].phrase == "sales" and place > 0 and pieces[place - 1].phrase == "in"


def unknown_metric(
    asked: Asked, original: str, context: Context, again: Callable[[Asked], object]
) -> Clarify | Refuse | None:
    """For a question that asks for a figure by a name nobody knows: the KPI it nearly names, else a refusal.

    `again` decides the question with that KPI in the place of the name. None where no figure is asked for, or where
    more than its name is unknown.
    """
    name = _name(asked, original)
    if name is None or not _asks_for_a_figure(asked, name, context):
        return None
    words = original[asked.pieces[name[0]].start : asked.pieces[name[-1]].end]
    near = _nearest(words.casefold(), context)
    if near and near[0][1] and (meant := _with_kpi(asked, name, near[0][0], again)) is not None:
        return Clarify(reason="did_you_mean", words=(words,), choices=(meant, Help()))
    return Refuse(reason="unknown_metric", words=(words,), kpis=tuple(kpi for kpi, _ in near))


def _name(asked: Asked, original: str) -> range | None:
    """The one stretch that nothing reads, with the words inside it and the share or rate that ends it."""
    unread = [place for place in range(len(asked.pieces)) if place not in asked.read]
    if not unread:
        return None
    last = unread[-1]
    while last + 1 < len(asked.pieces) and _ends_it(asked.pieces[last], asked.pieces[last + 1]):
        last += 1
    name = range(unread[0], last + 1)
    if any(not asked.pieces[place].is_a(*_INSIDE) for place in name):
        return None
    return name if _is_a_name(original[asked.pieces[name[0]].start : asked.pieces[last].end]) else None


def _ends_it(piece: Piece, after: Piece) -> bool:
    """ "Market share", 周转天数: a word that is read elsewhere and here is the end of a name."""
    return after.is_a("share", "average") or (piece.end == after.start and bool(_HAN_FIGURE.match(after.phrase)))


def _is_a_name(words: str) -> bool:
    if _HAN.search(words):
        return len(words) <= _MOST_HAN and bool(_HAN_FIGURE.search(words))
    each = words.split()
    somebody = len(each) > 1 and all(word.istitle() for word in each)
    return len(each) <= _MOST_WORDS and any(character.isalpha() for character in words) and not somebody


def _asks_for_a_figure(asked: Asked, name: range, context: Context) -> bool:
    """Whether the rest says so; nothing is said of days to come."""
    rest = [piece for place, piece in enumerate(asked.pieces) if place not in name]
    if any(piece.period is not None and piece.period.start > context.today for piece in rest):
        return False
    if not rest and _HAN.search(asked.pieces[name[0]].phrase):  # 应收账款, and no other word
        return True
    return any(piece.period is not None or piece.is_a(*_SAYS_SO) or piece.meant("dim") for piece in rest) or any(
        piece.phrase in _HOW_MUCH or not _OURS.isdisjoint(piece.phrase.split()) for piece in rest
    )


def _nearest(words: str, context: Context) -> list[tuple[str, bool]]:
    """The KPIs of the nearest names, and whether a name is so near that a slip is likely."""
    from rapidfuzz import fuzz, process

    from assistant.understanding.normalise import normalise

    said = normalise(words)
    han = bool(_HAN.search(said))
    names = context.lexicon.kpi_names
    enough, very = (_LONG_ENOUGH_HAN, _VERY_NEAR_HAN) if han else (_LONG_ENOUGH, _VERY_NEAR)
    if len(said) < enough:
        return []
    found: dict[str, bool] = {}
    for word, score, _ in process.extract(said, list(names), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=20):
        found.setdefault(names[word], score >= very and len(word) >= enough)
    return list(found.items())[:_OFFERED]


def _with_kpi(asked: Asked, name: range, kpi: str, again: Callable[[Asked], object]) -> KpiQuery | None:
    first, last = asked.pieces[name[0]], asked.pieces[name[-1]]
    meant = replace(first, end=last.end, concepts=(f"kpi:{kpi}",))
    found = again(Asked((*asked.pieces[: name[0]], meant, *asked.pieces[name[-1] + 1 :])))
    return found if isinstance(found, KpiQuery) else None
