"""The straight line: question -> understand -> permit -> run -> explain -> Answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter, ValidationError

from analytics.insights.charts import Chart, TrendChart
from analytics.organisation import Company, Person, Rep, all_reps, read_company, sample_people
from analytics.semantic import Model
from analytics.vocabulary import Clock, Scope
from analytics.warehouse import NothingLoaded, Reader, Warehouse
from assistant import kinds
from assistant.access import Permitted, asker_in_slack, askers_named, permit
from assistant.explain import Explanation, Speaker, explain, plain
from assistant.formats import json_figure
from assistant.plans import Plan, Refuse
from assistant.question import Answer, Asker, Language, Picture, Question
from assistant.result import Result, Room
from assistant.slack.blocks import blocks_of
from assistant.understanding import Context, understand
from assistant.understanding.lexicon import Lexicon
from assistant.understanding.names import names_of_reps, names_of_values
from assistant.understanding.normalise import language_of

_PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class _Names:
    """What understanding and wording need of one warehouse version, read once a version."""

    version: int
    company: Company
    reps: dict[str, Rep]
    lexicon: Lexicon


@dataclass
class Desk:
    """Answers questions; safe to share between threads. `today` fixes the clock, else `now` is asked each time."""

    warehouse: Warehouse
    model: Model
    calls_per_day: int = 12
    contact: str = ""
    today: date | None = None
    now: Callable[[], datetime] = _utc_now
    _names: _Names | None = field(default=None, repr=False)

    def answer(self, question: Question) -> Answer:
        """The answer, the question back or the refusal. Raises only on our fault."""
        started = perf_counter()
        try:
            with self.warehouse.reader() as reader:
                names = self._names_of(reader)
                permitted = permit(self._plan(question, names), question.asker, reader, self.model)
                room = self._room(question, permitted, names, reader)
                answer = self._say(question, room)
        except NothingLoaded:
            answer = self._say(question, self._empty_room(question))
        return _timed(answer, started)

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

    def clock(self, asker: Asker | None, today: date | None = None) -> Clock:
        """The moment to answer for, its days counted where the asker is, else where the company is."""
        zone = _known_zone(asker.timezone if asker else None) or _known_zone(self._company().timezone) or "UTC"
        day = today or self.today
        return Clock.end_of(day, zone) if day else Clock(self.now(), zone)

    def warm_up(self) -> None:
        """Answer one question nobody asked, so that the first real one finds everything loaded."""
        clock = self.clock(None)
        for text in ("help", "帮助"):
            self.answer(Question(text, None, clock, in_slack=True))

    def _company(self) -> Company:
        try:
            with self.warehouse.reader() as reader:
                return self._names_of(reader).company
        except NothingLoaded:
            return Company()

    def _names_of(self, reader: Reader) -> _Names:
        names = self._names
        if names is None or names.version != reader.version:
            reps = {rep.rep_id: rep for rep in all_reps(reader)}
            known = (*names_of_reps(reps.values()), *names_of_values(self.model, reader))
            lexicon = Lexicon(known, self.model)
            names = self._names = _Names(reader.version, read_company(reader), reps, lexicon)
        return names

    def _plan(self, question: Question, names: _Names) -> Plan:
        if question.plan is None:
            starts = names.company.fiscal_year_start
            return understand(question.text, Context(names.lexicon, self.model, question.clock.today, starts))
        try:
            return _PLAN.validate_python(question.plan)
        except ValidationError:
            return Refuse(reason="bad_plan")

    def _room(self, question: Question, permitted: Permitted, names: _Names, reader: Reader) -> Room:
        alike = askers_named(reader, question.asked_as) if question.asked_as and not question.asker else []
        examples = () if question.asker or question.in_slack else _examples(reader, alike)
        if len(alike) > 1:
            permitted = replace(permitted, plan=Refuse(reason="ambiguous_asker"))
        return Room(
            reader, permitted, question.asker, question.clock, names.company, names.reps, self.calls_per_day,
            self.contact, question.asked_as, examples, in_slack=question.in_slack, kpis=self.model,
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

    def _say(self, question: Question, room: Room) -> Answer:
        result = kinds.run(room)
        language = question.language or language_of(question.text, question.asker.locale if question.asker else None)
        company = replace(room.company, currency=result.currency or room.company.currency)
        explanation = explain(result, Speaker(language, company, room.clock))
        return _answer(question, room, result, explanation, language)


def _examples(reader: Reader, alike: Sequence[Asker]) -> tuple[str, ...]:
    """What `--as` takes: the people of the name that was given, else a rep and a manager."""
    people: Sequence[Asker | Person] = alike[:4]
    if not people:
        people = [person for role in ("rep", "manager") for person in sample_people(reader, role, limit=1)]
    return tuple(f"{person.role}:{person.rep_id or person.person_id}" for person in people)


def _answer(question: Question, room: Room, result: Result, said: Explanation, language: Language) -> Answer:
    plan: dict[str, Any] = (result.plan or room.permitted.plan).model_dump(mode="json")
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
        private=result.private,
        pictures=tuple(
            Picture(f"{result.route}-{number}", chart.alt, chart) for number, chart in enumerate(said.charts, start=1)
        ),
    )


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
    keys = asdict(replace(answer, pictures=()))
    for inner in ("headline", "private", "pictures"):
        keys.pop(inner)
    took_ms = keys.pop("took_ms")
    charts = [_json_chart(picture.chart) for picture in answer.pictures]
    return json.dumps({**keys, "charts": charts, "took_ms": took_ms}, ensure_ascii=False)


def _json_chart(chart: Chart) -> dict[str, Any]:
    kind, parts = ("line", chart.points) if isinstance(chart, TrendChart) else ("bar", chart.bars)
    points = [{"label": part.label, "value": part.value} for part in parts]
    return {"title": chart.title, "kind": kind, "alt": chart.alt, "points": points}
