"""Slips of the keyboard: "revnue", "chanel", 转换律 -> the word that was meant, where only one can be meant.

English: Damerau-Levenshtein distance 1 for words of 4 to 7 letters, 2 for longer ones. A word of ours, a common English
word, a name, a word with a digit and a shorter word are never changed. Chinese: a character that sounds like the right
one, in a phrase of three characters or more; nothing that already reads as a word is changed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

_COMMON = Path(__file__).with_name("common_words.txt")
_HAN = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"(?<![a-z0-9_@#./:'\-])[a-z]{4,}(?![a-z0-9_@/:'\-]|\.[a-z])")
_NEIGHBOUR_BEFORE = re.compile(r"([a-z]+) \Z")
_NEIGHBOUR_AFTER = re.compile(r" ([a-z]+)")
_ENDINGS = (
    *(
        "s",
        "es",
        "d",
        "ed",
        "ing",
        "er",
        "ers",
        "or",
        "ors",
        "ly",
        "y",
        "al",
        "ion",
        "ions",
        "ation",
        "ations",
        "ment",
        "ments",
    ),
    *(
        "ness",
        "able",
        "ible",
        "est",
        "ive",
        "ant",
        "ent",
        "ance",
        "ence",
        "ful",
        "less",
        "ity",
        "ous",
        "ist",
        "ish",
        "ship",
    ),
)

_LONG = 8  # letters from which two slips are believed
_CLEAR = 0.3  # by how much the best must lead the next
_OTHER_LETTER, _OTHER_FIRST_LETTER = 0.3, 0.5  # rarer than a letter left out, doubled or changed with its neighbour

# Characters that sound alike, one of each row being in a term of ours.
_SAME_SOUND = """
营赢盈迎影应 收首手售受守 转专传赚砖 化话划画花华 率律绿虑 单但丹蛋担淡 价架加佳家嫁 客课克刻可 线先现限显县 索所锁缩
渠区取曲去 道到倒导 机绩级极积基季计急继 商伤尚上 业页夜叶 毛矛贸 利力理例历 流留刘 失是式试时示 复付副富服负 购够构勾
款宽 签千前钱迁 约月越 获或货活火 成城程呈诚承 本奔 预于遇语域 测册策侧 漏楼露陋 斗豆抖 满慢漫 意义议易异益 度读渡
回会汇惠 跟根 进近尽金今 访放方仿房 投头透 产铲 比笔币必 环还换缓 同通童统 目木幕 标表 达打大答 缺却确 占站战展 费废非肥
用永拥 折者 扣口 订定丁顶 均军君 队对堆 行型形 品拼频 类累泪 阶节接结届 段短端断 未为位维围 提题体 质值制知指直
源员原元园 销消效小肖 额恶饿鹅 报爆保包 期其起气 挽晚碗 沉陈尘 默末墨 休修 眠棉免 公工功 撞装壮 诉素速
"""
# Characters that are words by themselves: at the edge of a phrase they belong to what stands beside it.
_WORDS_ALONE = frozenset("及与于是都到去可还为对上打大起前先现时但所手话家加近月或今先未应就")


class Correction(NamedTuple):
    """What stands at [start, end) of the text as typed, and what it is read as."""

    start: int
    end: int
    said: str
    read: str


class Spelling:
    """The words and phrases that a slip may have meant; built when first used."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words`: the phrases of our vocabularies as they are matched: lower case, Simplified."""
        self._phrases = tuple(words)

    def suggest(self, word: str, limit: int = 3) -> list[str]:
        """What a word or phrase may have meant, likeliest first; wider than what `corrected` dares to change."""
        word = word.casefold().strip()
        if _HAN.search(word):
            return self._like_sounding(word)[:limit]
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        most = 1 + len(word) // 5
        near = extract(word, self._latin, scorer=OSA.distance, score_cutoff=most, limit=4 * limit)
        ranked = sorted((_cost(word, found, distance), found) for found, distance, _ in near if found != word)
        return [found for _, found in ranked[:limit]]

    def corrected(self, text: str, known: Callable[[str], bool]) -> tuple[str, list[Correction]]:
        """The text without its slips, and each of them with its place in the text as given.

        `known` says whether a word or phrase is a word already: a name in the data, above all.
        """
        lower = text.casefold()
        lower = lower if len(lower) == len(text) else text
        found = sorted([*self._english(text, lower, known), *self._chinese(lower, known)])
        for slip in reversed(found):
            text = text[: slip.start] + slip.read + text[slip.end :]
        return text, found

    # --- English

    def _english(self, text: str, lower: str, known: Callable[[str], bool]) -> Iterator[Correction]:
        for match in _WORD.finditer(lower):
            word, said = match[0], text[match.start() : match.end()]
            if said.isupper() or self._is_a_word(word) or known(word):
                continue
            read = self._meant(word, lower, match)
            if read is not None:
                yield Correction(match.start(), match.end(), said, read)

    def _is_a_word(self, word: str) -> bool:
        return any(stem in self._common or stem in self._words for stem in _stems(word))

    def _meant(self, word: str, text: str, match: re.Match[str]) -> str | None:
        """The one word that is clearly nearest; of several as near, the one that makes a phrase with its neighbour."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        most = 2 if len(word) >= _LONG else 1
        lengths = range(len(word) - most, len(word) + most + 1)
        candidates = [candidate for length in lengths for candidate in self._by_length.get(length, ())]
        near = extract(word, candidates, scorer=OSA.distance, score_cutoff=most, limit=None)
        ranked = sorted((_cost(word, found, distance), found) for found, distance, _ in near)
        if not ranked:
            return None
        in_phrase = [found for _, found in ranked if found in self._words and self._beside(found, text, match)]
        if len(in_phrase) == 1:
            return in_phrase[0]
        cost, best = ranked[0]
        rivals = [other for other, found in ranked[1:] if not _same_stem(best, found)]
        dared = 1.0 if len(word) == 4 else most + _OTHER_LETTER
        clear = not rivals or rivals[0] >= cost + _CLEAR - 1e-9
        return best if best in self._words and clear and cost <= dared + 1e-9 else None

    def _beside(self, word: str, text: str, match: re.Match[str]) -> bool:
        before = _NEIGHBOUR_BEFORE.search(text, max(0, match.start() - 30), match.start())
        after = _NEIGHBOUR_AFTER.match(text, match.end())
        return bool(before and (before[1], word) in self._pairs) or bool(after and (word, after[1]) in self._pairs)

    # --- Chinese

    def _chinese(self, text: str, known: Callable[[str], bool]) -> Iterator[Correction]:
        taken = 0
        for run in _HAN_RUN.finditer(text):
            sound = run[0].translate(_SOUNDS)
            for start, length in ((at, length) for at in range(len(sound)) for length in self._han_lengths):
                meant = self._by_sound.get(sound[start : start + length], ())
                if len(meant) != 1 or start + length > len(sound) or run.start() + start < taken:
                    continue
                slip = Correction(
                    run.start() + start, run.start() + start + length, run[0][start : start + length], meant[0]
                )
                if slip.said != slip.read and self._is_a_slip(slip, text, known):
                    taken = slip.end
                    yield slip

    def _is_a_slip(self, slip: Correction, text: str, known: Callable[[str], bool]) -> bool:
        """One wrong character (two of five or more), none of them part of a word that already reads."""
        wrong = [at for at, (said, read) in enumerate(zip(slip.said, slip.read, strict=True)) if said != read]
        if len(wrong) > (2 if len(slip.said) >= 5 else 1):
            return False
        edges = (0, len(slip.said) - 1)
        if any(at in edges and slip.said[at] in _WORDS_ALONE for at in wrong):
            return False
        return not known(slip.said) and not any(self._in_a_word(slip.start + at, text, known) for at in wrong)

    def _in_a_word(self, at: int, text: str, known: Callable[[str], bool]) -> bool:
        around = (
            text[start : start + length]
            for length in (2, 3, 4)
            for start in range(max(0, at - length + 1), at + 1)
            if start + length <= len(text)
        )
        return any(phrase in self._han_phrases or known(phrase) for phrase in around if _HAN_RUN.fullmatch(phrase))

    def _like_sounding(self, word: str) -> list[str]:
        alike = [phrase for phrase in self._by_sound.get(word.translate(_SOUNDS), ()) if phrase != word]
        near = [
            phrase
            for phrase in sorted(self._han_phrases)
            if len(phrase) == len(word) >= 3 and sum(a != b for a, b in zip(phrase, word, strict=True)) == 1
        ]
        return list(dict.fromkeys((*alike, *near)))

    # --- what is built once

    @cached_property
    def _latin(self) -> list[str]:
        return sorted({phrase for phrase in self._phrases if phrase.isascii() and len(phrase) >= 4})

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(word for phrase in self._phrases for word in re.findall(r"[a-z]+", phrase))

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(pair for phrase in self._phrases if " " in phrase for pair in pairwise(phrase.split(" ")))

    @property
    def _common(self) -> frozenset[str]:
        return common_words()

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        grouped: dict[int, list[str]] = defaultdict(list)
        for word in sorted(self._words | self._common):
            grouped[len(word)].append(word)
        return dict(grouped)

    @cached_property
    def _han_phrases(self) -> frozenset[str]:
        return frozenset(phrase for phrase in self._phrases if len(phrase) >= 2 and _HAN_RUN.fullmatch(phrase))

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        grouped: dict[str, list[str]] = defaultdict(list)
        for phrase in sorted(self._han_phrases):
            if len(phrase) >= 3:
                grouped[phrase.translate(_SOUNDS)].append(phrase)
        return dict(grouped)

    @cached_property
    def _han_lengths(self) -> tuple[int, ...]:
        return tuple(sorted({len(sound) for sound in self._by_sound}, reverse=True))


@cache
def common_words() -> frozenset[str]:
    """English words of everyday business, lower case: they are no slips, and no names."""
    lines = _COMMON.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _cost(word: str, found: str, distance: float) -> float:
    cost = distance + (_OTHER_FIRST_LETTER if word[0] != found[0] else 0)
    return cost + (_OTHER_LETTER if len(word) == len(found) and sorted(word) != sorted(found) else 0)


def _stems(word: str) -> Iterator[str]:
    """The word and what is left of it without an ending: "planned" gives plann, plan and planne."""
    yield word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            yield stem
            yield f"{stem}e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]
            if stem[-1] == "i":
                yield f"{stem[:-1]}y"


def _same_stem(one: str, other: str) -> bool:
    return one in _stems(other) or other in _stems(one)


_SOUNDS = {ord(character): ord(alike[0]) for alike in reversed(_SAME_SOUND.split()) for character in reversed(alike)}
