"""Find names of persons; careful, since 马上 and 方便 also begin with a surname."""

import re
from functools import cache

import jieba

from nlu.entities.dates import extract_dates
from nlu.entities.types import Message
from nlu.lexicon import Lexicon
from nlu.resources import rows, words

_KEY = re.compile(
    r"(?:(?:姓名|联系人|申请人|户主|领队)(?=[\u4e00-\u9fff])(?!是|叫|写|为|填|改|怎|什|啥)|(?:姓名|名字|大名|联系人|申请人|经办人|负责人|户主|乘车人|就诊人|患者|领队|带队的|领头的|收件人|办事人|法人|本人)"
    r"(?:是|叫做?|写|为|填|改成|换成|[:：])+|[我俺他她您咱](?:的)?(?:名字|姓名|老伴|老公|媳妇|妻子|丈夫|爱人|孩子|儿子|女儿|闺女|妈妈?|爸爸?|娘|爹|母亲|父亲)?"
    r"(?:名字)?(?:就)?(?:叫做?|是(?=[^的不]{2,4}(?:[,，。]|$)))|(?:(?:[^\u4e00-\u9fff]|^|孩子|儿子|女儿|的|名字|闺女|老伴)叫做?)|登记(?:给|成|在)?|写|改成|换成|名字(?=[^是叫]))"
)
# 联系人写我们会计X: who the person is comes between the key and the name.
_ROLE = re.compile(
    r"(?:我们?|俺们?|咱们?|他|她)?(?:单位|公司)?(?:的)?(?:会计|出纳|经理|老板|同事|同学|朋友|老师|秘书|主任|儿子|女儿|闺女|媳妇|老公|老婆|老伴|爱人|对象|妈妈?|爸爸?|娘|爹|哥|姐|弟弟?|妹妹?)"
    r"(?:叫|是)?"
)
_CLAUSE = re.compile(r"[^,，。；;、！!？?:：\s…]+")
_NEVER = frozenset("的了吗呢啊吧嘛呀着过么哪啥咋几个这那您们不没很太最还再又就才都很们号码费证卡局厅款险元块点分")
_DOTTED = re.compile(r"[\u4e00-\u9fff]{2,8}[·•][\u4e00-\u9fff]{2,8}(?:[·•][\u4e00-\u9fff]{2,6})?")
_HANZI = re.compile(r"[\u4e00-\u9fff]+")


@cache
def _surnames() -> tuple[frozenset[str], frozenset[str]]:
    single = frozenset(rows("surnames.txt")[0][0] + rows("surnames.txt")[1][0])
    return single, frozenset(rows("surnames.txt")[2][0].split())


@cache
def _common() -> frozenset[str]:
    """Return jieba's words of 2-4 characters that begin with a surname and are not tagged as names."""
    single, _ = _surnames()
    found = set(words("not_names.txt"))
    with jieba.get_dict_file() as handle:
        for raw in handle:
            word, count, tag = raw.decode("utf-8").split()
            if 2 <= len(word) <= 4 and word[0] in single and (not tag.startswith("nr") or int(count) > 3000):
                found.add(word)
    return frozenset(found)


def warm_up() -> None:
    """Read the dictionary now rather than at the first message."""
    _common()


def _surname_length(text: str) -> int:
    single, double = _surnames()
    if text[:2] in double:
        return 2
    return 1 if text[:1] in single else 0


def name_problem(text: str) -> bool:
    """Tell whether `text` cannot be a whole name."""
    if _DOTTED.fullmatch(text):
        return False
    length = _surname_length(text)
    if not length or not _HANZI.fullmatch(text) or not 1 <= len(text) - length <= 2:
        return True
    return text in _common() or text in Lexicon.default() or bool(set(text[length:]) & _NEVER)


def _ends_well(rest: str) -> bool:
    return not rest or not _HANZI.match(rest) or any(rest.startswith(stop) for stop in words("name_stops.txt"))


def name_at(text: str, position: int) -> int:
    """Return the end of the name that begins at `position`, or 0."""
    dotted = _DOTTED.match(text, position)
    if dotted:
        return dotted.end()
    surname = _surname_length(text[position : position + 2])
    if not surname:
        return 0
    for length in (surname + 2, surname + 1):
        end = position + length
        name = text[position:end]
        if len(name) == length and not name_problem(name) and _ends_well(text[end:]):
            return end
    return 0


def _keyed(message: Message) -> None:
    text = message.text
    for match in _KEY.finditer(text):
        position = match.end()
        role = _ROLE.match(text, position)
        for start in (role.end(), position) if role and role.end() > position else (position,):
            while text[start : start + 1] in (" ", ":", "：", ",", "，"):
                start += 1
            end = name_at(text, start)
            if end and message.free(start, end):
                message.add("person", text[start:end], start, end)
                break


def _clauses(message: Message) -> None:
    """Read a clause that is nothing but a name, when the field or its neighbours make one likely."""
    expected = (message.expect or "").startswith(("person", "name"))
    if not expected and not message.has("id_no", "phone"):
        return
    for match in _CLAUSE.finditer(message.text):
        start, end = match.span()
        if not message.free(start, end):
            # 李秀英13811112222: the name stands before the number without a pause.
            claimed = next((one for one in message.entities if start <= one.start < end), None)
            if claimed is None or claimed.start <= start:
                continue
            end = claimed.start
        clause = message.text[start:end]
        lead = re.match(r"(?:我是|俺是|就是|就|是|叫|用|填|写|本人|登记)", clause)
        if lead and expected:
            start += lead.end()
            clause = message.text[start:end]
        clause = re.sub(r"(?:的|吧|啊|呀|哈|就行)$", "", clause) if expected else clause
        if 2 <= len(clause) <= 4 and not name_problem(clause) and not message.has("person"):
            message.add("person", clause, start, start + len(clause))


# 我叫郑国庆, 孩子叫李冬至: nothing but a name follows, even where it ends in a holiday.
_CALLED = re.compile(r"(?:名叫|叫做?|姓名(?:是|叫|[:：])?|名字(?:是|叫|[:：])?)(?=[\u4e00-\u9fff])")


# 给孟庆丰交, 替王秀兰挂: whom it is for, between 给 and what is done; 应该是孟庆峰 puts a name right.
_FOR = re.compile(
    r"[给替帮]([\u4e00-\u9fff]{2,4}?)(?=交|缴|付|挂|办|查|约|报|领|充)"
    r"|(?:应该|应当|其实|[错反]了?[，, ]|不对[，, ])(?:是|叫)([\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])"
)
_ADDRESS = re.compile(r"大爷|大娘|大妈|大姐|大哥|奶奶|爷爷|阿姨|叔|师傅|老师|医生|主任|同学|先生|女士|[老小]")


def _beneficiary(message: Message) -> None:
    for match in _FOR.finditer(message.text):
        group = 1 if match[1] else 2
        name, (start, end) = match[group], match.span(group)
        doubtful = name_problem(name) or name[:2] in _common() or _ADDRESS.search(name)
        if not doubtful and message.free(start, end) and not message.has("person"):
            message.add("person", name, start, end)


def extract_names_first(message: Message) -> None:
    """Claim names that can be nothing else before a date is read out of them (国庆, 冬至, 元旦 are given names too)."""
    for match in _CALLED.finditer(message.text):
        end = name_at(message.text, match.end())
        if end and message.free(match.end(), end):
            message.add("person", message.text[match.end() : end], match.end(), end)
    if (message.expect or "").startswith(("person", "name")):
        probe = Message(message.text, message.now, message.expect)
        _clauses(probe)
        for one in probe.entities:
            if not _begins_with_date(message, one.start):
                message.add("person", one.value, one.start, one.end)


def _begins_with_date(message: Message, start: int) -> bool:
    """Tell 明天去 and 周三 from 郑国庆: a surname is no date, though what follows it may be."""
    probe = Message(message.text[start:], message.now, None)
    extract_dates(probe)
    return any(one.start == 0 for one in probe.entities)


def extract_persons(message: Message) -> None:
    """Add person entities."""
    _keyed(message)
    _beneficiary(message)
    _clauses(message)
