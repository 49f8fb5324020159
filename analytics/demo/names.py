"""Invented names of companies and people, Chinese and English, from components; any likeness is chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.demo.catalogue import INDUSTRIES, REGIONS
from analytics.demo.days import Flags, Ints, Texts
from analytics.demo.frames import as_texts, pick, some

CITIES = {
    "East": (("苏州", "Suzhou"), ("杭州", "Hangzhou"), ("上海", "Shanghai"), ("南京", "Nanjing"), ("宁波", "Ningbo"),
             ("合肥", "Hefei"), ("无锡", "Wuxi")),
    "South": (("深圳", "Shenzhen"), ("广州", "Guangzhou"), ("东莞", "Dongguan"), ("佛山", "Foshan"),
              ("厦门", "Xiamen"), ("南宁", "Nanning"), ("珠海", "Zhuhai")),
    "North": (("北京", "Beijing"), ("天津", "Tianjin"), ("青岛", "Qingdao"), ("大连", "Dalian"), ("沈阳", "Shenyang"),
              ("济南", "Jinan"), ("太原", "Taiyuan")),
    "West": (("成都", "Chengdu"), ("重庆", "Chongqing"), ("西安", "Xi'an"), ("昆明", "Kunming"), ("兰州", "Lanzhou"),
             ("贵阳", "Guiyang"), ("乌鲁木齐", "Urumqi")),
}  # fmt: skip
CITIES_PER_REGION = 7
_ALL_CITIES = [city for region in REGIONS for city in CITIES[region]]
CITY_ZH = as_texts([zh for zh, _ in _ALL_CITIES])
CITY_EN = as_texts([en for _, en in _ALL_CITIES])

STEMS = (
    ("恒", "Heng"), ("瑞", "Rui"), ("锐", "Rui"), ("华", "Hua"), ("泰", "Tai"), ("盛", "Sheng"), ("鑫", "Xin"),
    ("达", "Da"), ("宏", "Hong"), ("远", "Yuan"), ("创", "Chuang"), ("信", "Xin"), ("德", "De"), ("明", "Ming"),
    ("博", "Bo"), ("科", "Ke"), ("凯", "Kai"), ("立", "Li"), ("正", "Zheng"), ("安", "An"), ("诚", "Cheng"),
    ("腾", "Teng"), ("新", "Xin"), ("联", "Lian"), ("海", "Hai"), ("天", "Tian"), ("润", "Run"), ("金", "Jin"),
    ("嘉", "Jia"), ("佳", "Jia"), ("汇", "Hui"), ("源", "Yuan"), ("通", "Tong"), ("美", "Mei"), ("富", "Fu"),
    ("长", "Chang"), ("东", "Dong"), ("永", "Yong"), ("顺", "Shun"), ("祥", "Xiang"),
)  # fmt: skip
STEM_ZH = as_texts([zh for zh, _ in STEMS])
STEM_LATIN = as_texts([latin for _, latin in STEMS])
TRADES = {
    "Automotive": (("汽配", "Auto Parts"), ("汽车部件", "Automotive"), ("车业", "Motor Works")),
    "Electronics": (("电子", "Electronics"), ("微电子", "Microsystems"), ("光电", "Photonics")),
    "Chemicals": (("化工", "Chemicals"), ("新材料", "Advanced Materials"), ("涂料", "Coatings")),
    "Food": (("食品", "Foods"), ("乳业", "Dairy"), ("饮料", "Beverages")),
    "Pharma": (("药业", "Pharma"), ("生物科技", "Biotech"), ("医疗器械", "Medical Devices")),
    "Textiles": (("纺织", "Textiles"), ("服饰", "Apparel"), ("印染", "Dyeing")),
    "Machinery": (("机械", "Machinery"), ("重工", "Heavy Industries"), ("精密工具", "Tools")),
    "Logistics": (("物流", "Logistics"), ("供应链", "Supply Chain"), ("仓储", "Warehousing")),
    "Energy": (("能源", "Energy"), ("电力设备", "Power Equipment"), ("光伏", "Solar")),
    "Construction": (("建设", "Construction"), ("建材", "Building Materials"), ("钢构", "Steelworks")),
}  # fmt: skip
TRADES_PER_INDUSTRY = 3
_ALL_TRADES = [trade for industry in INDUSTRIES for trade in TRADES[industry]]
TRADE_ZH = as_texts([zh for zh, _ in _ALL_TRADES])
TRADE_EN = as_texts([en for _, en in _ALL_TRADES])
SUFFIX_ZH = as_texts(["有限公司", "科技有限公司", "股份有限公司", "集团有限公司", "实业有限公司"])
SUFFIX_EN = as_texts(["Ltd", "Co., Ltd", "GmbH", "Group", "Inc."])
ENGLISH_FIRST = as_texts([
    "Harbor", "North", "Silver", "Red", "Lake", "Iron", "Summit", "River", "Maple", "Cedar", "Bright", "Stone",
    "Blue", "Golden", "Pacific", "Orient", "Delta", "Falcon", "Granite", "Lotus", "Amber", "Crane", "Jade", "Pine",
])  # fmt: skip
ENGLISH_SECOND = as_texts([
    "", " Bridge", " Gate", " Peak", " Field", " Bay", " Line", " Point", " Ridge", " Star", " Wing", " Valley",
    " Cross", " Forge", " Haven", " Crest",
])  # fmt: skip

SURNAMES = (
    ("王", "Wang"), ("李", "Li"), ("张", "Zhang"), ("刘", "Liu"), ("陈", "Chen"), ("杨", "Yang"), ("赵", "Zhao"),
    ("黄", "Huang"), ("周", "Zhou"), ("吴", "Wu"), ("徐", "Xu"), ("孙", "Sun"), ("胡", "Hu"), ("朱", "Zhu"),
    ("高", "Gao"), ("林", "Lin"), ("何", "He"), ("郭", "Guo"), ("马", "Ma"), ("罗", "Luo"), ("梁", "Liang"),
    ("宋", "Song"), ("郑", "Zheng"), ("谢", "Xie"), ("韩", "Han"), ("唐", "Tang"), ("冯", "Feng"), ("欧阳", "Ouyang"),
)  # fmt: skip
GIVEN = (
    ("伟", "Wei"), ("玮", "Wei"), ("敏", "Min"), ("静", "Jing"), ("丽", "Li"), ("强", "Qiang"), ("磊", "Lei"),
    ("军", "Jun"), ("洋", "Yang"), ("勇", "Yong"), ("艳", "Yan"), ("杰", "Jie"), ("娟", "Juan"), ("涛", "Tao"),
    ("超", "Chao"), ("秀兰", "Xiulan"), ("霞", "Xia"), ("平", "Ping"), ("刚", "Gang"), ("桂英", "Guiying"),
    ("晓明", "Xiaoming"), ("志强", "Zhiqiang"), ("雪梅", "Xuemei"), ("建国", "Jianguo"), ("思远", "Siyuan"),
    ("子涵", "Zihan"), ("雨桐", "Yutong"), ("嘉怡", "Jiayi"), ("浩然", "Haoran"), ("海燕", "Haiyan"),
)  # fmt: skip
FIRST_NAMES = as_texts([
    "Emma", "Liam", "Sofia", "Noah", "Priya", "Omar", "Hannah", "Lucas", "Mei", "Daniel", "Anna", "Tom", "Yuki",
    "Carlos", "Fatima", "James", "Ingrid", "Ravi", "Julia", "Peter", "Nadia", "Victor", "Grace", "Samuel",
])  # fmt: skip
LAST_NAMES = as_texts([
    "Harris", "Schmidt", "Rossi", "Tanaka", "Patel", "Kim", "Okafor", "Silva", "Novak", "Larsen", "Moreau", "Chan",
    "Ivanova", "Garcia", "Walker", "Nguyen", "Haddad", "O'Brien", "Lindqvist", "Fischer", "Tan", "Wright",
])  # fmt: skip

CHINESE_SHARE = 0.72


@dataclass(frozen=True)
class Companies:
    """Company names as components; a row is one company."""

    chinese: Flags
    city: Ints
    trade: Ints
    first: Ints
    second: Ints
    suffix: Ints

    def take(self, rows: Ints | Flags) -> Companies:
        """Some of them."""
        return Companies(
            chinese=self.chinese[rows], city=self.city[rows], trade=self.trade[rows], first=self.first[rows],
            second=self.second[rows], suffix=self.suffix[rows],
        )  # fmt: skip

    @property
    def full(self) -> Texts:
        """The registered name: 苏州恒瑞汽配有限公司, Harbor Gate Tools Ltd."""
        chinese = self._short_zh + TRADE_ZH[self.trade] + SUFFIX_ZH[self.suffix]
        return self._either(chinese, self._english + " " + SUFFIX_EN[self.suffix])

    @property
    def short(self) -> Texts:
        """What people say: 苏州恒瑞, Harbor Gate."""
        english = ENGLISH_FIRST[self.first % len(ENGLISH_FIRST)] + ENGLISH_SECOND[self.second % len(ENGLISH_SECOND)]
        return self._either(self._short_zh, english)

    @property
    def latin(self) -> Texts:
        """The name in Latin letters: Hengrui Auto Parts, Harbor Gate Tools."""
        stem = STEM_LATIN[self.first] + _lower(STEM_LATIN)[self.second]
        return self._either(stem + " " + TRADE_EN[self.trade], self._english)

    @property
    def domain(self) -> Texts:
        """A domain that exists nowhere."""
        zh = _lower(STEM_LATIN)[self.first] + _lower(STEM_LATIN)[self.second]
        first, second = _lower(ENGLISH_FIRST), _lower(ENGLISH_SECOND)
        english = first[self.first % len(first)] + second[self.second % len(second)]
        return self._either(zh + ".example", english + ".example")

    def branch(self, city: Ints) -> Texts:
        """The name of a subsidiary of this company in a city."""
        english = self._english + " (" + CITY_EN[city] + ") " + SUFFIX_EN[self.suffix]
        return self._either(self._short_zh + TRADE_ZH[self.trade] + CITY_ZH[city] + "分公司", english)

    def _either(self, chinese: Texts, english: Texts) -> Texts:
        return np.where(self.chinese, chinese, english)

    @property
    def _short_zh(self) -> Texts:
        short: Texts = CITY_ZH[self.city] + STEM_ZH[self.first] + STEM_ZH[self.second]
        return short

    @property
    def _english(self) -> Texts:
        first = ENGLISH_FIRST[self.first % len(ENGLISH_FIRST)]
        name: Texts = first + ENGLISH_SECOND[self.second % len(ENGLISH_SECOND)] + " " + TRADE_EN[self.trade]
        return name


def _lower(names: Texts) -> Texts:
    return as_texts([name.lower().replace(" ", "").replace("'", "") for name in names])


def draw_companies(rng: np.random.Generator, industry: Ints, region: Ints) -> Companies:
    """One invented company for each industry and region."""
    count = len(industry)
    first = rng.integers(0, len(STEMS), count)
    second = (first + rng.integers(1, len(STEMS), count)) % len(STEMS)  # never the same character twice
    return Companies(
        chinese=some(rng, CHINESE_SHARE, count),
        city=region * CITIES_PER_REGION + pick(rng, (0.24, 0.2, 0.18, 0.13, 0.1, 0.09, 0.06), count),
        trade=industry * TRADES_PER_INDUSTRY + rng.integers(0, TRADES_PER_INDUSTRY, count),
        first=first, second=second, suffix=pick(rng, (0.45, 0.25, 0.12, 0.08, 0.10), count),
    )  # fmt: skip


def draw_people(rng: np.random.Generator, count: int) -> tuple[Texts, Texts]:
    """Names of contacts, most of them Chinese, and the same in Latin letters for an e-mail address."""
    surname, given = rng.integers(0, len(SURNAMES), count), rng.integers(0, len(GIVEN), count)
    first, last = rng.integers(0, len(FIRST_NAMES), count), rng.integers(0, len(LAST_NAMES), count)
    chinese = some(rng, CHINESE_SHARE, count)
    zh = as_texts([zh for zh, _ in SURNAMES])[surname] + as_texts([zh for zh, _ in GIVEN])[given]
    latin_zh = (
        as_texts([x.lower() for _, x in GIVEN])[given] + "." + as_texts([x.lower() for _, x in SURNAMES])[surname]
    )
    latin_en = _lower(FIRST_NAMES)[first] + "." + _lower(LAST_NAMES)[last]
    return np.where(chinese, zh, FIRST_NAMES[first] + " " + LAST_NAMES[last]), np.where(chinese, latin_zh, latin_en)
