"""The made-up citizens of the demonstration; the sandbox departments know the same ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Person:
    """``level`` is the highest that this person can sign in with."""

    subject: str
    name: str
    about: str
    level: int
    id_no: str = ""
    phone: str = ""

    def claims(self, level: int) -> dict[str, Any]:
        """Return what the provider tells: an account alone (1) says nothing of who its holder is."""
        told: dict[str, Any] = {"name": self.name, "phone_number": self.phone}
        if level >= 2:
            told["id_no"] = self.id_no
        return {name: value for name, value in told.items() if value}


PEOPLE = {
    person.subject: person
    for person in (
        Person("demo-wangxl", "王秀兰", "41 岁，有孩子和父母", 4, "371302198503120021", "13900001234"),
        Person("demo-lijg", "李建国", "38 岁", 3, "371302198806121013", "13900005678"),
        Person("demo-zhanggy", "张桂英", "63 岁，用长辈版", 2, "371322196309210046", "13900002345"),
        Person("demo-chenzy", "陈志远", "36 岁，还没有实名", 1, "371302199008082034", "13900003456"),
    )
}
METHODS = {1: "账号密码", 2: "实名认证", 3: "刷脸认证", 4: "数字证书"}
