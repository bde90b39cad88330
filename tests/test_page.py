"""What every engine asks of a document: sentences, dates, quantities, and the sentences masked."""

from __future__ import annotations

from kit import at, document, kit
from support import vocab

from kg.masking import DATE, NUMBER, make_marks
from kg.page import Masker, page_of
from kg.types import Document, Mention, Span

MARKS = make_marks(vocab())
PLACE, LINE = MARKS["Municipality"], MARKS["RailwayLine"]


def views(text: str, *mentions: Mention, masker: Masker | None = None) -> list[str]:
    plain = Masker(MARKS, lambda *_: False, (), frozenset())
    return [view.text for view in (masker or plain).views(document(text), tuple(sorted(mentions)))]


def test_a_page_has_sentences_dates_and_quantities() -> None:
    page = page_of(document("2020年12月27日开通。全长91公里！", "2021-02"))
    assert list(page.sentences) == [Span(0, 14), Span(14, 21)]
    assert [d.value for d in page.dates] == ["2020-12-27"]
    assert [(q.value, q.unit) for q in page.quantities] == [("91", "公里")]


def test_a_page_is_computed_once() -> None:
    doc = document("北京很大。")
    assert page_of(doc) is page_of(Document("other", doc.text, "elsewhere", blocks=doc.blocks))


def test_each_sentence_is_a_view_of_its_own() -> None:
    text = "北京很大。2020年，北京增加3家企业。"
    assert views(text, at(text, "北京", "Municipality"), at(text, "北京", "Municipality", nth=1)) == [
        f"{PLACE}很大。",
        f"{DATE}，{PLACE}增加{NUMBER}企业。",
    ]


def test_only_the_outer_of_nested_names_has_a_mark() -> None:
    text = "北京南站开通。"
    station, city = at(text, "北京南站", "Station"), at(text, "北京", "Municipality")
    assert views(text, station, city) == [f"{MARKS['Station']}开通。"]


def test_a_number_or_date_that_meets_a_name_is_part_of_the_name() -> None:
    text = "《2020年规划》印发，107国道开通。"
    names = (at(text, "2020年规划", "PolicyDocument"), at(text, "107国道", "Road"))
    assert views(text, *names) == [f"《{MARKS['PolicyDocument']}》印发，{MARKS['Road']}开通。"]


def test_of_a_chain_of_names_the_last_stands_for_all() -> None:
    text = "河北省唐山市增长。"
    chain = Masker(MARKS, lambda first, _: first.text == "河北省", (), frozenset())
    province, city = at(text, "河北省", "Province"), at(text, "唐山市", "Prefecture")
    assert views(text, province, city, masker=chain) == [f"{MARKS['Prefecture']}增长。"]
    assert views(text, province, city) == [f"{MARKS['Province']}{MARKS['Prefecture']}增长。"]


def test_words_that_only_repeat_a_name_are_hidden_with_it() -> None:
    text = "京津冀三地签约。"
    tailed = Masker(MARKS, lambda *_: False, ("三地",), frozenset({"Region"}))
    region = at(text, "京津冀", "Region")
    (view,) = tailed.views(document(text), (region,))
    assert view.text == f"{MARKS['Region']}签约。"
    assert view.span(0, 1).of(text) == "京津冀三地"
    assert views(text, at(text, "京津冀", "Municipality"), masker=tailed) == [f"{PLACE}三地签约。"]


def test_a_tail_that_is_a_name_itself_stays() -> None:
    text = "京津冀三地签约。"
    tailed = Masker(MARKS, lambda *_: False, ("三地",), frozenset({"Region"}))
    region, others = at(text, "京津冀", "Region"), at(text, "三地", "Municipality")
    assert views(text, region, others, masker=tailed) == [f"{MARKS['Region']}{PLACE}签约。"]


def test_the_bundled_masker_joins_chains_and_hides_tails() -> None:
    text = "河北省唐山市和天津市、北京市三地签约。"
    named = [at(text, n, "AdministrativeRegion") for n in ("河北省", "唐山市", "天津市", "北京市")]
    (view,) = kit().parts.masker.views(document(text), tuple(named))
    assert [p.span.of(text) for p in view.placed] == ["河北省唐山市", "天津市", "北京市三地"]
