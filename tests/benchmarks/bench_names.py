"""What names cost: finding them among 50,000 customers.

Run by `make bench`. Names are generated here, half Chinese, half English; prints one run's figures.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from analytics.accounts import CustomerName
from analytics.organisation import Rep
from assistant.understanding.naming import NameIndex
from assistant.understanding.normalise import normalise

CUSTOMERS = 50_000
QUESTIONS = 1_000
_PAGE = 4096
_STEMS = "恒瑞锐华泰盛鑫达宏远创信德明博科凯立正安诚腾新联海天润金嘉佳汇源通美富长东永顺祥力宇飞鹏龙骏辉煌利隆兴旺昌茂裕丰和亿众邦民康健益生百川云山峰林森清雅文思智慧启航卓越优品冠"
_CITIES = (
    "苏州",
    "杭州",
    "上海",
    "南京",
    "宁波",
    "合肥",
    "无锡",
    "深圳",
    "广州",
    "东莞",
    "佛山",
    "厦门",
    "北京",
    "天津",
    "青岛",
    "大连",
    "成都",
    "重庆",
    "西安",
)
_TRADES = (
    "汽配",
    "电子",
    "微电子",
    "化工",
    "新材料",
    "食品",
    "乳业",
    "药业",
    "生物科技",
    "纺织",
    "机械",
    "重工",
    "物流",
    "供应链",
    "能源",
    "光伏",
    "建材",
)
_FORMS = ("有限公司", "科技有限公司", "股份有限公司", "集团有限公司", "实业有限公司")
_SYLLABLES = (
    "ba",
    "ke",
    "lo",
    "ri",
    "san",
    "ten",
    "vo",
    "mar",
    "del",
    "fin",
    "gro",
    "hel",
    "jun",
    "kor",
    "lim",
    "nex",
    "pra",
    "qui",
    "ros",
)
_ENGLISH_TRADES = (
    "Foods",
    "Dairy",
    "Pharma",
    "Biotech",
    "Tools",
    "Motors",
    "Solar",
    "Logistics",
    "Chemicals",
    "Apparel",
    "Dyeing",
)
_ENGLISH_FORMS = ("Ltd", "Co., Ltd", "GmbH", "Group", "Inc.")
_REPS = (
    "张伟",
    "张玮",
    "王芳",
    "刘洋",
    "陈静",
    "周思远",
    "欧阳雪",
    "李静",
    "李婧",
    "Anna Schmidt",
    "Anna Ivanova",
    "Marco Rossi",
    "Kevin Chen",
)


def main() -> None:
    measure_names()


def measure_names() -> None:
    """Building the index of names, its memory, and each kind of question."""
    customers = companies(CUSTOMERS)
    reps = colleagues()
    normalise("預熱")  # the converter's own start is not the index's
    before = _resident()
    index = NameIndex(customers, reps)
    began = time.perf_counter()
    index.prepare()
    prepared = time.perf_counter() - began
    resident = _resident() - before
    seconds = []
    for _ in range(3):
        gc.collect()
        began = time.perf_counter()
        NameIndex(customers, reps)
        seconds.append(time.perf_counter() - began)
    print(f"names of {CUSTOMERS:,} customers and {len(reps)} colleagues")
    print(f"  built in                                   {min(seconds):6.2f} s   (target: 0.7 s)")
    print(f"  made ready for slips of the pen in         {prepared:6.2f} s   (once, when first needed)")
    print(f"  resident memory                            {resident:6.0f} MB  (target: 150 MB)")
    print(f"  allocated by Python                        {_allocated(lambda: _ready(customers, reps)):6.0f} MB")
    print(f"\n{QUESTIONS:,} questions each                        p50 ms   p99 ms  right")
    for kind, asked in questions(customers).items():
        _show(kind, index, asked)


def colleagues() -> list[Rep]:
    """Invented colleagues, some of one surname."""
    return [Rep(f"R{number:03}", name, None, True) for number, name in enumerate(_REPS)]


def companies(count: int, seed: int = 1) -> list[CustomerName]:
    """Invented customers: Chinese and English in turn, two aliases each, every fiftieth a branch of the one before it."""
    chance = random.Random(seed)
    made: list[CustomerName] = []
    for number in range(count):
        customer_id = f"C{number:05}"
        head = made[-2] if number % 50 == 49 else None
        if head is not None:
            city = chance.choice(_CITIES)
            made.append(CustomerName(customer_id, f"{head.aliases[0]}{city}分公司", head.aliases[:1], head.customer_id))
        elif number % 2:
            stem, city, trade = "".join(chance.sample(_STEMS, 2)), chance.choice(_CITIES), chance.choice(_TRADES)
            name = city + stem + trade + chance.choice(_FORMS)
            made.append(CustomerName(customer_id, name, (city + stem, stem + trade)))
        else:
            first = "".join(chance.sample(_SYLLABLES, chance.choice((2, 3)))).title()
            second, trade = "".join(chance.sample(_SYLLABLES, 2)).title(), chance.choice(_ENGLISH_TRADES)
            name = f"{first} {second} {trade} {chance.choice(_ENGLISH_FORMS)}"
            made.append(CustomerName(customer_id, name, (f"{first} {second}", f"{first} {trade}")))
    return made


Asked = tuple[str, list[tuple[int, int]], str]  # the question, what nothing else reads, the customer meant


def questions(customers: list[CustomerName], seed: int = 2) -> dict[str, list[Asked]]:
    """By kind: names as registered, short names, no name, slips of the pen in both scripts."""
    chance = random.Random(seed)
    some = chance.sample(customers, 2 * QUESTIONS)
    english = [one for one in some if one.name.isascii()][:QUESTIONS]
    chinese = [one for one in some if not one.name.isascii()][:QUESTIONS]
    either = [*english[: QUESTIONS // 2], *chinese[: QUESTIONS // 2]]
    return {
        "registered name": [_asked(one.name, one, unread=False) for one in either],
        "short name": [_asked(one.aliases[0], one, unread=False) for one in either],
        "no name": [(normalise(text), [], "") for text in _NAMELESS * (QUESTIONS // len(_NAMELESS))],
        "slip, English": [_asked(_slipped(one.name, chance), one, unread=True) for one in english],
        "slip, Chinese": [_asked(_slipped(one.name, chance), one, unread=True) for one in chinese],
        "no name, unread words": [
            (text, [(0, len(text))], "") for text in map(normalise, _UNREAD * (QUESTIONS // len(_UNREAD)))
        ],
        "a long question": [(normalise(text), [], "") for text in ["，".join(_NAMELESS * 12)[:2_000]] * 100],
    }


_NAMELESS = (
    "revenue by region last week", "上个月华东的毛利率环比是多少", "which leads should my team call today", "每周新增线索趋势",
    "top 5 reps by won amount this quarter",
)  # fmt: skip
_UNREAD = (
    "what is the weather like tomorrow",
    "明天深圳会不会下雨呢",
    "tell me a joke about penguins",
    "员工满意度调查结果",
)


def _asked(name: str, one: CustomerName, *, unread: bool) -> Asked:
    name = normalise(name)
    before, after = ("revenue of ", " last week") if name.isascii() else ("上个月", "的回款")
    return before + name + after, [(len(before), len(before) + len(name))] if unread else [], one.customer_id


def _slipped(name: str, chance: random.Random) -> str:
    """One character wrong, missing or doubled, not in the legal form."""
    at = chance.randrange(1, max(2, len(name) - 7))
    wrong = chance.choice("aeiounrst") if name.isascii() else chance.choice(_STEMS)
    return name[:at] + chance.choice((wrong, "", 2 * name[at])) + name[at + 1 :]


def _show(kind: str, index: NameIndex, asked: list[Asked]) -> None:
    seconds, right = [], 0
    for text, free, customer_id in asked:
        began = time.perf_counter()
        hits = index.found(text, free or None)
        seconds.append(time.perf_counter() - began)
        longest = max(hits, key=lambda hit: hit.end - hit.start, default=None)
        concepts = longest.concepts if longest else ()
        right += f"value:customer:{customer_id}" in concepts if customer_id else not concepts
    p99 = sorted(seconds)[int(len(seconds) * 0.99)] * 1000
    print(f"  {kind:<38} {statistics.median(seconds) * 1000:8.2f} {p99:8.2f}  {right / len(asked):5.1%}")


def _ready(customers: list[CustomerName], reps: list[Rep]) -> NameIndex:
    index = NameIndex(customers, reps)
    index.prepare()
    return index


def _allocated(make: Callable[[], object]) -> float:
    gc.collect()
    tracemalloc.start()
    made = make()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del made
    return size / 1e6


def _resident() -> float:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6


if __name__ == "__main__":
    main()
