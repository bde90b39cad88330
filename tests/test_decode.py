"""Decoding: which encodings are read, and what is said of bytes that are none of them."""

from __future__ import annotations

import codecs

import pytest

from kg.decode import decode
from kg.errors import ReadError

TEXT = "2014年2月26日，京津冀协同发展上升为国家战略。\n三地海关通关一体化改革正式启动。\n"
BIG5 = "京津冀區域經濟發展與協調機制的建立過程中國務院，" * 9


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("gb18030"),
        TEXT.encode("gbk"),
        (TEXT * 4000).encode("gb18030"),
    ],
)
def test_text_is_read_in_every_encoding_of_its_kind(raw: bytes) -> None:
    assert decode(raw, "a.txt").startswith(TEXT)


def test_characters_beyond_gb2312_are_read() -> None:
    text = TEXT + "朱镕基、刘伟姮在𠮷林。"
    assert decode(text.encode("gb18030"), "a.txt") == text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "a.txt: is empty"),
        (b" \n\t\r\n", "a.txt: is empty"),
        (codecs.BOM_UTF8 + b"\n", "a.txt: is empty"),
        (b"%PDF-1.7\n\xe2\xe3", "a.txt: is a PDF, not text; reading PDF comes later"),
        (b"PK\x03\x04rest", "a.txt: is a ZIP archive or an office document"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.txt: is an image"),
        (bytes(range(256)) * 8, "a.txt: is binary (byte 0x00 at offset 0)"),
        (b"\x01\x02\x03text\0\0\0\0more", "a.txt: is binary (byte 0x00 at offset 7)"),
        (BIG5.encode("big5"), "is neither UTF-8 (offset 0) nor UTF-16 nor GB18030"),
        ("Ça été décidé à Pékin, où l'économie a été étudiée".encode("latin-1"), "is neither UTF-8 (offset 0)"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(raw: bytes, said: str) -> None:
    with pytest.raises(ReadError) as caught:
        decode(raw, "a.txt")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "UTF-8"), ("gb18030", "GB18030"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")]
)
def test_an_undecodable_byte_is_named_with_offset_and_line(encoding: str, name: str) -> None:
    head = (TEXT * 3).encode(encoding)
    broken = b"\xff\xff" if encoding != "utf-16" else b"\x00\xdc"
    raw = head + broken + TEXT.encode(encoding.removesuffix("-sig") if encoding != "utf-16" else "utf-16-le")
    with pytest.raises(ReadError) as caught:
        decode(raw, "a.txt")
    assert str(caught.value).startswith(
        f"a.txt:7: byte 0x{broken[0]:02x} at offset {len(head)} cannot be decoded as {name}"
    )


def test_text_cut_in_the_middle_of_a_character_is_refused() -> None:
    raw = TEXT.strip().encode("utf-8")[:-1]
    with pytest.raises(ReadError, match=r"^a\.txt:2: byte 0xe3 at offset \d+ cannot be decoded as UTF-8"):
        decode(raw, "a.txt")
