from __future__ import annotations

import pytest

from wenban.masking import mask, mask_name


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的身份证11010519491231002X", "我的身份证110105********002X"),
        ("身份证是110105491231002。", "身份证是110105******002。"),
        ("打13812345678找我", "打138****5678找我"),
        ("卡号6222021234567890123", "卡号6222********0123"),
        ("电话一三八一二三四五六七八", "电话＊＊＊＊＊＊＊＊＊＊＊"),
        ("打12345问问", "打12345问问"),
        ("受理编号20260101", "受理编号20260101"),
        ("交三百二十块", "交三百二十块"),
        ("", ""),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_masking_twice_changes_nothing() -> None:
    once = mask("打13812345678，身份证11010519491231002X")
    assert mask(once) == once


@pytest.mark.parametrize(("name", "masked"), [("王小明", "王**"), ("李四", "李*"), ("赵", "赵*")])
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked
