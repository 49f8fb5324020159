"""The declared corrections of a mapping, applied in order and counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from analytics.sources.mapping import Mapping, MendRule
from analytics.sources.read import ExportFile
from analytics.sources.recode import Change, examples_of, frequencies, recode, total
from analytics.sources.report import EXAMPLES, CellCount, Doubt, MendCount, shortened
from analytics.sources.spelling import Slips, fold


def mend(mapping: Mapping, files: dict[str, ExportFile]) -> tuple[dict[str, ExportFile], list[CellCount]]:
    """The files with every rule applied, and the cells for which a `match` found nothing alike."""
    mended = dict(files)
    unmatched: list[CellCount] = []
    for rule in mapping.mends:
        file = mended[rule.file]
        cells, changes = recode(file.frame[rule.column], _corrector(rule, mended))
        if changes:
            mended[rule.file] = replace(
                file, frame=file.frame.assign(**{rule.column: cells}), mends=[*file.mends, _counted(rule, changes)]
            )
        if rule.match is not None:
            unmatched += _unmatched(rule, mended)
    return mended, unmatched


def _counted(rule: MendRule, changes: list[Change]) -> MendCount:
    note = rule.note.model_dump() if rule.note else {}
    return MendCount(rule.id, rule.file, rule.column, total(changes), examples_of(changes), note)


def _corrector(rule: MendRule, files: dict[str, ExportFile]) -> Callable[[str], str]:
    if rule.replace is not None:
        replacements = rule.replace
        return lambda cell: replacements.get(cell, cell)
    if rule.unify:
        commonest = _commonest_by_fold(frequencies(files[rule.file].frame[rule.column]))
        return lambda cell: commonest[fold(cell)]
    return _matcher(_entries(rule, files), rule.slips)


def _matcher(entries: dict[str, int], slips: int) -> Callable[[str], str]:
    by_fold = _commonest_by_fold(entries)
    near = Slips(entries, slips)

    def match(cell: str) -> str:
        if cell in entries:
            return cell
        meant = fold(cell)
        if meant not in by_fold:
            meant = near.nearest(cell) or meant
        return by_fold.get(meant, cell)

    return match


def _commonest_by_fold(entries: dict[str, int]) -> dict[str, str]:
    commonest: dict[str, str] = {}
    for entry, count in entries.items():
        held = commonest.get(fold(entry))
        if held is None or count > entries[held]:
            commonest[fold(entry)] = entry
    return commonest


def _entries(rule: MendRule, files: dict[str, ExportFile]) -> dict[str, int]:
    if rule.reference is not None:
        file, column = rule.reference
        return frequencies(files[file].frame[column])
    return dict.fromkeys(rule.match or (), 1)


def _unmatched(rule: MendRule, files: dict[str, ExportFile]) -> list[CellCount]:
    entries = _entries(rule, files)
    strange = {
        cell: count for cell, count in frequencies(files[rule.file].frame[rule.column]).items() if cell not in entries
    }
    if not strange:
        return []
    shown = tuple(shortened(cell) for cell in sorted(strange, key=lambda cell: -strange[cell])[:EXAMPLES])
    return [CellCount(rule.file, rule.column, Doubt.UNMATCHED, sum(strange.values()), shown)]
