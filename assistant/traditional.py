"""Simplified words of ours -> Traditional as written in Taiwan."""

from __future__ import annotations

# What OpenCC's phrase table gets wrong or leaves as it is in business Chinese.
_TAIWAN = {
    "許可權": "權限",
    "渠道": "通路",
    "郵箱": "電子郵件",
    "概率": "機率",
    "“": "「",
    "”": "」",
}


def traditional(text: str) -> str:
    """Convert words of ours; never names or quotations, which stay as they stand in the data."""
    from assistant.understanding.normalise import converter

    converted = converter("s2twp").convert(text)
    for before, after in _TAIWAN.items():
        converted = converted.replace(before, after)
    return str(converted)
