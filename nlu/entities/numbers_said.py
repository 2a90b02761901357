"""Tell digits apart: identity number, telephone, account or receipt."""

import re

from nlu.entities.digits import Run, digit_runs, join
from nlu.entities.identity import birth_date, id_problem, upgrade
from nlu.entities.phone import is_landline, is_mobile, phone_problem, strip_country
from nlu.entities.types import Message

_IS = r"(?:号码?|号)?(?:的)?(?:是|为|就是|应该是|改成|换成|[::：])?[^\d零〇一幺二三四五六七八九，。！？]{0,6}$"
_ID_WORD = re.compile(r"身份证" + _IS)
_PHONE_WORD = re.compile(r"(?:电话|手机|手机号|联系方式|号码|座机|联系我|打给我)" + _IS)
_ACCOUNT_WORD = re.compile(
    r"(?:户号|账号|帐号|账户|客户编号|用户编号|客户号|缴费号|缴费编号|用户号|表号|卡号|水卡|户头号)" + _IS
)
_RECEIPT_WORD = re.compile(
    r"(?:受理号|受理编号|业务号|编号|单号|回执号?|流水号|办件号|查询码|预约号|有号|订单号?)[，, ]?" + _IS
)
_LETTERED = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,4}-?\d{6,18}(?![A-Za-z0-9])")
_DATED = re.compile(r"20[2-4]\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{2,8}")


def _joins(chain: list[Run]) -> list[list[list[Run]]]:
    """List ways to cut a chain of groups into numbers, from the whole chain down; short chains only."""
    if len(chain) > 6:
        return [[[run] for run in chain]]
    ways = []
    for cuts in range(2 ** (len(chain) - 1)):
        parts, current = [], [chain[0]]
        for position, run in enumerate(chain[1:]):
            if cuts >> position & 1:
                parts.append(current)
                current = [run]
            else:
                current.append(run)
        ways.append([*parts, current])
    return ways


def _natural(run: Run) -> bool:
    """Tell whether the digits have the shape of a complete number."""
    digits = strip_country(run.digits)
    return (
        (len(digits) == 18 and birth_date(digits) is not None)
        or (len(digits) == 15 and digits.isdigit() and birth_date(digits) is not None and digits[0] != "0")
        or is_mobile(digits)
        or is_landline(digits)
    )


def _cut(chain: list[Run]) -> list[Run]:
    """Cut a chain where the numbers most plausibly end."""

    def merit(parts: list[list[Run]]) -> tuple[int, int, int]:
        joined = [join(part) for part in parts]
        natural = sum(_natural(run) for run in joined)
        # Written groups of five or more digits are numbers in themselves; shorter ones belong to a neighbour.
        orphans = sum(len(run.digits) < 5 for run in joined)
        merged = sum(len(part) > 1 and all(len(run.digits) >= 6 for run in part) for part in parts)
        return (natural, -orphans - merged, len(parts) if not orphans else -len(parts))

    best = max(_joins(chain), key=merit)
    return [join(part) for part in best]


def _keyword(message: Message, run: Run) -> str | None:
    left = message.before(run.start, 18)
    for kind, pattern in (
        ("id_no", _ID_WORD),
        ("account", _ACCOUNT_WORD),
        ("receipt", _RECEIPT_WORD),
        ("phone", _PHONE_WORD),
    ):
        if pattern.search(left):
            return kind
    return None


def _expected(message: Message) -> str | None:
    expect = message.expect or ""
    if expect.startswith("id_no"):
        return "id_no"
    if expect.startswith("phone"):
        return "phone"
    if expect.startswith("account"):
        return "account"
    if expect.startswith("receipt"):
        return "receipt"
    return None


def _add_id(message: Message, run: Run) -> None:
    problem = id_problem(run.digits, message.today)
    meta = {"id18": upgrade(run.digits)} if len(run.digits) == 15 and problem is None else {}
    message.add("id_no", run.digits, run.start, run.end, problem=problem, meta=meta)


def _add_phone(message: Message, run: Run) -> None:
    digits = strip_country(run.digits)
    problem = phone_problem(digits)
    start = run.start
    if message.before(start, 1) == "+":
        start -= 1
    message.add("phone", digits, start, run.end, problem=problem)


def _classify(message: Message, run: Run) -> str | None:
    digits = strip_country(run.digits)
    keyword, expected = _keyword(message, run), _expected(message)
    if len(digits) in (15, 18) and _natural(run) and keyword in (None, "id_no", "phone"):
        return "id_no"
    if digits.endswith("X"):
        return "id_no" if len(digits) >= 14 else None
    if (keyword == "id_no" and len(digits) >= 12) or (keyword == "phone" and len(digits) >= 7):
        return keyword
    if keyword in ("account", "receipt") and 5 <= len(digits) <= 24:
        return keyword
    if is_mobile(digits) or (is_landline(digits) and expected != "account"):
        return "phone"
    if (expected == "id_no" and len(digits) >= 12) or (expected == "phone" and len(digits) >= 7):
        return expected
    if expected in ("account", "receipt") and len(digits) >= 5:
        return expected
    if _DATED.fullmatch(digits):
        return "receipt"
    if 16 <= len(digits) <= 19 and birth_date(digits[:18].ljust(18, "0")):
        return "id_no"
    if message.has("account") and 6 <= len(digits) <= 14:
        return "account"
    if len(digits) in (10, 12) and digits[0] == "1" and digits[1] in "3456789":
        return "phone"
    return None


def extract_numbers(message: Message) -> None:
    """Find identity, telephone, account and receipt numbers."""
    for match in _LETTERED.finditer(message.text):
        value = match[0].replace("-", "").upper()
        if message.free(*match.span()):
            message.add("receipt", value, *match.span())
    for chain in digit_runs(message.text):
        free = [run for run in chain if message.free(run.start, run.end)]
        if not free:
            continue
        for run in _cut(free):
            kind = _classify(message, run)
            if kind == "id_no":
                _add_id(message, run)
            elif kind == "phone":
                _add_phone(message, run)
            elif kind == "account":
                message.add("account", run.digits, run.start, run.end)
            elif kind == "receipt":
                message.add("receipt", run.digits, run.start, run.end)
