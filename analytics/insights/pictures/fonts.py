"""The font a picture is written in: the renderer brings one for Latin script, Chinese needs one of the machine's."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)

LATIN = "Liberation Sans"
"""Comes with vl-convert."""
CJK_PACKAGE = "fonts-noto-cjk"
"""What to install on Debian and Ubuntu where no Chinese font is found."""

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
_FAMILIES = (
    ("NotoSansCJK", "Noto Sans CJK SC"),
    ("NotoSansSC", "Noto Sans SC"),
    ("NotoSansTC", "Noto Sans TC"),
    ("SourceHanSansSC", "Source Han Sans SC"),
    ("SourceHanSans", "Source Han Sans SC"),
    ("PingFang", "PingFang SC"),
    ("Hiragino Sans GB", "Hiragino Sans GB"),
    ("msyh", "Microsoft YaHei"),
    ("wqy-microhei", "WenQuanYi Micro Hei"),
    ("wqy-zenhei", "WenQuanYi Zen Hei"),
    ("DroidSansFallback", "Droid Sans Fallback"),
    ("STHeiti", "Heiti SC"),
    ("simhei", "SimHei"),
)  # how the file's name starts, best first, and the family in it


def cjk_font() -> str | None:
    """The family of an installed font that has Chinese, None where there is none."""
    found = _installed()
    return found[0] if found else None


def family_for(words: Iterable[str]) -> str:
    """The font family for these words; Chinese without a font for it is logged."""
    if not any(is_cjk(character) for text in words for character in text):
        return LATIN
    found = _installed()
    if found is None:
        log.warning("no Chinese font is installed, so charts show boxes instead of it; install %s", CJK_PACKAGE)
        return LATIN
    family, folder = found
    _register(folder)
    return family


def is_cjk(character: str) -> bool:
    """Whether a character is Chinese script or its punctuation: a full square in print."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff01" <= character <= "\uff60"


@cache
def _installed() -> tuple[str, Path] | None:
    files = [file for folder in _FOLDERS for file in _font_files(Path(folder).expanduser())]
    for start, family in _FAMILIES:
        for file in files:
            if file.name.startswith(start):
                return family, file.parent
    return None


def _font_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in (".ttc", ".otf", ".ttf"))


@cache
def _register(folder: Path) -> None:
    """The renderer knows the system's folders by itself, those of a user only when told."""
    import vl_convert

    vl_convert.register_font_directory(str(folder))
