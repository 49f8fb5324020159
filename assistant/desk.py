"""The straight line: question -> understand -> permit -> run -> explain -> Answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from analytics.organisation import Company, Person, sample_people, slack_user_of
from analytics.semantic import Model
from analytics.vocabulary import Clock, Scope
from analytics.warehouse import NothingLoaded, Reader, Warehouse
from assistant import kinds
from assistant.access import Permitted, asker_in_slack, asker_of_person, askers_named, permit
from assistant.chart_json import json_chart
from assistant.conversation import Conversations
from assistant.explain import Explanation, Speaker, explain, plain
from assistant.export import Report
from assistant.figures_access import FigurePlan
from assistant.formats import json_figure
from assistant.kinds.described import described
from assistant.kinds.quality_notes import with_quality
from assistant.kinds.reading_notes import reading_notes
from assistant.kinds.wording import titled
from assistant.known import Known, read_known
from assistant.plans import Compound, Plan, Refuse, Summary
from assistant.question import Answer, Asker, Language, Picture, Question
from assistant.result import Result, Room
from assistant.shared_access import may_all_see
from assistant.slack.blocks import blocks_of
from assistant.subscriptions import Subscriptions
from assistant.understanding import Understood, understood
from assistant.understanding.normalise import language_of

_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Desk:
    """Answers questions; safe to share between threads. `today` fixes the clock, else `now` is asked each time."""

    warehouse: Warehouse
    model: Model
    calls_per_day: int = 12
    contact: str = ""
    today: date | None = None
    now: Callable[[], datetime] = _utc_now
    conversations: Conversations | None = None
    subscriptions: Subscriptions | None = None
    _known: Known | None = field(default=None, repr=False)

    def answer(self, question: Question) -> Answer:
        """The answer, the question back or the refusal. Raises only on our fault."""
        started = perf_counter()
        try:
            with self.warehouse.reader() as reader:
                known = self._known_of(reader)
                answer = self._answer(self._understood(question, known, reader), question, known, reader)
        except NothingLoaded:
            answer = self._say(question, self._empty_room(question))
        return _timed(answer, started)

    def _answer(self, read: Understood, question: Question, known: Known, reader: Reader) -> Answer:
        if isinstance(read.plan, Compound) and question.asker is not None:
            each = (replace(read, plan=part) for part in read.plan.parts)
            return _together(read.plan, tuple(self._answer(one, question, known, reader) for one in each))
        permitted = permit(read.plan, question.asker, reader, self.model)
        return self._say(question, self._room(question, permitted, known, reader), read)

    def refused(self, text: str, reason: str, words: tuple[str, ...] = ()) -> Answer:
        """A refusal that needs no data: a line that cannot be read, a fault of ours."""
        question = Question(text, None, Clock(self.now()), in_slack=True)
        room = replace(self._empty_room(question), permitted=Permitted(Refuse(reason=reason, words=words), Scope()))
        return self._say(question, room)

    def asker(self, words: str) -> Asker | None:
        """The one person `--as` names, or None."""
        try:
            with self.warehouse.reader() as reader:
                found = askers_named(reader, words)
        except NothingLoaded:
            return None
        return found[0] if len(found) == 1 else None

    def asker_of_slack(self, user_id: str, email: str | None) -> Asker | None:
        """The person behind a Slack user, or None."""
        try:
            with self.warehouse.reader() as reader:
                return asker_in_slack(reader, user_id, email)
        except NothingLoaded:
            return None

    def asker_of_person(self, person_id: str) -> Asker | None:
        """Somebody active by their person_id; None when they have left. NothingLoaded while that cannot be told."""
        with self.warehouse.reader() as reader:
            return asker_of_person(reader, person_id)

    def slack_user_of(self, person_id: str) -> str | None:
        """The Slack user that a person is, as far as the data or an admin say so."""
        with self.warehouse.reader() as reader:
            return slack_user_of(reader, person_id)

    def may_all_see(self, plan: Plan, shown: Collection[str], asker: Asker, others: Sequence[Asker]) -> bool:
        """Whether `others` may all see what `plan` tells the asker; `shown` are the KPIs it told figures of."""
        with self.warehouse.reader() as reader:
            return may_all_see(plan, shown, asker, others, reader, self.model)

    def clock(self, asker: Asker | None, today: date | None = None) -> Clock:
        """The moment to answer for, its days counted where the asker is, else where the company is."""
        zone = _known_zone(asker.timezone if asker else None) or _known_zone(self.company().timezone) or "UTC"
        day = today or self.today
        return Clock.end_of(day, zone) if day else Clock(self.now(), zone)

    def clock_at(self, moment: datetime, timezone: str) -> Clock:
        """A moment to answer for, in somebody's zone; the fixed day where there is one."""
        return Clock.end_of(self.today, timezone) if self.today else Clock(moment, timezone)

    def warm_up(self) -> None:
        """Answer one question nobody asked, so that the first real one finds everything loaded."""
        clock = self.clock(None)
        for text in ("help", "帮助"):
            self.answer(Question(text, None, clock, in_slack=True))
        if self._known is not None:
            self._known.index.prepare()

    def company(self) -> Company:
        """The company's settings; neutral ones while nothing is loaded."""
        try:
            with self.warehouse.reader() as reader:
                return self._known_of(reader).company
        except NothingLoaded:
            return Company()

    def _known_of(self, reader: Reader) -> Known:
        if self._known is None or self._known.version != reader.version:
            self._known = read_known(reader, self.model)
        return self._known

    def _understood(self, question: Question, known: Known, reader: Reader) -> Understood:
        if question.plan is None:
            before = self.conversations.before(question) if self.conversations else None
            return understood(question.text, known.context(question, self.model, reader), before)
        try:
            return Understood(_PLAN.validate_python(question.plan))
        except ValidationError:
            return Understood(Refuse(reason="bad_plan"))

    def _room(self, question: Question, permitted: Permitted, known: Known, reader: Reader) -> Room:
        alike = askers_named(reader, question.asked_as) if question.asked_as and not question.asker else []
        examples = () if question.asker or question.in_slack else _examples(reader, alike)
        if len(alike) > 1:
            permitted = replace(permitted, plan=Refuse(reason="ambiguous_asker"))
        return Room(
            reader, permitted, question.asker, question.clock, known.company, known.reps, self.calls_per_day,
            self.contact, question.asked_as, examples, in_slack=question.in_slack, kpis=self.model,
            language=question.language or self._language_of(question), place=question.place,
            scheduled=question.scheduled, subscriptions=self.subscriptions, warehouse=self.warehouse,
        )  # fmt: skip

    def _empty_room(self, question: Question) -> Room:
        permitted = Permitted(Refuse(reason="nothing_loaded"), Scope())
        return Room(
            None,
            permitted,
            question.asker,
            question.clock,
            Company(),
            {},
            self.calls_per_day,
            self.contact,
            question.asked_as,
            kpis=self.model,
        )

    def _say(self, question: Question, room: Room, read: Understood | None = None) -> Answer:
        result = kinds.run(room)
        if read is not None:
            result = replace(result, notes=reading_notes(read))
        result = with_quality(result, room)
        language = question.language or self._language_of(question)
        company = replace(room.company, currency=result.currency or room.company.currency)
        explanation = explain(result, Speaker(language, company, room.clock))
        return _answer(question, room, result, explanation, language)

    def _language_of(self, question: Question) -> Language:
        """The language of the words; where they leave it open, that of the thread, else the asker's own."""
        before = self.conversations.language_before(question) if self.conversations else None
        return language_of(question.text, question.asker.locale if question.asker else None, before)


def _examples(reader: Reader, alike: Sequence[Asker]) -> tuple[str, ...]:
    """What `--as` takes: the people of the name that was given, else a rep and a manager."""
    people: Sequence[Asker | Person] = alike[:4]
    if not people:
        people = [person for role in ("rep", "manager") for person in sample_people(reader, role, limit=1)]
    return tuple(f"{person.role}:{person.rep_id or person.person_id}" for person in people)


def _answer(question: Question, room: Room, result: Result, said: Explanation, language: Language) -> Answer:
    plan = _shown(result.plan or room.permitted.plan)
    choices = [
        {"label": item["label"], "plan": choice.model_dump(mode="json")}
        for item, choice in zip(said.items, result.choices, strict=False)
    ]
    items = [] if choices else said.items
    return Answer(
        question=question.text,
        language=str(language),
        asker={"id": _id_of(question.asker), "role": str(question.asker.role) if question.asker else None},
        route=result.route,
        plan=plan,
        reading=plain(said.reading),
        headline=plain(said.headline).replace("**", ""),
        text=said.text,
        blocks=blocks_of(said, choices),
        figures=[json_figure(figure) for figure in result.figures],
        items=items,
        evidence={"sql": [], "as_of": None, "model": None, "quality": None, **result.evidence},
        choices=choices,
        buttons=[
            {"label": label, "plan": plan.model_dump(mode="json")}
            for row in said.buttons
            for label, plan in row.buttons
        ],
        private=result.private,
        off=result.off,
        pictures=tuple(
            Picture(f"{result.route}-{number}", chart.alt, chart) for number, chart in enumerate(said.charts, start=1)
        ),
        report=_report(room, result, said),
    )


def _report(room: Room, result: Result, said: Explanation) -> Report | None:
    """What can be exported: answers with figures that a plan about figures asked for."""
    plan = result.plan or room.permitted.plan
    if not result.figures or not isinstance(plan, FigurePlan):
        return None
    if isinstance(plan, Summary):
        plan = plan.model_copy(update={"as_file": None})
    kpis = room.model.kpis
    names = {figure.name: titled(kpis[figure.name].names) for figure in result.figures if figure.name in kpis}
    return Report(result.route, described(plan, room), said, result.figures, names)


def _shown(plan: Plan) -> dict[str, Any]:
    """The plan as the answer has it: of a kind whose tool is missing, what was understood and why it was not run."""
    if isinstance(plan, Refuse) and plan.reason == "not_yet" and plan.understood:
        return {**plan.understood, "refused": {"reason": plan.reason}}
    return plan.model_dump(mode="json")


def _together(plan: Compound, parts: tuple[Answer, ...]) -> Answer:
    """Several answers as one: each is shown in its turn."""
    first = parts[0]
    return Answer(
        question=first.question,
        language=first.language,
        asker=first.asker,
        route="compound",
        plan=plan.model_dump(mode="json"),
        reading="\n".join(part.reading for part in parts),
        text="\n\n".join(part.text for part in parts),
        blocks=[block for part in parts for block in part.blocks],
        headline=first.headline,
        private=any(part.private for part in parts),
        off=_any_off(parts),
        pictures=tuple(picture for part in parts for picture in part.pictures),
        evidence=first.evidence,
        parts=parts,
    )


def _any_off(parts: tuple[Answer, ...]) -> bool | None:
    told = [part.off for part in parts if part.off is not None]
    return any(told) if told else None


def _known_zone(name: str | None) -> str | None:
    """A time zone's name if there is such a zone: data may hold anything."""
    try:
        return str(ZoneInfo(name)) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _id_of(asker: Asker | None) -> str | None:
    return None if asker is None else asker.rep_id or asker.person_id


def _timed(answer: Answer, started: float) -> Answer:
    return replace(answer, took_ms=round((perf_counter() - started) * 1000, 1))


def as_json(answer: Answer) -> str:
    """The machine-readable answer on one line."""
    return json.dumps(_keys_of(answer), ensure_ascii=False)


def _keys_of(answer: Answer) -> dict[str, Any]:
    keys = asdict(replace(answer, pictures=(), report=None, parts=()))
    for inner in ("headline", "private", "off", "pictures", "report", "parts"):
        keys.pop(inner)
    took_ms = keys.pop("took_ms")
    charts = [json_chart(picture.chart) for picture in answer.pictures]
    return {**keys, "charts": charts, "parts": [_keys_of(part) for part in answer.parts], "took_ms": took_ms}
