"""The forms in which people say what was agreed, ask for it, and tell that it is done: matched on normalised text."""

from __future__ import annotations

import re

_COLON = r"(?:\s*[:：,，]\s*|\s+[\-–—]+\s+)"
_REVIEW = (
    r"(?:(?:in|at|during|from) )?"
    r"(?:(?:the|our|last|previous|today's|yesterday's|(?:this|last) week's|weekly|monthly) )*"
    r"(?:review|meeting|call|stand-?up|one-on-one|session)s?"
)
_HAN_REVIEW = (
    r"(?:在|我们|咱们|大家|今天|刚才|昨天|上午|下午|上次|这次|本次|上周|本周|这周|的)*"
    r"(?:周会|例会|晨会|复盘会?|会议|开会|会)?(?:的时候|里|上|中|时)?"
)
_HAN_DECIDED = (
    r"(?:定(?:了|下来?|好)?了?|说(?:好|定)了?|商定了?|约(?:定|好)了?|议定了?|决定了?|答应了?|达成(?:了?一致|共识)?)"
)
_THING = r"(?:action items?|action points?|actions?|to-?dos?|tasks?|agreements?|commitments?)"
_HAN_THING = r"(?:待办(?:事项)?|行动项|任务|约定)"
_HAN_THAT_ONE = r"(?:那条|这条|那项|这项|那件事|这件事|(?:[那这]个)?(?:任务|待办|行动项))"
_WHICH = rf"(?:the )?{_THING}(?: (?:about|on|with|to|of))?:? "
_FINISHED = r"(?:done|finished|completed|complete)"
_HAN_FINISHED = r"(?:完成|做完|办完|搞定|办好|做好|弄完)"
_HAN_CANCEL = r"(?:取消|撤销|作废|删掉|删除|去掉|不做)"


def _any(*forms: str) -> re.Pattern[str]:
    return re.compile("|".join(forms))


ADD = _any(
    rf"^(?:note(?: that)?{_COLON})?(?:it was |we(?:'ve| have)? |i |they )?(?:all )?agreed(?: {_REVIEW})?{_COLON}",
    rf"^(?:(?:new|add|note|create)(?: an?)?(?: new)? )?(?:agreed )?{_THING}{_COLON}",
    rf"^{_HAN_REVIEW}{_HAN_DECIDED}的?{_COLON}",
    rf"^(?:帮我|请)?(?:记一下|记下|记一条|加一条|新增|添加|增加)?(?:一[条个项])?新?的?{_HAN_THING}{_COLON}",
    rf"^(?:帮我|请)?(?:记一下|记下|记一条){_COLON}",
)
"""Up to a colon; what follows is what was agreed, whatever it says."""

ADD_LOOSELY = _any(
    rf"^(?:it was |we(?:'ve| have)? |they )(?:all )?agreed(?: {_REVIEW})?(?: that)? (?!on |to |in |about |with )",
    rf"^{_HAN_REVIEW}{_HAN_DECIDED}(?=[^\s什么哪啥吗没的过])",
)
"""Without a colon: only where somebody or a day is named."""

LIST = _any(
    r"^(?:so |and )?what(?:'s| is| was| were| did| have| had| has)?(?: else)? (?:all )?(?:(?:we|i|they|everyone) )?"
    r"(?:been )?(?:all )?(?:agreed?|decided?|promised?|committed)(?: (?:on|to do|to|upon|in|at|about))*",
    r"^(?:show|list|give|any|are there any|which|what|what are|what's)?(?: me| us)?(?: all)?(?: of)? ?"
    r"(?:the |my |our )?"
    rf"(?:(?:open|overdue|late|outstanding|unfinished|agreed|{_FINISHED}) )*{_THING}",
    rf"^{_HAN_REVIEW}都?{_HAN_DECIDED}(?:过|的)?了?(?:什么|哪些|啥|哪几)(?:事情?|事项|任务|内容)?",
    rf"^{_HAN_REVIEW}{_HAN_DECIDED}的(?:事情?|事项|任务|内容|那些事)",
    r"^(?:看看|看一下|列出|列一下|查看|给我|有没有|有哪些|还有|有|哪些|我们?|团队|大家|所有|全部|未完成|没完成"
    rf"|逾期|超期|到期|已?完成|会上定|上次|上周|的)*{_HAN_THING}",
)
REST_OF_LIST = _any(
    rf"\b{_REVIEW}",
    r"\b(?:yet|so far|are|is|there|that|which|have|has|was|were|not|been|still|open|overdue|late|outstanding|for|from"
    rf"|since|of|in|at|on|the|my|our|team|now|do|did|i|we|left|due|to|by|all|everyone|me|us|{_FINISHED})\b",
    r"'s\b|有哪些|有什么|哪些|什么|清单|列表|情况|进展|进度|怎么样了?|如何|未?完成了?|没有?(?:完成|做|办)|逾期了?|超期了?",
    r"到期|还|没|了|吗|呢|的|都|有|是|我们?|咱们|团队|大家|现在|目前|上次|这次|会议|周会|例会|会上|会|事项|事情|看看|一下",
)
OVERDUE = _any(r"\b(?:overdue|late)\b", "逾期|超期|过期")
OPEN = _any(r"\b(?:open|outstanding|unfinished|left|not done|not finished)\b", "未完成|没完成|没做|没办|还有|还没|还剩")
DONE_ONES = _any(rf"\b{_FINISHED}\b", "(?<![未没])(?:完成|做完|办完)的")
MINE = _any(r"\bmy\b|\b(?:did|have) i\b", "我(?!们)")
ASKS_FOR = _any(r"\b(?:show|give|tell|list) (?:me|us)\b", "给我")

DONE = _any(
    rf"^(?:(?:it's|that's|that is|this is) )?{_FINISHED}{_COLON}(?P<a>.+)$",
    rf"^(?:mark|tick off|check off|set) {_WHICH}(?P<b>.+?) (?:as |to )?{_FINISHED}$",
    rf"^{_WHICH}(?P<c>.+?) (?:is|are|has been|have been|was|were) {_FINISHED}(?: now)?$",
    rf"^(?:已经?)?{_HAN_FINISHED}了?{_COLON}(?P<d>.+)$",
    rf"^(?P<e>.+?)的?{_HAN_THAT_ONE}(?:已经|已|都)?{_HAN_FINISHED}了$",
)
DROP = _any(
    rf"^(?:drop|cancel|scrap|remove|delete|forget) {_WHICH}(?P<a>.+)$",
    rf"^(?:drop|scrap){_COLON}(?P<b>.+)$",
    rf"^{_HAN_CANCEL}{_COLON}(?P<c>.+)$",
    rf"^把?(?P<d>.+?)的?{_HAN_THAT_ONE}{_HAN_CANCEL}(?:了|掉)?吧?$",
    rf"^{_HAN_CANCEL}(?P<e>.+?)的?{_HAN_THAT_ONE}$",
)
OF_SUBSCRIPTIONS = _any(
    r"\b(?:subscri\w+|digests?|reports?|summar\w+|alerts?|reminders?)\b", "订阅|推送|[周月日季]报|提醒"
)
BY_MYSELF = _any(r"^(?:i|i'll|i'm|me|myself)\b", "^由?我(?!们)")
