"""Take the description of a problem out of the sentence that began a report."""

from __future__ import annotations

import re

from knowledge.declaration import ServiceDeclaration

_PLEA = re.compile(
    r"^(我|俺|咱)?(要|想|得)?(投诉|信访|反映|举报|上报|报修|上访|告状)(一下|个)?(事儿?|问题|情况)?$"
    r"|管不管|能不能管|有人管|谁管|怎么办|咋办|找谁|归谁管|给(我|俺)?(解决|处理)|帮(我|俺)?(反映|处理)|你们|恁管"
)
_LEAD = re.compile(
    r"^(同志|闺女|小伙子|你好|您好|喂|那个|就是)*"
    r"(我|俺|咱)?(要|想)?(投诉|反映|举报|上报|报一下|说一下)?(一下|个事儿?)?"
    r"(我|俺|咱)?(们)?(家)?(这儿|这里|这边|这块儿?|门口|楼下|小区|村里|单位|附近)?(的|里)?(有(个)?人)?"
)
_TAIL = re.compile(r"[，,。！!？?、\s]+$|(了|呢|啊|呀|嘛)$")
MINIMUM = 4


def describe(text: str, service: ServiceDeclaration | None = None) -> str | None:
    """Return what is wrong, without address and plea; None when the sentence does not say.

    What stands in the name of the ``service`` itself ("我要反映城市管理问题") says nothing yet.

    >>> describe("我要反映，楼下烧烤摊天天冒黑烟，你们管不管")
    '烧烤摊天天冒黑烟'
    """
    kept: list[str] = []
    for clause in re.split(r"[，,。！!？?；;]", text.strip()):
        clause = clause.strip()
        if not clause or _PLEA.search(clause):
            continue
        kept.append(_TAIL.sub("", _LEAD.sub("", clause)) if not kept else clause)
    description = "，".join(part for part in kept if part)
    if service is not None and any(description in name for name in (service.name, *service.aliases)):
        return None
    return description if len(description) >= MINIMUM else None
