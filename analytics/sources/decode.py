"""The bytes of an export -> its text, in whatever encoding a sales system or Excel wrote it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from analytics.sources.errors import SourceError

_EXCEL = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Decoded:
    """A file's text, with the NUL characters and undecodable bytes it held counted."""

    text: str
    encoding: str
    nuls: int
    damaged: int


def decode(path: Path, encoding: str | None = None) -> Decoded:
    """The text of `path`; raises SourceError when it is empty, a workbook, or no text."""
    content = _bytes(path)
    if not content.strip():
        raise SourceError(f"{path.name} is empty.", f"{path.name} 是空文件。")
    if content.startswith(_EXCEL):
        raise SourceError(
            f"{path.name} is an Excel workbook or an archive; save it as CSV (UTF-8) first.",
            f"{path.name} 是 Excel 工作簿或压缩包，请先另存为 CSV（UTF-8）。",
        )
    text, found, damaged = _text(path, content, encoding)
    nuls = text.count("\0")
    if nuls > len(text) // 20 + 100:
        raise SourceError(
            f"{path.name} is not a text file: it is full of NUL bytes. Is it UTF-16? Save it as UTF-8.",
            f"{path.name} 不是文本文件：其中充满 NUL 字节。若为 UTF-16，请另存为 UTF-8。",
        )
    return Decoded(text.replace("\0", ""), found, nuls, damaged)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SourceError(f"{path} cannot be read: {why}.", f"无法读取 {path}：{why}。") from error


def _text(path: Path, content: bytes, encoding: str | None) -> tuple[str, str, int]:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for name in [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if name != "gb18030" or encoding or not _mostly_utf8(content):
            return text, name, 0
    if not encoding and _mostly_utf8(content):
        text = content.decode("utf-8", errors="replace")
        return text, "utf-8", text.count("\ufffd")
    tried = encoding or marked or "UTF-8, UTF-16, GB18030"
    raise SourceError(
        f"The encoding of {path.name} is not recognised (tried {tried}); name it in the mapping, as in "
        "'encoding: cp1252', or save the file as UTF-8.",
        f"无法识别 {path.name} 的编码（已尝试 {tried}）；请在映射中写明，例如 encoding: cp1252，或另存为 UTF-8。",
    )


def _mostly_utf8(content: bytes) -> bool:
    """A UTF-8 text with a few damaged bytes, rather than a text in another encoding."""
    text = content.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    sound = sum(1 for character in text if character > "\x7f") - damaged
    return sound > 20 * damaged
