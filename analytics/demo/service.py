"""After the sale: tickets, what customers write, tasks, and what was done to keep customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.demo.catalogue import REGIONS
from analytics.demo.customers import Accounts, customer_ids_of
from analytics.demo.days import Flags, Floats, Ints, Setting, Texts, local_dates, utc
from analytics.demo.deals import Deals, deal_ids_of
from analytics.demo.frames import as_texts, ids, loaded, pick, pick_by_row, some, words
from analytics.demo.leads import Decisions, Leads, lead_ids_of
from analytics.demo.orders import Orders, Rhythm
from analytics.demo.people import REP_IDS, Staff, owner_at
from analytics.demo.plants import CHURN_EXTRA_COMPLAINTS, COMPLAINT_CASE_FACTOR, Plants
from analytics.demo.words import FEEDBACK, TASK_TEXTS

TICKETS, FEEDBACK_ROWS, INTERVENTIONS, DONE_TASKS = 16_000, 15_000, 600, 9_000
TICKET_KINDS = ("question", "complaint", "return")
TICKET_SHARE = (0.62, 0.24, 0.14)
SEVERITIES = ("low", "medium", "high")
FEEDBACK_CHANNELS = ("survey", "wechat", "email", "phone", "review")
INTERVENTION_KINDS = ("call", "visit", "discount", "training", "replacement")
MANAGERS = ("R047", "R048", "R049", "R050", "R051", "R052")


@dataclass(frozen=True)
class Tickets:
    """Tickets in order of opening; `closed` NaN while open, `csat` NaN where nobody answered."""

    customer: Ints
    opened: Floats
    closed: Floats
    kind: Ints
    severity: Ints
    csat: Floats


def make_tickets(setting: Setting, plants: Plants, accounts: Accounts, rhythm: Rhythm) -> Tickets:
    """Tickets of customers that buy, with two planted rises of complaints on top."""
    rng = setting.rng("tickets")
    customer, opened = _spread_over_relation(rng, setting, rhythm, setting.count(TICKETS, least=60))
    kind = pick(rng, TICKET_SHARE, len(customer))
    parts = [(customer, opened, kind), *_planted_complaints(rng, setting, plants, accounts, rhythm, len(customer))]
    customer, opened, kind = (np.concatenate([part[n] for part in parts]) for n in range(3))
    order = np.argsort(opened, kind="stable")
    customer, opened, kind = customer[order], opened[order], kind[order]
    severity = pick_by_row(rng.random(len(kind)), np.array([[0.6, 0.3, 0.1], [0.2, 0.45, 0.35], [0.3, 0.5, 0.2]]), kind)
    hours = np.exp(rng.normal(np.array([2.6, 3.4, 3.9])[kind], 0.7))
    closed = setting.work.moment_at(setting.work.worked_at(opened) + hours / 24)
    closed = np.where(closed <= setting.last, closed, np.nan)
    mood = np.array([4.3, 2.9, 3.4])[kind] - 0.25 * (hours > 60) - 1.0 * (rhythm.churning[customer] & (kind == 1))
    csat = np.clip(np.rint(rng.normal(mood, 0.8)), 1, 5)
    csat = np.where(np.isnan(closed) | some(rng, 0.35, len(kind)), np.nan, csat)
    return Tickets(customer=customer, opened=opened, closed=closed, kind=kind, severity=severity, csat=csat)


def _spread_over_relation(
    rng: np.random.Generator, setting: Setting, rhythm: Rhythm, count: int
) -> tuple[Ints, Floats]:
    """Customers and working moments within their relation; frequent buyers come up more often."""
    buyers = np.flatnonzero(rhythm.since < setting.last - 1)
    starts, ends = np.maximum(rhythm.since[buyers], 0.4), rhythm.ends[buyers]
    weight = np.maximum(ends - starts, 1) / np.sqrt(rhythm.mean_gap[buyers])
    chosen = pick(rng, weight, count)
    first, last = setting.work.worked_at(starts[chosen]), setting.work.worked_at(np.maximum(ends, starts)[chosen])
    return buyers[chosen], setting.work.moment_at(first + rng.random(count) * (last - first))


def _planted_complaints(
    rng: np.random.Generator, setting: Setting, plants: Plants, accounts: Accounts, rhythm: Rhythm, usual: int
) -> list[tuple[Ints, Floats, Ints]]:
    """One region's bad month, and the complaints of customers about to leave."""
    if not plants.planted:
        return []
    month_days = np.flatnonzero(setting.month_of_day == plants.complaint_month)
    bounds = setting.work.worked_at(np.array([month_days[0], month_days[-1] + 1], dtype=np.float64))
    buying = (rhythm.since < month_days[0]) & (rhythm.ends > month_days[-1])
    in_region = np.flatnonzero(buying & (accounts.region == REGIONS.index(plants.complaint_region)))
    a_month = usual * TICKET_SHARE[1] * len(in_region) / max(1, int(buying.sum())) * 30.4 / setting.days
    extra = max(4, round(a_month * (COMPLAINT_CASE_FACTOR - 1)))
    regional = in_region[rng.integers(0, len(in_region), extra)]
    in_month = setting.work.moment_at(bounds[0] + rng.random(extra) * (bounds[1] - bounds[0]))
    leaving = np.flatnonzero(rhythm.churning)
    counts = rng.poisson(CHURN_EXTRA_COMPLAINTS, len(leaving))
    unhappy = np.repeat(leaving, counts)
    span = setting.work.worked_at(np.array([plants.churn_from, setting.last]))
    lately = setting.work.moment_at(span[0] + rng.random(len(unhappy)) * (span[1] - span[0]))
    return [
        (regional, in_month, np.ones(extra, dtype=np.int64)),
        (unhappy, lately, np.ones(len(unhappy), dtype=np.int64)),
    ]


def tickets_table(tickets: Tickets, accounts: Accounts) -> pd.DataFrame:
    """The tickets."""
    return loaded(
        "tickets", ticket_id=ids("TK", len(tickets.opened), 5),
        customer_id=customer_ids_of(accounts)[tickets.customer], opened_at=utc(tickets.opened),
        closed_at=utc(tickets.closed), severity=as_texts(SEVERITIES)[tickets.severity],
        kind=as_texts(TICKET_KINDS)[tickets.kind], csat=pd.Series(tickets.csat).astype("Int64"),
    )  # fmt: skip


@dataclass(frozen=True)
class Feedback:
    """What customers wrote; `mood` is the true one: -1, 0 or 1."""

    customer: Ints
    received: Floats
    mood: Ints
    chinese: Flags
    text: Texts
    rating: Floats


def make_feedback(setting: Setting, plants: Plants, accounts: Accounts, rhythm: Rhythm) -> Feedback:
    """Texts in the language of the customer's name, mostly; customers about to leave write unhappily."""
    rng = setting.rng("feedback")
    count = setting.count(FEEDBACK_ROWS, least=80)
    customer, received = _spread_over_relation(rng, setting, rhythm, count)
    order = np.argsort(received, kind="stable")
    customer, received = customer[order], received[order]
    unhappy = rhythm.churning[customer] & (received > plants.churn_from)
    moods = np.array([[0.22, 0.23, 0.55], [0.85, 0.10, 0.05]])
    mood = pick_by_row(rng.random(count), moods, unhappy.astype(np.int64)) - 1
    chinese = np.where(some(rng, 0.9, count), accounts.names.chinese[customer], some(rng, 0.5, count))
    rating = np.clip(np.rint(rng.normal(3.1 + 1.4 * mood, 0.55)), 1, 5)
    return Feedback(
        customer=customer, received=received, mood=mood, chinese=chinese, text=_texts(rng, mood, chinese),
        rating=np.where(some(rng, 0.3, count), np.nan, rating),
    )  # fmt: skip


def _texts(rng: np.random.Generator, mood: Ints, chinese: Flags) -> Texts:
    text = np.empty(len(mood), dtype=object)
    for language, gap in (("en", " "), ("zh-Hans", "")):
        for tone, (openings, statements, closings) in enumerate(FEEDBACK[language]):
            rows = np.flatnonzero((mood == tone - 1) & (chinese == (language != "en")))
            first, second = rng.integers(0, len(statements), (2, len(rows)))
            also = np.where((first != second) & some(rng, 0.4, len(rows)), 1, 0)
            joint = as_texts(["", ", and " if language == "en" else "，而且"])[also]
            more = np.where(also == 1, as_texts(statements)[second], "")
            start = as_texts([*openings, ""])[rng.integers(0, len(openings) + 1, len(rows))]
            end = as_texts([*closings, ""])[rng.integers(0, len(closings) + 1, len(rows))]
            stop = as_texts(["." if language == "en" else "。"])[np.zeros(len(rows), dtype=np.int64)]
            sentence = as_texts(statements)[first] + joint + more + stop
            text[rows] = [_written(part) for part in (start + gap + sentence + gap + end).tolist()]
    return text


def _written(text: str) -> str:
    """A capital at the start and after a full stop, as people write English; Chinese has none."""
    text = text.strip()
    for stop in (". ", "! "):
        head, found, tail = text.partition(stop)
        text = head + found + tail[:1].upper() + tail[1:]
    return text[:1].upper() + text[1:]


def feedback_table(setting: Setting, feedback: Feedback, accounts: Accounts) -> pd.DataFrame:
    """The feedback; some came without a rating."""
    rng = setting.rng("feedback_channels")
    count = len(feedback.received)
    return loaded(
        "feedback", feedback_id=ids("F", count, 5), customer_id=customer_ids_of(accounts)[feedback.customer],
        received_at=utc(feedback.received),
        channel=as_texts(FEEDBACK_CHANNELS)[pick(rng, (0.4, 0.25, 0.15, 0.1, 0.1), count)],
        language=np.where(feedback.chinese, "zh-Hans", "en").astype(object), text=feedback.text,
        rating=pd.Series(feedback.rating).astype("Int64"),
    )  # fmt: skip


def interventions_table(setting: Setting, accounts: Accounts, rhythm: Rhythm, orders: Orders) -> pd.DataFrame:
    """Attempts to keep a customer; kept means an order within 90 days of the start."""
    rng = setting.rng("interventions")
    customer, started = _spread_over_relation(rng, setting, rhythm, setting.count(INTERVENTIONS, least=12))
    by_time = np.argsort(started, kind="stable")
    customer, started = customer[by_time], started[by_time]
    key = orders.customer * 100_000.0 + orders.moment
    sorted_key = np.sort(key)
    following = np.searchsorted(sorted_key, customer * 100_000.0 + started, side="right")
    next_order = np.append(sorted_key, np.inf)[following] - customer * 100_000.0
    kept = next_order <= started + 90
    running = ~kept & (started + 90 > setting.last)
    ended = np.where(kept, next_order, started + 90)
    return loaded(
        "interventions", intervention_id=ids("I", len(customer), 4), customer_id=customer_ids_of(accounts)[customer],
        kind=as_texts(INTERVENTION_KINDS)[rng.integers(0, len(INTERVENTION_KINDS), len(customer))],
        decided_by=as_texts([f"P{manager[1:]}" for manager in MANAGERS])[rng.integers(0, 6, len(customer))],
        started_at=utc(started), ended_at=utc(np.where(running, np.nan, ended)),
        outcome=words(("kept", "lost"), np.where(running, -1, np.where(kept, 0, 1))),
    )  # fmt: skip


def tasks_table(
    setting: Setting, leads: Leads, decisions: Decisions, deals: Deals, accounts: Accounts, staff: Staff
) -> pd.DataFrame:
    """What reps set themselves: old tasks on leads, mostly done, and those of today's open leads and deals."""
    rng = setting.rng("tasks")
    past = rng.integers(0, len(leads), setting.count(DONE_TASKS, least=40))
    now = np.flatnonzero(decisions.still_open & np.isinf(leads.pooled_at))
    now = now[some(rng, 0.5, len(now))]
    open_deals = np.flatnonzero(np.isnan(deals.closed))
    lead = np.r_[past, now, np.full(len(open_deals), -1)]
    deal = np.r_[np.full(len(past) + len(now), -1), open_deals]
    of_lead = lead >= 0
    due = np.floor(np.r_[leads.created[past] + rng.integers(1, 15, len(past)),
                         setting.last + rng.integers(-3, 12, len(now) + len(open_deals))])  # fmt: skip
    finished = due + rng.choice([-1, 0, 0, 0, 1, 2], len(lead)) + rng.uniform(9, 18, len(lead)) / 24
    done = np.where(np.arange(len(lead)) < len(past), finished, np.inf)
    start = np.where(of_lead, leads.created[lead], deals.opened[deal])
    due, done = np.maximum(due, np.ceil(start)), np.maximum(done, start + 0.05)
    done = np.where((done <= setting.last) & some(rng, 0.93, len(lead)), done, np.nan)
    owner = np.where(of_lead, leads.owner[lead], deals.owner[deal])
    successor = np.where(of_lead, leads.successor[lead], deals.successor[deal])
    rep = owner_at(owner, successor, np.minimum(due, setting.last), staff)
    customer = np.where(of_lead, leads.customer[lead], deals.customer[deal])
    order = np.argsort(due, kind="stable")
    return loaded(
        "tasks", task_id=ids("TA", len(lead), 5), rep_id=REP_IDS[rep[order]],
        lead_id=words(lead_ids_of(leads), lead[order]), opportunity_id=words(deal_ids_of(deals), deal[order]),
        customer_id=words(customer_ids_of(accounts), customer[order]), due_on=local_dates(due[order]),
        text=as_texts(TASK_TEXTS)[rng.integers(0, len(TASK_TEXTS), len(lead))], done_at=utc(done[order]),
    )  # fmt: skip
