"""What a KPI means, and which KPIs there are: "what is marketing ROI", 赢单率怎么算, "list KPIs"."""

from __future__ import annotations

from assistant.plans import Clarify, Define
from assistant.understanding.context import Context
from assistant.understanding.figures.pieces import Piece

_ASKING = ("definition", "difference", "what_is")
_FILLERS = (*_ASKING, "ignore", "greeting", "by", "which", "compare", "change", "mine", "company")
_MOST = 4


def defined(pieces: tuple[Piece, ...], original: str, context: Context) -> Define | Clarify | None:
    """The definition asked for; None where the words ask for figures, or for more than a definition."""
    if any(not piece.is_a(*_FILLERS, "kpi_list") and not _names_kpi(piece) for piece in pieces):
        return None
    named = [piece for piece in pieces if _names_kpi(piece)]
    if not named:
        return Define() if any(piece.is_a("kpi_list") for piece in pieces) else None
    kpis = tuple(dict.fromkeys(kpi for piece in named for kpi in _kpis(piece)))
    asks = any(piece.is_a("definition") or (len(named) > 1 and piece.is_a("difference")) for piece in pieces)
    if not asks and not _opens_with_what_is(pieces):
        return None
    if len(kpis) == 1:
        return Define(kpi=kpis[0])
    words = tuple(original[piece.start : piece.end] for piece in named)
    choices: tuple[Define, ...] = tuple(Define(kpi=kpi) for kpi in kpis[:_MOST])
    return Clarify(reason="which_definition", words=words, choices=choices)


def _names_kpi(piece: Piece) -> bool:
    return bool(piece.meant("kpi") or piece.meant("unsettled"))


def _kpis(piece: Piece) -> tuple[str, ...]:
    return piece.meant("kpi")[:1] or tuple(piece.meant("unsettled")[0].split("|"))


def _opens_with_what_is(pieces: tuple[Piece, ...]) -> bool:
    """ "What is CAC" asks what it means, "what is our CAC" and "what is the CAC" how much it is."""
    told = [piece for piece in pieces if not piece.is_a("greeting")]
    return len(told) > 1 and told[0].is_a("what_is") and _names_kpi(told[1]) and told[1] is told[-1]
