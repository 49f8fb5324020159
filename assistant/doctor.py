"""Is everything that is configured working? One line a part, and how to mend what does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.markup import escape
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from analytics.organisation import all_people, read_company
from analytics.warehouse import NothingLoaded, WarehouseError
from assistant.app import open_store, open_warehouse, slack_web_client, utc_now
from assistant.settings import Settings
from assistant.store.store import StoreError
from assistant.terminal import console


@dataclass(frozen=True)
class Part:
    """The state of one part: `state` is ok, empty, off or broken; `note` says what was found or how to mend it."""

    name: str
    state: str
    note: str
    details: dict[str, Any] = field(default_factory=dict)


def examine(settings: Settings, *, as_json: bool) -> int:
    """Examine every part; 0 when all that is configured works, else 1."""
    parts = [_tried(name, look, settings) for name, look in _PARTS]
    well = all(part.state in ("ok", "off") for part in parts)
    if as_json:
        found = {part.name: {key: value for key, value in asdict(part).items() if key != "name"} for part in parts}
        report = {"ok": well, "home": str(settings.home.absolute()), "warehouse_url": _hidden(settings.warehouse)}
        print(json.dumps({**report, "store_url": _hidden(settings.store), "parts": found}, ensure_ascii=False))
    else:
        colours = {"ok": "green", "off": "dim", "empty": "yellow", "broken": "red"}
        for part in parts:
            console.print(
                f"[{colours[part.state]}]{part.state:7}[/] {part.name:13} {escape(part.note)}", soft_wrap=True
            )
    return 0 if well else 1


def _tried(name: str, look: Callable[[Settings], Part], settings: Settings) -> Part:
    try:
        return look(settings)
    except WarehouseError as empty:
        return Part(name, "empty" if isinstance(empty, NothingLoaded) else "broken", str(empty))
    except StoreError as broken:
        return Part(name, "broken", str(broken))
    except (SQLAlchemyError, OSError) as error:
        return Part(name, "broken", f"cannot be reached: {type(error).__name__}. Check its URL and that it runs.")


def _hidden(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


def _warehouse(settings: Settings) -> Part:
    warehouse = open_warehouse(settings)
    with warehouse.reader() as reader:
        company = read_company(reader)
        ends = {source: end.isoformat() for source, end in reader.data_ends.items()}
        people = len(all_people(reader))
        details = {
            "url": _hidden(settings.warehouse),
            "read_url": warehouse.read_url(),
            "dialect": warehouse.dialect,
            "version": reader.version,
            "sources": ends,
            "company": company.name,
            "people": people,
        }
    sources = ", ".join(f"{source} up to {end[:10]}" for source, end in ends.items()) or "undated sources only"
    return Part("warehouse", "ok", f"version {reader.version} of {company.name or 'a company'}: {sources}", details)


def _store(settings: Settings) -> Part:
    from assistant.store import inbox
    from assistant.store.audit import verify

    store = open_store(settings)
    try:
        with store.reading() as session:
            broken = verify(session)
        waiting = inbox.counts(store)
    finally:
        store.close()
    details = {"url": _hidden(settings.store), "inbox": waiting}
    if broken is not None:
        return Part("store", "broken", f"the audit trail does not add up: {broken}", details)
    return Part("store", "ok", f"inbox {sum(waiting.values())} waiting; audit trail unbroken", details)


def _subscriptions(settings: Settings) -> Part:
    from datetime import timedelta

    from assistant.store.digests import condition

    store = open_store(settings)
    try:
        found = condition(store, overdue_after=timedelta(minutes=30), failed_within=timedelta(days=7))
    finally:
        store.close()
    looked = f"{found.last_looked:%Y-%m-%d %H:%M} UTC" if found.last_looked else "never"
    details = {**asdict(found), "last_looked": found.last_looked and found.last_looked.isoformat()}
    details["now"] = found.now.isoformat()
    if not (found.active or found.waiting or found.failed or found.paused_by_failures):
        return Part("subscriptions", "off", "nobody has subscribed to anything", details)
    told = (
        f"{found.active} active, {found.overdue} overdue, {found.failed} failed in the last 7 days,"
        f" {found.paused_by_failures} paused after failures; last looked for what is due: {looked}"
    )
    if found.overdue:
        return Part("subscriptions", "broken", f"{told}. Does `leadline serve` run?", details)
    if found.failed or found.paused_by_failures:
        return Part("subscriptions", "broken", f"{told}. leadline.log tells why", details)
    return Part("subscriptions", "ok", told, details)


def _slack(settings: Settings) -> Part:
    from assistant.slack.check import slack_state

    if settings.slack_bot_token is None:
        return Part("slack", "off", "not connected; `leadline manifest` prints what Slack asks for")
    well, note = slack_state(slack_web_client(settings))
    return Part("slack", "ok" if well else "broken", note)


def _clock(settings: Settings) -> Part:
    if settings.today is None:
        return Part("clock", "ok", f"{utc_now():%Y-%m-%d %H:%M} UTC")
    return Part("clock", "ok", f"answers are as of the end of {settings.today} (LEADLINE_TODAY)")


def _fonts(_settings: Settings) -> Part:
    from analytics.insights.pictures.fonts import CJK_PACKAGE, cjk_font

    font = cjk_font()
    if font is None:
        return Part("fonts", "off", f"Chinese in charts needs a font: apt-get install {CJK_PACKAGE}")
    return Part("fonts", "ok", f"Chinese in charts is written in {font}", {"cjk": font})


def _kpis(settings: Settings) -> Part:
    from analytics.semantic import ModelError
    from assistant.app import kpi_model

    try:
        model = kpi_model(settings)
    except ModelError as error:
        first, *others = error.complaints
        more = f" (and {len(others)} more; leadline kpis check)" if others else ""
        return Part("kpis", "broken", f"{first}{more}")
    own = f", with those of {settings.kpi_dir}" if settings.kpi_dir else ""
    return Part("kpis", "ok", f"{len(model.kpis)} KPI files{own}", {"kpis": len(model.kpis)})


_PARTS: tuple[tuple[str, Callable[[Settings], Part]], ...] = (
    ("warehouse", _warehouse),
    ("store", _store),
    ("subscriptions", _subscriptions),
    ("kpis", _kpis),
    ("slack", _slack),
    ("clock", _clock),
    ("fonts", _fonts),
)
