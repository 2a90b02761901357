"""Cues: turns of phrase that say what a sentence does, whatever it is about.

They settle what a classifier that hears the sentence alone cannot: a question is not a yes, a correction names
itself, a number to call back is a wish for a person.
"""

from __future__ import annotations

import re

YES = re.compile(
    r"^(没(有)?(啥|什么)?别的(了|事儿?)?[，, ]?)?(这回|这下|现在|那就?)?"
    r"(嗯+|对+|行+|中|好+|是的?|可以|没错|没问题|正确|(确认|确定)(报名|缴纳|缴费|预约|提交|付款|办理|挂号|充值|申请|上报)?|同意|就这样|就这么(着|定了?|办)|就它|照这个?办|没毛病|没有错|都对|全对|妥|得嘞?|[oO][kK]|定了?|再试(一次|一下)?|提交|(交|报|付)上去?|交|付|报|约|办)"
    r"[了吧的啊呀嘞呢哈啦，,。！!、\s]*"
    r"((对|行|中|好|是|可以|没错|没问题|确认|确定|就这样|就这么(着|定了?|办)|就交|就付|提交|交上去|交|再试(一次|一下)?|付款|付|报上去|报|定|约|办)"
    r"(这[一二两三四五]?笔)?[了吧的啊呀，,。！!、\s]*)*$"
)
CHANGE = re.compile(
    r"^(哎|嗐|哦|啊|嗯)?[，,]?(不对|不是|错了|说错|弄错|改成|改为|换成|更正|应该是|不[，,])"
    r"|改(成|为|到|一下|个)|换成|换个|更正|[说念写记弄看]([反错岔花]|秃噜)|(数|少|多|漏)[按写说打]?了一|数漏|拿错"
    r"|^(那)?(还是|干脆|直接|就).{1,12}吧$|(还是|直接|干脆).{1,10}吧$|先(别|不)(交|付|要|报)|挪到"
    r"|(先|只|就|光)(交|办|约|弄|要|算).{0,8}吧$"
)
QUESTION = re.compile(
    r"[吗么呢?？]$|(?<!不)(?P<a>[一-鿿])(不|没)(?P=a)|还(能|可以).{0,6}不$|(行|中|成|好|对|可以|要|能)(不|没|不行|不中)$"
    r"|[一-鿿](?<![可要都也还就偏说绝从我你他她它俺的天给])(不|没)[呀啊呢嘞]?[。]?$"
    r"|(需要|要|带|用|准备|拿)(些)?(什么|啥|哪些)"
    r"|^(怎么|咋|为什么|为啥|什么|啥|多少|几|哪)|咋|怎么|多少|(?<!好)几(天|个|笔|点|号)|啥时候|什么时候|哪(里|儿|个|溜|天)|多(久|大会儿|长时间)"
)
CANCEL = re.compile(
    r"^(那)?(算了|不(办|约|交|弄|填|搞|查|报)了|取消|退出|先不(办|约|交|弄)了?)|(说|又)?不用(了|交|办)|不(约|办|交|弄)了$"
    r"|^(那)?(还是)?(算了(吧)?|不想(办|弄|交|约|填)了|撤了?吧?|别(办|弄|交|约|填)了)[吧。！!]*$"
)
# The answer to "要取消…吗？".
YES_CANCEL = re.compile(
    r"^(对|是的?|嗯|好的?|行|中|确定|确认)?[，, ]?(就|那就)?(给我)?(取消|退)(了|掉|号|吧)*[吧。！!]*$"
)
TAKE_BACK = re.compile(r"(取消|退)(了|掉|号|吧)")
# Not now, but perhaps later: the matter is kept.
DEFER = re.compile(
    r"^(?:先(?:放|搁)着?(?:吧)?[，, ])?(?:那|我|俺)*(先)?"
    r"(放(一)?[放着]|搁(一)?[搁着]|等(等|会儿?|一会儿?)再(说|办|弄|交|约)|(回头|改天|以后|晚点儿?)再(说|办|弄|交|约))[吧。！!]*$"
    r"|^先(别|不)(报|提交|办|弄)(了|吧)?([，,].*)?$"
    r"|^(我|俺)?(再|先)?(想想|考虑(一下|考虑)?|商量(一下|商量)?)(再(说|办|弄))?[吧。！!]*$"
)
# Does not want to give what is personal.
REFUSE = re.compile(
    r"不同意|(不想|不愿意?|不肯|不能)(给|提供|说|留|填|告诉).{0,6}(身份证|电话|手机|姓名|名字|个人|信息|号)?$"
)
# "后天呢": the same of something else.
WHAT_ABOUT = re.compile(r"^(那|那么)?.{1,8}呢[?？]?$")
WHAT_IF = re.compile(r"^(那)?(要是|如果|换成|改成).*(呢|的话)[?？]?$")
# Asks about a place or an institution instead of choosing it.
WHERE = re.compile(
    r"在哪|怎么走|咋走|哪(里|儿)|远不远|远吗|几点(上班|开门|下班|关门)|电话(是)?多少|好不好|靠谱|怎么样|咋样"
)
WISH = re.compile(
    r"(我|俺|咱)?(想|要|得|打算)(在这|在网上|自己)?(把.{1,8})?(交|缴|办|约|挂|充|领|报|申请|查查?|预约|亮)|(帮|给|替)(我|俺|咱|俺娘|俺爹|家里|孩子|老人)"
)
CALL_BACK = re.compile(r"回个?电|回(我|俺)?个?电话|(打|拨)(个)?(电话)?(给|过来)(我|俺)?|给(我|俺)(打|回)")
RATING = re.compile(r"(给|打|评)(你|您|你们|个|了)?.{0,3}([1-5一二两三四五]|满)(颗)?[分星]|[五5]星好评|差评")
GO_ON = re.compile(
    r"接着(办|弄|交|约|填|来|算)|继续(办|弄|交|约|填|吧|刚才)|还?回(来|去|到)(算|办|弄|交|约)|先弄(我|俺)|刚才那个(接着|继续)"
)
ANOTHER = re.compile(r"(也|再|另外|顺便|还要|还得|还想)(给|帮|替)?.{0,6}(充|交|缴|约|挂|办|查)")
# Asks where a matter stands, and not how that is found out.
STANDS = re.compile(r"^(?!.*(怎么|咋|如何|在哪|哪里)).*进度")
# One bare word: what it is about, and no order to the assistant ("停车" is no "停", "预约" no "我的预约").
BARE = re.compile(r"^(停[车水电气暖运机课产工]|预约|投诉|办理|申请|报名|缴费|查询|挂号|评价)[。！？!?]?$")
RECORD = re.compile(
    r"(约|订|挂|交|付|报|办|申请|提交|充|递)(过|了)?(一回|一次)?的?(那|这)?(个|笔|回|件)?.{0,3}(号|还在|成了?没|咋样|怎么样|到哪|走到|办到|进度)"
)
DOING = re.compile(r"交上|缴|付(了|上|吧|款)|充|办(了|上|吧|个)|约(了|上|吧|个)|挂")
RECOUNT = re.compile(r"填了?(些)?(什么|啥|哪些)|(说|念)一遍我?填|我(都|前面|刚才)(都)?填")
BILLS = re.compile(r"第[一二三四五六七八九十\d]+(笔|个|条)|[一两二三四五\d]笔|都(交|付)|全(交|付|部)|这(笔|几笔)")
EMOTION = re.compile(
    r"气(得|死)|管不管|到底是?管|什么态度|太(慢|差|不像话)|糊弄|踢皮球|啥玩意|什么玩意|破(东西|系统)|欺负人"
)

# Optional fields that a turn of phrase fills: field name -> (pattern, value).
FLAGS: dict[str, tuple[re.Pattern[str], object]] = {
    "photo": (re.compile(r"(照片|相片|图片|片子|图).{0,8}(没|不)|没.{0,3}(拍|照)"), "无"),
    "anonymous": (re.compile(r"匿名|不留名|(别|不)(要)?(写|留|登|报)(我|俺)?.{0,2}(名|姓)|不想(留|写)名"), True),
}


# "村名我先不说，行不行": a statement that ends by asking leave is not a question.
TAG = re.compile(
    r"[，, ]?(行不行|中不中|成不成|可不可以|好不好|行不|中不|成不|行吗|成吗|可以吗|好吗|中吗)[呀啊吧]?[?？。！]?$"
)


def is_question(text: str) -> bool:
    """Say whether a sentence asks.

    >>> is_question("周六下不下雨"), is_question("改成后天下午")
    (True, False)
    """
    return QUESTION.search(TAG.sub("", text.strip())) is not None
