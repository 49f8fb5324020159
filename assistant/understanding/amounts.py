"""Quantities as people write them: "over 50k", 8万以上, 三成五, 八折, 三个点, 翻一番, "two weeks", 10-50万.

A quantity is a number with its unit and with the words that set a bound. Years, dates and times of day are none, nor
are vague numbers (十几万, 30多天, 两三家).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["amount", "share", "discount", "points", "multiple", "days", "count"]
Op = Literal["exact", "about", "more_than", "at_least", "less_than", "at_most", "between"]


@dataclass(frozen=True)
class Quantity:
    """The characters [start, end), bound words, currency and unit included, and what they say.

    `value` by kind: amount is money or a plain number from 1,000 up; share, discount (八折 is 0.2) and points (三个点
    is 0.03) are fractions of 1; multiple is the factor to what was before (增长2倍 is 3); days are days, a month 30 of
    them; count is any other number. `op` "between" goes from `value` up to `high`, both taken in. `unit` is as said:
    a currency, "week", "month", 折, or a Chinese measure word.
    """

    start: int
    end: int
    words: str
    kind: Kind
    value: float
    op: Op = "exact"
    high: float | None = None
    unit: str = ""

    @property
    def values(self) -> tuple[float, ...]:
        """What a filter on it takes: one value, or two for "between"."""
        return (self.value,) if self.high is None else (self.value, self.high)


def quantities_in(normal_text: str) -> list[Quantity]:
    """The quantities of a normalised text, in order, none overlapping another."""
    found: list[Quantity] = []
    for atom in _with_ranges(normal_text, sorted(_atoms(normal_text), key=lambda atom: atom.start)):
        quantity = _bounded(normal_text, atom)
        if quantity is not None and (not found or found[-1].end <= quantity.start):
            found.append(quantity)
    return found


@dataclass(frozen=True)
class _Atom:
    """One number with its unit: `number` times `factor` is the value; `weak`: it needs a bound or a unit to count."""

    start: int
    end: int
    kind: Kind
    number: float
    factor: float = 1
    unit: str = ""
    op: Op = "exact"
    high: float | None = None
    weak: bool = False

    @property
    def value(self) -> float:
        return round(self.number * self.factor, 10)

    @property
    def plain(self) -> bool:
        """Nothing but a number, which takes the unit of the number that it makes a range with."""
        return self.kind in ("amount", "count") and self.factor == 1 and self.unit not in _MEASURES


# --- numbers: digits, English words, Chinese numerals

_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "w": 10_000, "亿": 100_000_000}
_ROUND = {"百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000, "小目标": 100_000_000}
_ONES = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ENGLISH = {
    **{word: number for number, word in enumerate(_ONES.split(), 1)},
    **{word: 10 * number for number, word in enumerate(_TENS.split(), 2)},
}
_SCALES = {"hundred": 100, "thousand": 1_000, "grand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SHORT = {
    "k": 1_000, "m": 1_000_000, "mn": 1_000_000, "mm": 1_000_000, "mil": 1_000_000, "mio": 1_000_000,
    "b": 1_000_000_000, "bn": 1_000_000_000,
}  # fmt: skip

_TOO_MUCH = 1e15
_LONGEST = 60  # characters of a number; what is longer is none

_HAN_ONE = "零〇一二两三四五六七八九"
_WORD = rf"(?:{'|'.join(sorted((*_ENGLISH, *_SCALES), key=len, reverse=True))})"
_GROUPED = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!,?\d)|\d+(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?P<decimal>[{_HAN_ONE}十]{{1,3}}点[{_HAN_ONE}]{{1,3}})(?:(?P<of_decimal>千万|百万|[万亿])|(?=[倍%]|个点|个百分点))"
    rf"|(?<![a-z0-9_.#])(?P<round>\d+(?:\.\d+)?|[{_HAN_ONE}十]{{1,3}})个(?P<of_round>小目标|千万|百万|亿)"
    rf"|(?P<digits>(?<![a-z0-9_.#])(?<!\d[:/,])(?:{_GROUPED})|(?<![\w.])\.\d+)"
    rf"(?P<scale>(?:\s?[十百千万亿]|w(?![a-z]))(?:[{_HAN_ONE}十百千万亿]|(?<=[十百千万亿w])\d)*)?"
    rf"|(?P<han>(?<!\d)(?<!\d )[{_HAN_ONE}十百千万亿](?:[{_HAN_ONE}十百千万亿]|(?<=[十百千万亿])\d)*)"
    rf"|\b(?P<half>half an? )(?P<of>million|billion|thousand|hundred)\b"
    rf"|\b(?P<english>(?:an? (?=hundred|thousand|million|billion)|{_WORD})(?:(?:[ -]|(?<=d|n) and ){_WORD}|"
    rf"(?<= ){_WORD})*)\b"
)


def _number(match: re.Match[str]) -> tuple[float, float] | None:
    """The number found and what its scale multiplies it by, as "50万" is (50, 10,000); None for one that is vague."""
    if match.end() - match.start() > _LONGEST:
        return None
    if match["decimal"]:
        whole, _, part = match["decimal"].partition("点")
        digits = "".join(str(_DIGITS[character]) for character in part)
        front = _chinese(whole)
        return None if front is None else (float(f"{front:.0f}.{digits}"), _chinese(match["of_decimal"] or "一") or 1)
    if match["round"]:
        told = float(match["round"]) if match["round"].isascii() else _chinese(match["round"])
        return None if told is None else (told, _ROUND[match["of_round"]])
    if match["half"]:
        return 0.5, _SCALES[match["of"]]
    if match["english"]:
        number = _english(match["english"])
        return None if number is None else (number, 1)
    if match["digits"] and not match["scale"]:
        return float(match["digits"].replace(",", "")), 1
    written = (match["han"] or match["digits"].replace(",", "") + match["scale"]).replace(" ", "")
    whole_number = _chinese(written)
    if whole_number is None:
        return None
    scale = re.search(r"[万亿w]$|(?<![百千万亿w])[百千]$", written)
    factor = {**_SMALL, **_LARGE}[scale[0]] if scale else 1
    return whole_number / factor, factor


def _english(words: str) -> float | None:
    """ "two hundred and fifty thousand"; None for words that are no one number ("two three")."""
    total, section, last = 0.0, 0.0, 1_000.0
    for word in re.split(r"[ -](?:and )?", words):
        if word in ("a", "an"):
            section, last = 1, 1
        elif word == "hundred":
            section, last = (section or 1) * 100, 100
        elif word in _SCALES:
            total, section, last = total + (section or 1) * _SCALES[word], 0, 1_000
        elif last >= (10 if _ENGLISH[word] < 10 else 100):
            section, last = section + _ENGLISH[word], _ENGLISH[word]
        else:
            return None
    return total + section


def _chinese(written: str) -> float | None:
    """Chinese numerals, digits among them: 两百五十万, 1万5, 一百二; None where digits follow each other (两三)."""
    total, section, unit = 0.0, 0.0, 1.0
    current: float | None = None
    zero = False
    for token in re.findall(r"\d+(?:\.\d+)?|.", written):
        if token in _SMALL:
            if current is None and section:
                return None
            section, unit = section + (1 if current is None else current) * _SMALL[token], _SMALL[token]
            current, zero = None, False
        elif token in _LARGE:
            value = section + (current or 0) or (1 if not total else 0)
            total = (total + value) * _LARGE[token] if token == "亿" else total + value * _LARGE[token]
            section, unit, current, zero = 0, _LARGE[token], None, False
        elif current is not None:
            return None
        elif token in "零〇" and len(written) > 1:
            zero = True
        elif token == ".":
            return None
        else:
            current = float(_DIGITS.get(token, token))
    if current is not None and current < 10 and unit >= 100 and not zero:
        current *= unit / 10
    return total + section + (current or 0)


# --- what stands around a number: currency before it, unit after it

_CURRENCIES = {
    "CNY": r"¥|rmb|cny|人民币|元(?:人民币)?|块钱?|yuan|kuai", "USD": r"us\$|\$|usd|dollars?|bucks|美元|美金|刀",
    "EUR": r"€|eur|euros?|欧元", "GBP": r"£|gbp|pounds?|英镑", "HKD": r"hk\$|hkd|港元|港币",
    "TWD": r"nt\$|twd|ntd|新?台币", "JPY": r"jpy|日元|日圆",
}  # fmt: skip
CURRENCIES = frozenset(_CURRENCIES)
_ANY_CURRENCY = "|".join(f"(?P<{code.lower()}>{signs})" for code, signs in reversed(_CURRENCIES.items()))
_CURRENCY_BEFORE = re.compile(rf"(?<![a-z])(?:{_ANY_CURRENCY})\s?\Z")
_CURRENCY_AFTER = re.compile(rf"\s?(?:{_ANY_CURRENCY})(?![a-z])")
_SHORT_SCALE = re.compile(rf"(?:{'|'.join(sorted(_SHORT, key=len, reverse=True))}|\sk)(?![a-z0-9])")
_WORD_SCALE = re.compile(r"\s(?:hundred |)(?:hundred|thousand|grand|million|billion)\b")

_MEASURES = frozenset("条个位家名笔通单件份次款项")
_MEASURE = re.compile(r"个(?![月工百点星礼季周小半])|单(?!价)|位(?!置)|名(?!单)|次(?!日)|[条家笔通件份款项]")
_TIMES = {
    "day": (r"days?|天(?![猫半])", 1),
    "week": (r"weeks?|wks?|个?(?:星期|礼拜)(?![一二三四五六日天])|周(?![一二三四五六日末年报半])", 7),
    "month": (r"months?|mths?|mos?|个月", 30),
    "quarter": (r"quarters?|个季度?", 90),
    "year": (r"years?|yrs?|年(?![度级初底中末前后终半])", 365),
}
_UNITS: tuple[tuple[re.Pattern[str], Kind, float, str], ...] = (
    (re.compile(r"\s?(?:个百分点|百分点|个点(?![击评子赞钟]))"), "points", 0.01, ""),
    (re.compile(r"[ -]?(?:(?:percentage |percent |%[ -]?)?(?:points?|pts?)|ppts?|pp)\b"), "points", 0.01, ""),
    (re.compile(r"\s?(?:(?:bps|basis points?)\b|个?基点)"), "points", 0.0001, ""),
    (re.compile(r"\s?(?:%|percent|per cent|pct) off\b"), "discount", 0.01, ""),
    (re.compile(r"\s?(?:%|(?:percent|per cent|pct)\b)"), "share", 0.01, ""),
    (re.compile(r"\s?倍|x\b|[ -]?fold\b| times(?= (?:as|the|what|last|more) )"), "multiple", 1, ""),
    *((re.compile(rf"[ -]?(?:{words})(?![a-z])"), "days", days, unit) for unit, (words, days) in _TIMES.items()),
    (re.compile(r"d(?![a-z0-9])"), "days", 1, "day"),
)  # fmt: skip
_NO_NUMBER_AFTER = re.compile(
    r"[a-z_]|[:/.]\d|'|\s?[几多余来](?=[十百千万亿天个家位名条元块\s]|$)"
    r"|\s?(?:年|月|日|号|时|点|期|季|分钟|小时|刻|岁)|个(?:工作日|小时)"
    r"|\s?-?(?:st|nd|rd|th|am|pm|o'clock|hours?|hrs?|minutes?|mins?|seconds?|secs?)\b"
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_NO_NUMBER_BEFORE = re.compile(
    rf"(?:[第初双几余#@周]|星期|礼拜|(?:\b(?:{_MONTHS}|week|wk|q|fy|no|number|version|lead)\b\.?\s?))\Z"
)
_A_DATE_AFTER = re.compile(rf"\s(?:{_MONTHS})\b")
_ONE_TIME_BEFORE = re.compile(
    r"(?:[上这那前每本同后哪某有当任]|(?<![名手门])下)\Z|\b(?:once|twice|times|per|this|last|next)\s\Z"
)


def _atoms(text: str) -> Iterator[_Atom]:
    """Every number with its unit: fixed forms first, then numbers in what those leave."""
    taken = bytearray(len(text))
    for form in _FORMS:
        for match in form.pattern.finditer(text):
            said = form.value(match)
            if said is not None and not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                yield _Atom(match.start(), match.end(), form.kind, said, unit=form.unit)
    at = 0
    while number := _NUMBER.search(text, at):
        atom = None if any(taken[number.start() : number.end()]) else _measured(text, number)
        at = max(number.end(), atom.end if atom else 0)
        if atom is not None and not any(taken[atom.start : atom.end]):
            yield atom


def _measured(text: str, match: re.Match[str]) -> _Atom | None:
    """The number with currency and unit around it; None for a date, a time, a part of a word, a vague number."""
    said = _number(match)
    start, end = match.span()
    vague = text[start - 1 : start] == "数" and text[start] in "十百千万亿"
    if said is None or vague or _NO_NUMBER_BEFORE.search(text, max(0, start - 12), start):
        return None
    number, factor = said
    if match["digits"] or match["english"]:
        end, number, factor = _scaled(text, end, number, factor)
    if not number * factor < _TOO_MUCH:
        return None
    plus = 1 if text[end : end + 1] == "+" else 0
    for pattern, kind, unit_factor, unit in _UNITS:
        after = pattern.match(text, end + plus)
        if after and _is_that_long(text, start, number * factor, kind, after[0]):
            return _Atom(start, after.end(), kind, number, factor * unit_factor, unit, "at_least" if plus else "exact")
    if _NO_NUMBER_AFTER.match(text, end) or _year_or_code(text, start, end):
        return None
    return _in_money(text, start, end, number, factor) or _counted(text, match, end, number, factor)


def _in_money(text: str, start: int, end: int, number: float, factor: float) -> _Atom | None:
    before = _CURRENCY_BEFORE.search(text, max(0, start - 4), start)
    after = _CURRENCY_AFTER.match(text, end)
    money = before or after
    if money is None or money.lastgroup is None:
        return None
    start, end = before.start() if before else start, after.end() if after else end
    return _Atom(start, end, "amount", number, factor, money.lastgroup.upper())


def _counted(text: str, match: re.Match[str], end: int, number: float, factor: float) -> _Atom | None:
    """A number without a unit, or with a measure word; None where a month follows."""
    if _A_DATE_AFTER.match(text, end):
        return None
    measure = _MEASURE.match(text, end)
    kind: Kind = "amount" if number * factor >= 1_000 else "count"
    weak = _needs_a_bound(match, number * factor, measure is not None)
    end, unit = (measure.end(), measure[0]) if measure else (end, "")
    return _Atom(match.start(), end, kind, number, factor, unit, weak=weak)


def _scaled(text: str, end: int, number: float, factor: float) -> tuple[int, float, float]:
    """With "k", "million" and the like behind it."""
    short = _SHORT_SCALE.match(text, end)
    if short and factor == 1:
        return short.end(), number, _SHORT[short[0].strip()]
    word = _WORD_SCALE.match(text, end)
    if word and factor == 1:
        product = 1.0
        for scale in word[0].split():
            product *= _SCALES[scale]
        return word.end(), number, product
    return end, number, factor


def _is_that_long(text: str, start: int, value: float, kind: Kind, said: str) -> bool:
    """Whether a number before a unit of time is a length: 25年 is a year, 3d a form, 上一周 a week and no length."""
    if kind != "days":
        return True
    if said == "d":
        return value > 3
    if said.strip() == "年" and value > 10:
        return False
    return not (value == 1 and _ONE_TIME_BEFORE.search(text, max(0, start - 6), start))


def _year_or_code(text: str, start: int, end: int) -> bool:
    """Digits that may be a year, a date or a telephone number; not behind words that only amounts have."""
    if not re.fullmatch(r"19[89]\d|20(?!00)[0-4]\d|20[0-4]\d{5}|\d{9,}", text[start:end]):
        return False
    money = _CURRENCY_BEFORE.search(text, max(0, start - 4), start) or _CURRENCY_AFTER.match(text, end)
    return not money and not _OF_AMOUNTS_ONLY.search(text, max(0, start - 16), start)


def _needs_a_bound(match: re.Match[str], value: float, measure: bool) -> bool:
    """Words that are numbers among other things (一, 百, "one") count only beside a bound or a measure."""
    if match["digits"] or match["half"] or match["decimal"] or match["round"]:
        return False
    if match["english"]:
        return value < 1_000
    written = match["han"]
    bare_unit = written[0] in "百千万亿"
    return bare_unit or not ((len(written) > 1 and value >= 100) or (measure and value > 1))


# --- fixed forms


@dataclass(frozen=True)
class _Form:
    pattern: re.Pattern[str]
    kind: Kind
    value: Callable[[re.Match[str]], float | None]
    unit: str = ""


def _form(pattern: str, kind: Kind, value: float | Callable[[re.Match[str]], float | None], unit: str = "") -> _Form:
    return _Form(re.compile(pattern), kind, value if callable(value) else lambda match: float(value), unit)


def _said(words: str) -> float | None:
    """A number in digits or Chinese numerals."""
    return float(words) if re.fullmatch(r"\d+(?:\.\d+)?", words) else _chinese(words)


def _paid(match: re.Match[str]) -> float | None:
    """八折, 85折, 8.5折, 七五折: the part of the price that is paid; the discount is the rest."""
    said = "".join(str(_DIGITS.get(character, character)) for character in match[1]).replace("点", ".")
    paid = float(said) / (100 if len(said) == 2 else 10)
    return round(1 - paid, 6) if 0 < paid < 1 else None


def _tenths(match: re.Match[str]) -> float | None:
    whole = _said(match[1])
    part = 0.5 if match[2] == "半" else float(_DIGITS.get(match[2], match[2])) / 10 if match[2] else 0.0
    return round((whole + part) / 10, 6) if whole is not None and 0 < whole <= 10 else None


def _part(match: re.Match[str]) -> float | None:
    whole, part = _said(match["whole"]), _said(match["part"])
    return round(part / whole, 6) if whole and part is not None else None


def _grown(match: re.Match[str]) -> float | None:
    more = _said(match[1])
    return None if more is None else 1 + more


def _doubled_times(match: re.Match[str]) -> float | None:
    times = _said(match[1] or "一")
    return None if times is None or times > 10 else 2**times


_HAN_NUMBER = r"(?:\d{1,9}(?:\.\d{1,6})?|[零一二两三四五六七八九十百千万]{1,12})"
_NO_HALF_YEAR = r"(?<!first )(?<!second )(?<!last )(?<!this )(?<!1st )(?<!2nd )"
_GROWN = r"(?:增长|增加|提高|提升|上升|上涨|涨|多)(?:了|过|出)?\s?"
_FORMS: tuple[_Form, ...] = (
    _form(rf"(?P<whole>百|千|万|{_HAN_NUMBER})分之(?P<part>{_HAN_NUMBER})", "share", _part),
    _form(r"(?<![\d一二三四五六七八九.])(\d(?:\.\d)?|\d{2}|[一二三四五六七八九](?:点?[一二三四五六七八九])?)\s?折"
          r"(?![线返旧合算叠磨腾扣])", "discount", _paid, "折"),
    _form(r"对折|半价|\bhalf price\b", "discount", 0.5, "折"),
    _form(r"\bhalf off\b", "discount", 0.5),
    _form(r"(?<![\d.十百千万几])(\d{1,2}|[一二两三四五六七八九十])\s?成([一二三四五六七八九半\d])?"
          r"(?![交单本功为员长果绩立品效熟型都事见就])", "share", _tenths),
    _form(rf"一半|(?<=[约占过])半数|\bone half\b|{_NO_HALF_YEAR}\bhalf(?= of | the | our | my )", "share", 0.5),
    _form(r"\b(?:a|one) third\b", "share", 0.333333),
    _form(r"\btwo thirds\b|\btwo-thirds\b", "share", 0.666667),
    _form(r"\bthree quarters of\b|\bthree-quarters\b", "share", 0.75),
    _form(r"翻(?:了)?([一二两三四五六七八九\d])?番", "multiple", _doubled_times),
    _form(r"翻(?:了)?一?倍|\bdoubl(?:ed|ing|e)\b|\btwo-?fold\b|\btwice(?= (?:as|the|what|last) )", "multiple", 2),
    _form(rf"翻(?:了)?({_HAN_NUMBER})倍", "multiple", lambda match: _said(match[1])),
    _form(rf"{_GROWN}({_HAN_NUMBER})\s?倍", "multiple", _grown),
    _form(r"\btripl(?:ed|ing|e)\b|\bthree-?fold\b", "multiple", 3),
    _form(r"\bquadrupl(?:ed|ing|e)\b|\bfour-?fold\b", "multiple", 4),
    _form(r"\bhalv(?:ed|ing|e)\b", "multiple", 0.5),
    _form(r"(?<![上下前后每])半年(?![报度])|\bhalf a year\b|\bhalf year\b(?! of)", "days", 180, "month"),
    _form(r"半个月|\bhalf a month\b", "days", 15, "day"),
    _form(r"\ba fortnight\b", "days", 14, "week"),
    *(
        _form(rf"(?<!once )(?<!twice )(?<!times )(?<!half )\ban? {unit}\b(?! ago)", "days", days, unit)
        for unit, days in (("day", 1), ("week", 7), ("month", 30), ("year", 365))
    ),
)  # fmt: skip


# --- two numbers that are the ends of a range

_TO = re.compile(r"\s?(?:-|–|—|~|to|until|到|至)\s?")
_AND = re.compile(r"\s?(?:and|和|与|跟)\s?")
_BETWEEN_BEFORE = re.compile(r"(?:\b(?:in )?between\s|介于|处于|在)\s?\Z")
_FROM_BEFORE = re.compile(r"(?:\bfrom\s|从)\s?\Z")
_BETWEEN_AFTER = re.compile(r"\s?(?:之间|间(?!隔))")


def _with_ranges(text: str, atoms: list[_Atom]) -> list[_Atom]:
    """The atoms, two that make a range as one; what is left beside a hyphen is a date or part of a code."""
    joined: list[_Atom] = []
    at = 0
    while at < len(atoms):
        pair = _range(text, atoms[at], atoms[at + 1]) if at + 1 < len(atoms) else None
        atom = pair or atoms[at]
        at += 2 if pair else 1
        if not _hyphenated(text, atom):
            joined.append(atom)
    return joined


def _range(text: str, low: _Atom, high: _Atom) -> _Atom | None:
    before = _BETWEEN_BEFORE.search(text, max(0, low.start - 12), low.start)
    after = _BETWEEN_AFTER.match(text, high.end)
    said = _AND.fullmatch(text, low.end, high.start) if before or after else None
    sign = _TO.fullmatch(text, low.end, high.start)
    if low.op != "exact" or not (said or sign):
        return None
    value = _low_value(low, high)
    if value is None or value >= high.value:
        return None
    bare = low.plain and high.plain and not low.unit and not high.unit
    if bare and sign and sign[0].strip() in ("-", "–", "—", "~", "") and not before and not after:
        return None
    opened = before or _FROM_BEFORE.search(text, max(0, low.start - 6), low.start)
    return _Atom(
        opened.start() if opened and (opened[0] != "在" or after) else low.start,
        after.end() if after else high.end,
        high.kind if high.kind != "count" else low.kind,
        value,
        unit=high.unit or low.unit,
        op="between",
        high=high.value,
    )


def _low_value(low: _Atom, high: _Atom) -> float | None:
    """The lower end, in the unit of the upper one where it has none of its own: 10-50万, "7 to 14 days"."""
    numbers = ("amount", "count")
    if low.plain and high.kind not in numbers:
        return round(low.number * high.factor, 10)
    shares_its_scale = low.plain or (low.factor in (100, 1_000) and high.factor >= 10_000)
    if shares_its_scale and high.kind in numbers and low.value * high.factor < high.value:
        return round(low.value * high.factor, 10)
    if low.kind == high.kind or (low.kind in numbers and high.kind in numbers):
        return low.value
    return None


def _hyphenated(text: str, atom: _Atom) -> bool:
    """Behind a minus, or with a hyphen and another number after it."""
    return text[atom.start - 1 : atom.start] in ("-", "−", "负") or bool(
        re.match(r"-\d", text[atom.end : atom.end + 2])
    )


# --- the words that set a bound

_BEFORE: dict[Op, str] = {
    "more_than": r"over|above|(?:more|greater|bigger|larger|higher|older|longer) than|"
    r"exceed(?:s|ed|ing)?|in excess of|north of|beyond|>|超过|超出|超|大于|多于|高于|高过|长于|不止|突破|破|逾|过",
    "at_least": r"at least|no less than|no fewer than|a minimum of|minimum(?: of)?|min|starting at|upwards? of|>=|≥|"
    r"至少|最少|起码|不低于|不少于|不小于|不短于|大于等于|大于或等于|满|达到|达",
    "less_than": r"under|below|(?:less|fewer|smaller|lower|shorter|younger) than|short of|<|"
    r"低于|少于|小于|短于|不到|不足|不满|未满|未到|没到|未达|没有?达到",
    "at_most": r"at most|up to|no more than|a maximum of|maximum(?: of)?|max|within|no longer than|no higher than|"
    r"not exceeding|<=|≤|不超过|不超|不高于|不大于|不多于|不长于|最多|至多|顶多|小于等于|小于或等于",
    "about": r"about|around|roughly|approximately|approx\.?|circa|some|nearly|almost|~|"
    r"大约|大概|(?<![预签邀履合违续])约|差不多|将近|接近",
}
_AFTER: dict[Op, str] = {
    "at_least": r"\+(?!\s?\d)|\b(?:(?:or|and) (?:more|above|over|higher|longer|up|upwards?|larger|bigger|older)|plus|"
    r"at least|min(?:imum)?)\b|[及或]?(?:以上|之上)|或更[多高长]|往上|起步?(?![来码])|开外",
    "at_most": r"\b(?:(?:or|and) (?:less|under|below|fewer|lower|shorter|smaller)|at most|max(?:imum)?|tops)\b|"
    r"[及或]?(?:以内|之内|以下|之下)|内(?![部容外])|封顶",
    "about": r"\bor so\b|左右|上下(?!级)",
}
_DENIED: dict[Op, Op] = {
    "more_than": "at_most", "at_least": "less_than", "less_than": "at_least", "at_most": "more_than",
}  # fmt: skip
_OF_THE_REST: dict[Op, Op] = {
    "more_than": "less_than", "at_least": "at_most", "less_than": "more_than", "at_most": "at_least",
}  # fmt: skip
_DENIAL = re.compile(r"(?:\b(?:not|isn't|aren't|wasn't|never|don't)\s|没有|没|未|并不|不会)\Z")
_OPS_BEFORE = re.compile(
    "|".join(rf"(?P<{op}>(?:(?:(?<![a-z])|(?=[^a-z]))(?:{words})))" for op, words in _BEFORE.items()).join(
        (r"(?:", r")\s?(?:a |the )?\Z")
    )
)
_OPS_AFTER = re.compile("|".join(rf"(?P<{op}>{words})" for op, words in _AFTER.items()).join((r"\s?(?:", ")")))
_OF_AMOUNTS_ONLY = re.compile(
    r"(?:(?:more|less|fewer|greater|larger|higher|bigger|lower|smaller) than|at least|at most|[<>≥≤=]|"
    r"超过|大于|高于|低于|小于|不到|至少)\s?\Z"
)
_LONGEST_BOUND = 24


def _bounded(text: str, atom: _Atom) -> Quantity | None:
    """With the bound before and after it; None for a weak number that has none."""
    start, end, op = atom.start, atom.end, atom.op
    if op != "between":
        after = _OPS_AFTER.match(text, end)
        if after:
            end, op = after.end(), _op(after)
        before = _OPS_BEFORE.search(text, max(0, start - _LONGEST_BOUND), start)
        if before and not (before[0].strip() in ("过", "some") and atom.kind not in ("amount", "share")):
            start = before.start()
            said = _op(before)
            denial = _DENIAL.search(text, max(0, start - 8), start)
            if denial and said in _DENIED:
                start, said = denial.start(), _DENIED[said]
            op = said
    if atom.unit == "折":  # what is paid: below 七折 is a discount of more than 30%
        op = _OF_THE_REST.get(op, op)
    if atom.weak and op == "exact":
        return None
    kept = replace(atom, start=start, end=end, op=op)
    return Quantity(start, end, text[start:end], kept.kind, kept.value, op, kept.high, kept.unit)


def _op(match: re.Match[str]) -> Op:
    ops: tuple[Op, ...] = ("more_than", "at_least", "less_than", "at_most", "about")
    return next(op for op in ops if match.groupdict().get(op))
