"""Find places: county, street, road, crossing, village, estate, building; joined into one string."""

import re
from functools import cache

from nlu.entities.types import Message
from nlu.resources import rows

# Characters that do not belong to a road or village name but stand before it.
_NOT = "在跟和与到去从往是那个这就我俺住离靠挨了的地有于向及、，,。！？ …要来给查走过上下条整您你他"
_NAME = rf"[^\W\d_A-Za-z{_NOT}]"
_ROAD = rf"{_NAME}{{1,4}}(?:大道|大街|东路|西路|南路|北路|中路|路(?!口|灯|况|线|边|政|上|面|费|由)|街(?!道|办)|巷|胡同)"
_SPOT = (
    rf"{_NAME}{{1,5}}(?:小区|花园|家园|社区|新村|公寓|苑|广场|大厦|市场|商场|超市|学校"
    r"|小学|中学|幼儿园|大桥|公园|村(?!民|委|里|名|官))"
)
_NUMBER = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})"
_DOOR = rf"{_NUMBER}号楼?(?:院)?|{_NUMBER}(?:栋|幢|座)|[A-Za-z]座|{_NUMBER}单元|{_NUMBER}层|{_NUMBER}室|{_NUMBER}号楼"
_NOT_ROADS = re.compile(
    r"^(?:公路|马路|铁路|网路|一路|半路|走路|电路|线路|出路|思路|道路|修路|问路|迷路|公交线路|这条路|两条路|大路|小路|老路|水路|门路|套路|逛街|大街|上街|街"
    r"|逛超市|哪个小区|小区|我们村|俺村|全村|农村|乡村|哪个村|我村|本村|老家村|城中村|药店超市|菜市场|农产品市场|公共场|人才市场|劳务市场|农贸市场)$"
)
_CROSS = re.compile(r"(?:的)?(?:交叉口|交叉路口|交汇处|交叉处|交会处|路口|十字路口|口(?!子|服|腔))")
_SIDE = re.compile(
    r"(?:再)?(?:往|向|朝|以|靠)?(?P<d>[东西南北]{1,2})(?:边|面|侧|头)?(?:走)?(?:大概|约)?(?:(?P<n>\d+|[一二两三四五六七八九十百]+)米|一点儿?|点儿)?(?=$|[,，。！!、的有那])"
    r"|(?P<at>旁边|对面|门口|附近|边上|跟前|东门|西门|南门|北门)"
)
_GAP = re.compile(
    r"(?:[\s,，、…·]|那个|那块|的|在|呃|嗯|就是|这边)*(?P<and>跟|与|和|同)?(?:[\s,，、…]|那个|的)*(?:跟|与|和)?"
)


@cache
def _areas() -> dict[str, tuple[str, str]]:
    """Return the written form of each county or street name → (what it is, county it lies in)."""
    names: dict[str, tuple[str, str]] = {}
    for _, name, others in rows("areas.tsv"):
        names[name] = (name, name)
        for other in others.split(","):
            names[other] = (name, name)
    for _, name, area in rows("streets.tsv"):
        names[name] = (name, area)
        if name.endswith("街道"):
            names[name + "办事处"] = names[name[:-2] + "街办"] = names[name]
    return names


@cache
def _pattern() -> re.Pattern[str]:
    areas = "|".join(sorted(map(re.escape, _areas()), key=len, reverse=True))
    city = r"(?:山东省)?临沂市|临沂(?!大学|日报|商城)|山东省"
    return re.compile(rf"(?P<area>{areas})|(?P<city>{city})|(?P<door>{_DOOR})|(?P<road>{_ROAD}|{_SPOT})")


def _pieces(message: Message) -> list[tuple[int, int, str, str]]:
    """Return (start, end, kind, text) of every piece of an address, in order."""
    found = []
    for match in _pattern().finditer(message.text):
        start, end = match.span()
        kind = match.lastgroup or ""
        if kind == "road":
            text = match[0]
            # An area name glued to a road is a piece of its own: 河东区东夷大街.
            if _NOT_ROADS.match(text):
                continue
        if kind in ("area", "city") and not message.free(start, end) and not message.has("place"):
            continue
        found.append((start, end, kind, match[0]))
    return found


def _text_of(kind: str, text: str) -> str:
    if kind == "area":
        name, _ = _areas()[text]
        return name
    return text


def extract_places(message: Message) -> None:
    """Add one place entity for each address said, with its county in meta when it was said or is known."""
    pieces = _pieces(message)
    used = 0
    while used < len(pieces):
        start, end, kind, raw = pieces[used]
        if kind == "door":
            used += 1
            continue
        value, area, last = _text_of(kind, raw), _areas()[raw][1] if kind == "area" else None, kind
        used += 1
        while used < len(pieces):
            nxt_start, nxt_end, nxt_kind, nxt_raw = pieces[used]
            gap = _GAP.fullmatch(message.text, end, nxt_start)
            if gap is None or nxt_kind == "city":
                break
            both_roads = last == "road" and nxt_kind == "road"
            if (last == "road" and nxt_kind == "area") or (last == "area" and kind == "area" and gap["and"]):
                break
            crossing = both_roads and (gap["and"] or not nxt_raw.endswith(("小区", "社区", "村", "苑", "花园")))
            value += ("与" if crossing else "") + _text_of(nxt_kind, nxt_raw)
            if nxt_kind == "area" and area is None:
                area = _areas()[nxt_raw][1]
            end, last, used = nxt_end, nxt_kind, used + 1
        value, end = _ending(message.text, value, end, last)
        if kind == "city" and value == _text_of(kind, raw):
            meta: dict[str, object] = {"city": True}
        else:
            meta = {"area": area} if area else {}
        if message.free(start, end):
            message.add("place", value, start, end, meta=meta, claim=False)


def _ending(text: str, value: str, end: int, last: str) -> tuple[str, int]:
    """Add the crossing and the direction that follow an address."""
    if last == "road":
        cross = _CROSS.match(text, end)
        if cross:
            value += "路口" if "与" in value or cross[0].endswith("路口") else cross[0]
            end = cross.end()
    side = _SIDE.match(text, end)
    if side and last in ("road", "door"):
        value += side["at"] or side["d"] + (f"{side['n']}米" if side["n"] else "")
        end = side.end()
    return value, end
