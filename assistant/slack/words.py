"""The few fixed sentences that Slack itself needs; answers speak through their templates."""

from __future__ import annotations

from assistant.question import Language

_WORDS: dict[str, dict[Language, str]] = {
    "working": {
        Language.EN: "Working on it…",
        Language.ZH_HANS: "正在查…",
        Language.ZH_HANT: "正在查…",
    },
    "sent_privately": {
        Language.EN: "I sent you the answer in a direct message: it is for you only.",
        Language.ZH_HANS: "结果仅您本人可见，已私信发给您。",
        Language.ZH_HANT: "結果僅您本人可見，已私訊發給您。",
    },
    "fault": {
        Language.EN: "Sorry, something went wrong on our side. Please try again;"
        " if it stays, tell your admin: {reference}.",
        Language.ZH_HANS: "抱歉，我们这边出错了。请再试一次；若仍不行，请把编号 {reference} 告诉管理员。",
        Language.ZH_HANT: "抱歉，我們這邊出錯了。請再試一次；若仍不行，請把編號 {reference} 告訴管理員。",
    },
    "gave_up": {
        Language.EN: "Sorry, I could not answer this after several tries. Please ask again later;"
        " reference for your admin: {reference}.",
        Language.ZH_HANS: "抱歉，试了几次都没能回答。请稍后再问；如需帮助，请把编号 {reference} 告诉管理员。",
        Language.ZH_HANT: "抱歉，試了幾次都沒能回答。請稍後再問；如需協助，請把編號 {reference} 告訴管理員。",
    },
}


def working(language: Language) -> str:
    """Stands in the thread while an answer takes longer than a second."""
    return _WORDS["working"][language]


def sent_privately(language: Language) -> str:
    """The one public line when an answer went by direct message."""
    return _WORDS["sent_privately"][language]


def fault(language: Language, reference: str) -> str:
    """Our fault, with the reference under which it is logged."""
    return _WORDS["fault"][language].format(reference=reference)


def gave_up(language: Language, reference: str) -> str:
    """The last word on a question that no try could answer."""
    return _WORDS["gave_up"][language].format(reference=reference)


def language_of(text: str) -> Language:
    """The language to speak before the desk has read the question: Chinese when it holds a Chinese character."""
    return Language.ZH_HANS if any("\u4e00" <= character <= "\u9fff" for character in text) else Language.EN


def language_named(name: str) -> Language:
    """The language an answer names, English when it names one of none of ours."""
    return Language(name) if name in set(Language) else Language.EN
