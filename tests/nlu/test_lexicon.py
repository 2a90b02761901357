"""Check the lexicon: loading, segmentation and pinyin."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from nlu.lexicon import Lexicon, Term
from nlu.pinyin import initials, sound_keys, split_pinyin, syllables


def test_holds_enough_terms(lexicon: Lexicon) -> None:
    assert len(lexicon.terms) >= 600
    assert lexicon.get("社保卡") == Term("社保卡", "topic")
    assert "兰山区" in lexicon


def test_loads_extra_terms(tmp_path: Path) -> None:
    extra = tmp_path / "extra.tsv"
    extra.write_text("# ours\n琅琊码\tservice\n", encoding="utf-8")
    lexicon = Lexicon.load([extra])
    assert "琅琊码" in lexicon
    assert lexicon.segment("怎么申请琅琊码")[-1] == "琅琊码"


def test_names_the_file_with_a_bad_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.tsv"
    bad.write_text("没有种类\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.tsv"):
        Lexicon.load([bad])


def test_segmentation_keeps_every_character(lexicon: Lexicon) -> None:
    text = "我要查 公积金余额，ABC 123！"
    assert "".join(lexicon.segment(text)) == text
    assert "公积金" in lexicon.segment("公积金余额")


def test_is_safe_between_threads() -> None:
    fresh = Lexicon.load([])
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: tuple(fresh.segment("社保卡怎么办")), range(16)))
    assert len(set(results)) == 1


def test_pinyin() -> None:
    assert syllables("银行") == ("yin", "hang")
    assert initials(syllables("社保卡")) == "sbk"
    assert sound_keys(("zhang", "ren")) == sound_keys(("zan", "yin"))
    assert split_pinyin("shebaoka") == ("she", "bao", "ka")
    assert split_pinyin("xyzzy") is None
