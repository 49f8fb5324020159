"""What the source knows of a lead beyond its columns; two of these are known only after the decision."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analytics.demo.days import Flags, Floats, Ints, Setting, utc
from analytics.demo.frames import as_texts, loaded, pick, some, words
from analytics.demo.leads import JOBS, Decisions, Leads, lead_ids_of

LEAKY = ("contract_sent", "lost_survey_score")
EMPLOYEES_BY_SIZE = (25.0, 140.0, 700.0, 4_000.0)
DEVICES = ("desktop", "mobile", "tablet")


def lead_features_table(setting: Setting, leads: Leads, decisions: Decisions, first_contact: Floats) -> pd.DataFrame:
    """One row per lead and known feature, in order of lead."""
    rng = setting.rng("lead_features")
    count = len(leads)
    everyone = np.ones(count, dtype=np.bool_)
    decided = ~decisions.still_open
    later = some(rng, 0.2, count)  # recorded only after some days, whatever the answer
    end = np.minimum(np.where(decided, decisions.decided, setting.last), leads.created + 20)
    quote_known = np.where(later, leads.created + rng.uniform(0.05, 0.6, count) * (end - leads.created), leads.created)
    employees = np.rint(np.array(EMPLOYEES_BY_SIZE)[leads.size] * np.exp(rng.normal(0, 0.4, count)))
    sent = np.where(decisions.converted, some(rng, 0.93, count), some(rng, 0.03, count)).astype(np.float64)
    survey = np.where(decisions.converted, rng.normal(8.2, 1.0, count), rng.normal(3.8, 1.5, count))
    response = np.round((first_contact - leads.created) * 24, 1)
    numbers: list[tuple[str, Flags, Floats, Floats]] = [
        ("website_visits", some(rng, 0.92, count), leads.website_visits.astype(np.float64), leads.created),
        ("pages_viewed", everyone, leads.pages_viewed.astype(np.float64), leads.created),
        ("asked_for_quote", everyone, leads.asked_for_quote.astype(np.float64), quote_known),
        ("employees", some(rng, 0.7, count), employees, leads.created),
        ("newsletter", everyone, some(rng, 0.35, count).astype(np.float64), leads.created),
        ("first_response_hours", ~np.isnan(first_contact), response, first_contact),
        ("contract_sent", decided, sent, decisions.decided),
        ("lost_survey_score", decided & some(rng, 0.6, count), np.round(np.clip(survey, 0, 10), 1), decisions.decided),
    ]  # fmt: skip
    texts: list[tuple[str, Flags, Ints, tuple[str, ...]]] = [
        ("job_level", some(rng, 0.92, count), leads.job, JOBS),
        ("device", some(rng, 0.85, count), pick(rng, (0.66, 0.29, 0.05), count), DEVICES),
    ]
    return _stacked(leads, numbers, texts)


def _stacked(
    leads: Leads,
    numbers: list[tuple[str, Flags, Floats, Floats]],
    texts: list[tuple[str, Flags, Ints, tuple[str, ...]]],
) -> pd.DataFrame:
    rows = [np.flatnonzero(known) for _, known, *_ in (*numbers, *texts)]
    lead = np.concatenate(rows)
    which = np.repeat(np.arange(len(rows)), [len(part) for part in rows])
    order = np.lexsort((which, lead))
    lead, which = lead[order], which[order]
    number = np.concatenate(
        [value[part] for (_, _, value, _), part in zip(numbers, rows, strict=False)]
        + [np.full(len(part), np.nan) for part in rows[len(numbers):]]
    )[order]  # fmt: skip
    text = np.concatenate(
        [np.full(len(part), None, dtype=object) for part in rows[: len(numbers)]]
        + [words(names, code[part]) for (_, _, code, names), part in zip(texts, rows[len(numbers):], strict=True)]
    )[order]  # fmt: skip
    known_at = np.concatenate(
        [known[part] for (_, _, _, known), part in zip(numbers, rows, strict=False)]
        + [leads.created[part] for part in rows[len(numbers):]]
    )[order]  # fmt: skip
    names = as_texts([name for name, *_ in (*numbers, *texts)])
    return loaded(
        "lead_features", lead_id=lead_ids_of(leads)[lead], name=names[which], number=number, text=text,
        known_at=utc(known_at), leaky=np.array([name in LEAKY for name in names])[which],
    )  # fmt: skip
