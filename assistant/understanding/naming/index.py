"""The names of one warehouse version, found in a question or near what somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from assistant.understanding.naming.company_forms import without_legal_form
from assistant.understanding.naming.people import People, SalesRep, with_address
from assistant.understanding.naming.phrases import Phrases
from assistant.understanding.naming.register import CUSTOMER, Register
from assistant.understanding.naming.spelling import has_han, key_of
from assistant.understanding.naming.words import company_words
from assistant.understanding.normalise import normalise
from assistant.understanding.numbers import NUMBER_WORDS

if TYPE_CHECKING:
    from analytics.accounts import CustomerName
    from assistant.understanding.naming.slips import Slip, Slips

Allowed = Callable[[str], bool]

_MOST_STRETCHES = 6  # unread stretches looked at in one question
_LIKE, _WITHIN = 60, 75  # of 100: less alike is no suggestion; what a name counts that holds the words
_ID = re.compile(r"(?<![\w\-])[a-z\d][\w\-]*\d(?![\w\-])")
_TOKEN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class NameHit:
    """A stretch [start, end) of the normalised question that names somebody, and all whom it may mean.

    Not `exact`: a slip of the pen, or only the surname fits; to be asked back, never taken for granted.
    """

    start: int
    end: int
    phrase: str
    concepts: tuple[str, ...]
    exact: bool


class NameIndex:
    """Customers, colleagues and further names by every form people use of them. Safe to share between threads."""

    def __init__(
        self,
        customers: Iterable[CustomerName],
        reps: Iterable[SalesRep],
        others: Iterable[tuple[str, str]] = (),
        common: frozenset[str] = frozenset(),
    ) -> None:
        """`others`: (name, concept). `common`: our own words; a name made only of them changes no question."""
        self._common = common
        colleagues, further = list(reps), list(others)
        self._people = People(colleagues, common)
        shown = {concept: name for name, concept in reversed(further)}
        shown.update((f"rep:{rep.rep_id}", rep.names[0]) for rep in colleagues if rep.names)
        named = ((normalise(name), concept) for name, concept in further)
        self._register = Register(customers, (*self._people.names(), *named), shown)
        self._phrases = Phrases(self._register.forms)
        self._common_keys = frozenset(map(key_of, common))
        self._slips: Slips | None = None

    def found(
        self, normal_text: str, free: Sequence[tuple[int, int]] | None = None, allowed: Allowed | None = None
    ) -> list[NameHit]:
        """Every name in a normalised question, overlapping ones too, in order and the longest first.

        `free` are the stretches nothing else reads: only there a slip of the pen is looked for, and only `allowed`
        concepts are guessed. Of several people of one surname the allowed ones are meant, if there are any.
        """
        hits: dict[tuple[int, int], NameHit] = {}
        for hit in (*self._written(normal_text), *self._addressed(normal_text, allowed)):
            _add(hits, hit)
        longer_hits: dict[tuple[int, int], NameHit] = {}
        for hit in hits.values():
            for longer in self._with_what_belongs(normal_text, hit):
                if (longer.start, longer.end) not in hits:
                    _add(longer_hits, longer)
        hits |= longer_hits
        for stretch in (free or ())[:_MOST_STRETCHES]:
            guess = self._guessed(normal_text, stretch, allowed)
            for one in (guess, *self._with_what_belongs(normal_text, guess)) if guess else ():
                if (one.start, one.end) not in hits:
                    _add(hits, one)
        return sorted(hits.values(), key=lambda hit: (hit.start, -hit.end))

    def near(self, words: str, limit: int = 4, allowed: Allowed | None = None) -> list[tuple[str, str, float]]:
        """Names most like `words`, for "did you mean": (name, concept, likeness from 0 to 100), the likest first."""
        key = without_legal_form(key_of(normalise(words)))
        scored = self._likeness(key) if len(key) > 1 else {}
        best: dict[str, float] = {}
        for form in sorted(scored, key=lambda form: -scored[form]):
            for concept in self._register.concepts(form):
                if allowed is None or allowed(concept):
                    best.setdefault(concept, scored[form])
            if len(best) >= limit:
                break
        return [(self._register.name(concept), concept, round(best[concept], 1)) for concept in list(best)[:limit]]

    def prefer_group(self, concepts: Sequence[str]) -> str | None:
        """Of a group and its branches the group; None where they are no one family, or the group is not among them."""
        return self._register.prefer_group(concepts)

    def name(self, concept: str) -> str:
        """The name to show for a concept this index gave."""
        return self._register.name(concept)

    def prepare(self) -> None:
        """Make ready what slips of the pen need (a fifth of a second for 50,000 customers), else made when needed."""
        self._prepared()

    def _written(self, text: str) -> Iterator[NameHit]:
        """Names as written, and ids."""
        key = key_of(text)
        for start, end in self._phrases.places(key):
            form = key[start:end]
            if form in self._register and _stands_alone(text, start, end) and not self._only_our_words(form):
                yield NameHit(start, end, text[start:end], self._register.concepts(form), exact=True)
        for match in _ID.finditer(text):
            concept = self._register.customer(match[0])
            if concept and not match[0].isdecimal():
                yield NameHit(*match.span(), match[0], (concept,), exact=True)

    def _addressed(self, text: str, allowed: Allowed | None) -> Iterator[NameHit]:
        for one in self._people.addressed(text):
            meant = tuple(filter(allowed, one.concepts)) if allowed else one.concepts
            yield NameHit(one.start, one.end, text[one.start : one.end], meant or one.concepts, one.sure)

    def _with_what_belongs(self, text: str, hit: NameHit) -> Iterator[NameHit]:
        """The same name with a form of address, or with a legal form: Ms Anna Schmidt, 苏州恒瑞有限公司."""
        people = tuple(concept for concept in hit.concepts if not concept.startswith(CUSTOMER))
        start, end = with_address(text, hit.start, hit.end)
        if any(concept.startswith("rep:") for concept in people) and (start, end) != (hit.start, hit.end):
            yield NameHit(start, end, text[start:end], people, hit.exact)
        companies = tuple(concept for concept in hit.concepts if concept.startswith(CUSTOMER))
        tail = _legal_tail().match(text, hit.end) if companies else None
        if tail:
            yield from self._with_legal_form(text, hit, companies, tail)

    def _with_legal_form(
        self, text: str, hit: NameHit, companies: tuple[str, ...], tail: re.Match[str]
    ) -> Iterator[NameHit]:
        """Those of the companies that have the form; all, but not for sure, where nobody has it. "as" may be a word."""
        name = text[hit.start : tail.end()]
        written, form = _squashed(key_of(name)), _SIGNS.sub(" ", tail[0]).strip()
        own = tuple(one for one in companies if _squashed(self._register.registered(one)) == written)
        if own or form in company_words().said:
            yield NameHit(hit.start, tail.end(), name, own or companies, hit.exact)
        elif has_han(form) or not any(len(word) < 3 or word in self._common for word in form.split()):
            yield NameHit(hit.start, tail.end(), name, companies, exact=False)

    def _guessed(self, text: str, free: tuple[int, int], allowed: Allowed | None) -> NameHit | None:
        """What an unread stretch nearly names."""
        may = allowed or _everybody
        sounding = self._people.same_sound(text, free)
        if sounding and any(map(may, sounding.concepts)):
            start, end, meant = sounding.start, sounding.end, sounding.concepts
        else:
            slip = self._prepared().nearest(
                key_of(text), free, lambda form: any(map(may, self._register.concepts(form)))
            )
            if slip is None or not _stands_alone(text, slip.start, slip.end) or self._is_ours(text[slice(*free)], slip):
                return None
            start, end = slip.start, slip.end
            meant = tuple(concept for form in slip.forms for concept in self._register.concepts(form))
        concepts = tuple(dict.fromkeys(filter(may, meant)))
        return NameHit(start, end, text[start:end], concepts, exact=False)

    def _prepared(self) -> Slips:
        if self._slips is None:
            from assistant.understanding.naming.slips import Slips

            self._slips = Slips(self._register.proper_forms)
        return self._slips

    def _is_ours(self, unread: str, slip: Slip) -> bool:
        """Whether what is unread is as near a word of ours: "piepline" is no slip for Pine Line."""
        from assistant.understanding.naming.slips import nearer_to

        return unread.isascii() and nearer_to(unread.strip(), self._common, slip.likeness)

    def _likeness(self, key: str) -> dict[str, float]:
        from rapidfuzz import fuzz, process

        slips = self._prepared()
        forms = [form for form in (slips.han if has_han(key) else slips.latin) if len(form) <= 3 * len(key)]
        found = process.extract(key, forms, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=None)
        scored = {form: score for form, score, _ in found}
        for form in forms:
            if key in form:
                scored[form] = max(scored.get(form, 0.0), _WITHIN)
        return scored

    def _only_our_words(self, form: str) -> bool:
        """Whether a name could be read as words of ours ("Top Five", 新客户); digits by themselves name nobody."""
        if len(form) < 2 or form in self._common_keys:
            return True
        return all(
            token.isdecimal() or token in self._common_keys or token in NUMBER_WORDS or self._cut_into_ours(token)
            for token in _TOKEN.findall(form)
        )

    def _cut_into_ours(self, run: str) -> bool:
        """Whether Chinese characters are one word of ours of two characters or more after the other."""
        if not has_han(run):
            return False
        reached = {0}
        for end in range(2, len(run) + 1):
            if any(
                start in reached and run[start:end] in self._common_keys for start in range(max(0, end - 8), end - 1)
            ):
                reached.add(end)
        return len(run) in reached


def _add(hits: dict[tuple[int, int], NameHit], hit: NameHit) -> None:
    """One hit a stretch: what is sure outweighs what is not, the like is joined."""
    place = (hit.start, hit.end)
    had = hits.get(place)
    if had is None or (hit.exact and not had.exact):
        hits[place] = hit
    elif had.exact == hit.exact:
        both = tuple(dict.fromkeys((*had.concepts, *hit.concepts)))
        hits[place] = NameHit(*place, hit.phrase, both, hit.exact)


def _everybody(concept: str) -> bool:
    return True


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no Latin word or number goes on beyond the stretch."""
    before = start > 0 and _joined(text[start - 1], text[start])
    return not before and not (end < len(text) and _joined(text[end - 1], text[end]))


def _joined(before: str, after: str) -> bool:
    return before.isalnum() and after.isalnum() and not has_han(before) and not has_han(after)


def _squashed(name: str) -> str:
    """Signs left out, and legal forms as they are shortened."""
    return _SIGNS.sub("", name.replace("limited", "ltd").replace("corporation", "corp").replace("company", "co"))


@cache
def _legal_tail() -> re.Pattern[str]:
    words = company_words()
    latin = "|".join(sorted(words.legal_latin, key=len, reverse=True))
    general = "|".join(words.general)
    return re.compile(rf"(?:,? (?:{latin})(?![a-z])\.?)+|(?:{general}){{0,2}}(?:{'|'.join(words.legal_han)})")
