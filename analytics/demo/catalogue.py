"""What the company sells and the channels its leads come through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.demo.days import Floats, Ints
from analytics.demo.frames import as_texts, ids, loaded

REGIONS = ("East", "South", "North", "West")
REGION_SHARE = (0.375, 0.325, 0.15, 0.15)
INDUSTRIES = (
    "Automotive", "Electronics", "Chemicals", "Food", "Pharma", "Textiles", "Machinery", "Logistics", "Energy",
    "Construction",
)  # fmt: skip
INDUSTRY_SHARE = (0.16, 0.17, 0.09, 0.09, 0.07, 0.09, 0.14, 0.07, 0.06, 0.06)
SIZES = ("S", "M", "L", "XL")
SIZE_SHARE = (0.45, 0.33, 0.16, 0.06)


@dataclass(frozen=True)
class Product:
    """One product; `deal_weight` is how often a deal is about it, `reorder_weight` how often it is ordered again."""

    name: str
    category: str
    list_price: float
    unit_cost: float
    deal_weight: float
    reorder_weight: float


PRODUCTS = (
    Product("X500 Control System 控制系统", "Controllers", 98_000, 51_000, 0.38, 0),
    Product("X300 Control System 控制系统", "Controllers", 42_000, 22_300, 0.12, 0),
    Product("X100 Compact Controller 紧凑型控制器", "Controllers", 16_000, 8_600, 0.11, 0),
    Product("G20 Industrial Gateway 工业网关", "Controllers", 9_800, 5_300, 0.09, 0),
    Product("V700 Vision Station 视觉检测站", "Vision", 76_000, 41_800, 0.04, 0),
    Product("M400 Motion Drive 运动驱动器", "Drives", 24_000, 13_400, 0.10, 0),
    Product("Insight Cloud 云平台", "Software", 36_000, 7_900, 0.08, 0),
    Product("Insight Edge 边缘软件", "Software", 18_000, 3_900, 0.07, 0),
    Product("Line Retrofit 产线改造", "Services", 58_000, 39_000, 0.05, 0),
    Product("Commissioning 调试服务", "Services", 12_000, 7_800, 0.04, 0),
    Product("S100 Pressure Sensor 压力传感器", "Sensors", 680, 370, 0, 0.11),
    Product("S200 Temperature Sensor 温度传感器", "Sensors", 420, 220, 0, 0.10),
    Product("S300 Flow Sensor 流量传感器", "Sensors", 1_350, 760, 0, 0.08),
    Product("S400 Level Sensor 液位传感器", "Sensors", 980, 540, 0, 0.07),
    Product("S500 Vibration Sensor 振动传感器", "Sensors", 1_780, 960, 0, 0.06),
    Product("S600 Gas Sensor 气体传感器", "Sensors", 2_200, 1_240, 0, 0.05),
    Product("Cable Kit 线缆套件", "Spare parts", 160, 82, 0, 0.12),
    Product("Power Module 电源模块", "Spare parts", 890, 505, 0, 0.09),
    Product("Relay Pack 继电器组", "Spare parts", 310, 168, 0, 0.08),
    Product("Filter Set 滤芯套装", "Spare parts", 240, 118, 0, 0.08),
    Product("Display Panel 显示面板", "Spare parts", 1_480, 850, 0, 0.04),
    Product("Care Plan 保养计划", "Services", 2_600, 1_350, 0, 0.04),
    Product("Calibration 校准服务", "Services", 900, 520, 0, 0.04),
    Product("Training Day 培训日", "Services", 1_900, 980, 0, 0.02),
    Product("Extra Seat 软件席位", "Software", 1_500, 260, 0, 0.02),
)
PRODUCT_IDS = ids("PR", len(PRODUCTS), 2)
LIST_PRICE: Floats = np.array([product.list_price for product in PRODUCTS], dtype=np.float64)
UNIT_COST: Floats = np.array([product.unit_cost for product in PRODUCTS], dtype=np.float64)
DEAL_WEIGHT: Floats = np.array([product.deal_weight for product in PRODUCTS])
REORDER_WEIGHT: Floats = np.array([product.reorder_weight for product in PRODUCTS])
FLAGSHIP = 0


@dataclass(frozen=True)
class Channel:
    """One way leads come in.

    `lead_share` is its share of all leads. Channels that cost money have a mean spend a day (CNY, at scale 1) and
    a response: what is spent is carried over (`carry_over` of it to the next day) and saturates as
    spend**shape / (half**shape + spend**shape), where `half` is `half_at` times the channel's mean spend.
    """

    name: str
    kind: str
    lead_share: float
    reorder_share: float
    spend_per_day: float = 0.0
    carry_over: float = 0.0
    half_at: float = 1.0
    shape: float = 1.0


CHANNELS = (
    Channel("Search", "paid", 0.20, 0.02, 15_600, 0.30, 1.0, 1.6),
    Channel("Social", "paid", 0.12, 0.01, 10_100, 0.50, 0.6, 1.3),
    Channel("Display", "paid", 0.06, 0.005, 7_800, 0.60, 0.2, 1.2),
    Channel("WeChat", "organic", 0.10, 0.24),
    Channel("Website", "organic", 0.11, 0.30),
    Channel("Referral", "organic", 0.07, 0.06),
    Channel("Partner", "partner", 0.08, 0.02, 6_700, 0.80, 1.6, 1.4),
    Channel("Distributor", "partner", 0.04, 0.02, 3_300, 0.80, 1.0, 1.0),
    Channel("Trade show", "event", 0.06, 0.005, 8_900, 0.85, 0.8, 1.2),
    Channel("Webinar", "event", 0.04, 0.005, 3_300, 0.70, 0.7, 1.3),
    Channel("Cold call", "outbound", 0.08, 0.15),
    Channel("Email outreach", "outbound", 0.04, 0.06),
)
CHANNEL_IDS = ids("CH", len(CHANNELS), 2)
CHANNEL_NAMES = tuple(channel.name for channel in CHANNELS)
KINDS = ("paid", "organic", "partner", "event", "outbound")
KIND_OF_CHANNEL: Ints = np.array([KINDS.index(channel.kind) for channel in CHANNELS], dtype=np.int64)
SPENDING = tuple(code for code, channel in enumerate(CHANNELS) if channel.spend_per_day > 0)
SEARCH = CHANNEL_NAMES.index("Search")
TRADE_SHOW = CHANNEL_NAMES.index("Trade show")


def products_table() -> pd.DataFrame:
    """The products."""
    return loaded(
        "products", product_id=PRODUCT_IDS, name=as_texts([product.name for product in PRODUCTS]),
        category=as_texts([product.category for product in PRODUCTS]), list_price=LIST_PRICE, unit_cost=UNIT_COST,
    )  # fmt: skip


def channels_table() -> pd.DataFrame:
    """The channels."""
    return loaded(
        "channels", channel_id=CHANNEL_IDS, name=as_texts(CHANNEL_NAMES),
        kind=as_texts([channel.kind for channel in CHANNELS]),
    )  # fmt: skip
