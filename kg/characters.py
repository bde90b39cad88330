"""Characters: one width, no invisible ones, Chinese punctuation among Chinese; never a change of length."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Stands for a character that is left out of the text; it never reaches ``Document.text``.
GONE = "\0"

# All that needs no look at all: news is made of these, and one scan of a regular expression proves it.
_PLAIN = "\n -~㐀-䶿一-鿿。，、；：？！“”‘’（）《》〈〉【】「」『』…—·～"
_ODD = re.compile(f"[^{_PLAIN}]")
_KEPT_WIDE = frozenset("！（），：；？～")  # Chinese punctuation that has an ASCII twin
_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
# Compatibility forms that are the same character: radicals, small, vertical and half-width forms, ideographs.
_FORMS = re.compile("[⺀-⿕豈-\ufaff︐-︙︰-﹫｡-\uffef\U0002f800-\U0002fa1f]")
_SELECTORS = re.compile("[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACE = re.compile("[ \n\0]+")
_QUOTES = {ord(q): plain for plain, shapes in (('"', "“”„‟"), ("'", "‘’‚‛")) for q in shapes}

HAN = "㐀-䶿一-鿿豈-\ufaff〇\U00020000-\U0003fffd"
"""Chinese characters, as the inside of a regular expression's class."""

_ZH = f"{HAN}。，、；：？！“”‘’（）《》〈〉【】「」『』…—"
_WIDER = {"(": "（", ")": "）", ",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "~": "～"}
_NARROW = re.compile("[(),;:?!~\"']")
_BRACKETED = re.compile(rf"\((?=[^()\n]*[{HAN}])([^()\n]*)\)|(?<=[{HAN}])\(([^()\n]*)\)")
_BETWEEN = re.compile(rf"(?<=[{_ZH}])[(),;:?!]|[(),;:?!](?=[{_ZH}])|(?<=[{HAN}\d%])~(?=[{HAN}])|(?<=[{HAN}])~")
_STRAIGHT = re.compile("[\"']")


@lru_cache(maxsize=1 << 16)
def _level(char: str) -> str:
    if char in _BREAKS:
        return "\n"
    category = unicodedata.category(char)
    if char == "\t" or category == "Zs":
        return " "
    point = ord(char)
    if category in {"Cc", "Cf", "Co", "Cs"} or point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        return GONE
    if _SELECTORS.match(char):
        return GONE
    if "！" <= char <= "～":
        return char if char in _KEPT_WIDE else chr(point - 0xFEE0)
    if _FORMS.match(char):
        same = unicodedata.normalize("NFKC", char)
        return same if len(same) == 1 and same != " " else char
    return char


def level(source: str) -> str:
    """The source with one width and one kind of space and line break, and ``GONE`` for what is invisible.

    Position for position: the result is as long as the source. Full-width letters, digits and signs become
    ASCII; Chinese punctuation stays Chinese; private-use, zero-width, control and lone surrogate code points go.

    >>> level("２０１４年６月　ＧＤＰ增长５％\\u200b。")
    '2014年6月 GDP增长5%\\x00。'
    """
    if not _ODD.search(source):
        return source
    if "\r" in source:
        source = source.replace("\r\n", GONE + "\n")
    table = {ord(char): _level(char) for char in set(_ODD.findall(source))}
    return source.translate(table)


def fold(text: str) -> str:
    """The text without white space, width, invisible characters and shape of quotes: for comparison only.

    Every span of a normalised text and the source's characters at that span fold to the same string.
    """
    return unicodedata.normalize("NFKC", _SPACE.sub("", level(text)).translate(_QUOTES))


def widen(text: str) -> str:
    """ASCII punctuation among Chinese as Chinese punctuation, position for position.

    >>> widen('央视网消息(新闻联播):增长1,200家,称"很好".')
    '央视网消息（新闻联播）：增长1,200家，称“很好”.'
    """
    if not _NARROW.search(text):
        return text
    text = _BRACKETED.sub(lambda m: f"（{m[1] if m[1] is not None else m[2]}）", text)
    text = _BETWEEN.sub(lambda m: _WIDER[m[0]], text)
    if _STRAIGHT.search(text):
        text = "\n".join(_curl(line) for line in text.split("\n"))
    return text


_PAIR = {mark: re.compile(f"{mark}([^{mark}]*){mark}") for mark in "\"'"}
_HAN = re.compile(f"[{HAN}]")


def _curl(line: str) -> str:
    """Straight quotes paired, where they are even in number and hold Chinese."""
    for mark, shapes in (('"', "“”"), ("'", "‘’")):
        if line.count(mark) and line.count(mark) % 2 == 0:
            line = _PAIR[mark].sub(lambda m, s=shapes: s[0] + m[1] + s[1] if _HAN.search(m[1]) else m[0], line)  # type: ignore[misc]
    return line
