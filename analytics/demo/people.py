"""The organisation: 40 reps in six teams and four regions, their managers, and everybody else who may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analytics.demo.catalogue import REGIONS
from analytics.demo.days import START, Flags, Floats, Ints, Setting, Texts, local_dates, moment_of, month_index, utc
from analytics.demo.frames import as_texts, blanked, ids, loaded

TEAMS = (
    ("T1", "East 1", "East", "R047", "T7"), ("T2", "East 2", "East", "R048", "T7"),
    ("T3", "South 1", "South", "R049", None), ("T4", "South 2", "South", "R050", None),
    ("T5", "North 1", "North", "R051", None), ("T6", "West 1", "West", "R051", None),
    ("T7", "East", "East", "R052", None),
)  # fmt: skip
TEAM_IDS = tuple(team[0] for team in TEAMS)
SELLING_TEAMS = TEAM_IDS[:6]
REGION_OF_TEAM: Ints = np.array([REGIONS.index(team[2]) for team in TEAMS], dtype=np.int64)

# Name, e-mail, team, hired, left. The first 40 sell today, six have left, the last six manage.
# 张伟/张玮 and 李静/李婧 sound alike, there are two 王芳 and two Annas, Chen Jing and 陈静 share a spelling.
REPS = (
    ("张伟", "zhang.wei", 0, "2019-03-04", None), ("张玮", "zhang.wei2", 0, "2021-06-15", None),
    ("Emily Harris", "emily.harris", 0, "2020-02-17", None), ("刘洋", "liu.yang", 0, "2022-07-01", None),
    ("陈静", "chen.jing", 0, "2018-09-10", None), ("Marco Rossi", "marco.rossi", 0, "2022-11-21", None),
    ("周思远", "zhou.siyuan", 0, "2023-04-03", None), ("Anna Schmidt", "anna.schmidt", 0, "2024-03-11", None),
    ("王芳", "wang.fang", 1, "2017-05-22", None), ("李静", "li.jing", 1, "2020-10-12", None),
    ("Tom Okafor", "tom.okafor", 1, "2021-01-18", None), ("赵磊", "zhao.lei", 1, "2019-11-04", None),
    ("Sofia Garcia", "sofia.garcia", 1, "2022-03-14", None), ("孙浩然", "sun.haoran", 1, "2023-09-18", None),
    ("欧阳雪", "ouyang.xue", 1, "2021-08-30", None), ("黄志强", "huang.zhiqiang", 2, "2018-01-15", None),
    ("Priya Patel", "priya.patel", 2, "2020-06-08", None), ("林嘉怡", "lin.jiayi", 2, "2022-05-09", None),
    ("李婧", "li.jing2", 2, "2021-03-22", None), ("Daniel Chan", "daniel.chan", 2, "2019-07-29", None),
    ("何平", "he.ping", 2, "2022-09-05", None), ("Grace Tan", "grace.tan", 2, "2024-06-03", None),
    ("吴桂英", "wu.guiying", 3, "2016-04-11", None), ("Lucas Silva", "lucas.silva", 3, "2021-11-15", None),
    ("郑海燕", "zheng.haiyan", 3, "2020-08-17", None), ("谢军", "xie.jun", 3, "2019-02-25", None),
    ("Nadia Haddad", "nadia.haddad", 3, "2022-10-10", None), ("梁子涵", "liang.zihan", 3, "2023-02-20", None),
    ("马勇", "ma.yong", 4, "2018-06-18", None), ("王芳", "wang.fang2", 4, "2021-05-24", None),
    ("Ingrid Larsen", "ingrid.larsen", 4, "2020-01-06", None), ("宋建国", "song.jianguo", 4, "2017-10-16", None),
    ("Chen Jing", "jing.chen", 4, "2022-06-27", None), ("Victor Novak", "victor.novak", 4, "2023-05-15", None),
    ("罗敏", "luo.min", 5, "2019-09-09", None), ("Anna Ivanova", "anna.ivanova", 5, "2021-04-12", None),
    ("唐超", "tang.chao", 5, "2020-12-07", None), ("Omar Walker", "omar.walker", 5, "2022-08-15", None),
    ("古丽娜尔", "gulinar", 5, "2021-10-25", None), ("冯涛", "feng.tao", 5, "2018-12-03", None),
    ("徐霞", "xu.xia", 0, "2018-03-12", "2023-10-31"), ("James Wright", "james.wright", 1, "2020-04-20", "2024-05-17"),
    ("韩刚", "han.gang", 2, "2019-01-14", "2024-08-30"), ("Yuki Tanaka", "yuki.tanaka", 3, "2021-07-05", "2023-06-30"),
    ("高艳", "gao.yan", 4, "2020-03-23", "2024-10-18"), ("Samuel Kim", "samuel.kim", 5, "2022-01-10", "2024-04-26"),
    ("沈国华", "shen.guohua", 0, "2014-02-10", None), ("Laura Fischer", "laura.fischer", 1, "2016-09-19", None),
    ("朱丽", "zhu.li", 2, "2015-11-02", None), ("彭军", "peng.jun", 3, "2017-03-06", None),
    ("Hannah Nguyen", "hannah.nguyen", 4, "2018-08-20", None), ("郭明", "guo.ming", 6, "2012-05-14", None),
)  # fmt: skip
SELLERS = 46
ACTIVE_SELLERS = 40
# Reps who changed team within their region: rep, team before, first day in the team of today.
MOVES = ((12, 0, date(2024, 1, 8)), (2, 1, date(2023, 7, 3)), (19, 3, date(2024, 9, 2)))

OTHERS = (
    ("顾文涛", "gu.wentao", "exec", "zh-Hans", "Asia/Shanghai"),
    ("Catherine Moreau", "catherine.moreau", "exec", "en", "Asia/Singapore"),
    ("蔡佩珊", "cai.peishan", "exec", "zh-Hant", "Asia/Hong_Kong"),
    ("Admin Deng 邓凯", "deng.kai", "admin", "zh-Hans", "Asia/Shanghai"),
    ("叶雨桐", "ye.yutong", "trainee", "zh-Hans", "Asia/Shanghai"),
    ("Noah Lindqvist", "noah.lindqvist", "trainee", "en", "Asia/Shanghai"),
    ("曹阳", "cao.yang", "trainee", "zh-Hans", "Asia/Shanghai"),
    ("Fatima O'Brien", "fatima.obrien", "trainee", "en", "Asia/Shanghai"),
)
REP_IDS = ids("R", len(REPS), 3)


@dataclass(frozen=True)
class Staff:
    """The sellers by code 0-45: when each joined and left (inf: still there), and whose work each takes over.

    `team_by_month[rep, month]` is the team's code. `successors` are reps of the same team who stay throughout.
    """

    hired: Floats
    left: Floats
    team_now: Ints
    team_by_month: Ints
    skill: Floats
    diligence: Floats

    def in_office(self, region: int, whole_month: Floats) -> Ints:
        """The sellers of a region who are there at the start and the end of a month."""
        here = REGION_OF_TEAM[self.team_now] == region
        return np.flatnonzero(here & (self.hired <= whole_month[0]) & (self.left >= whole_month[1]))

    def successors(self, team: int) -> Ints:
        """Who takes over when somebody of the team leaves."""
        codes = np.arange(SELLERS)
        return np.flatnonzero((self.team_now == team) & (codes < ACTIVE_SELLERS) & (self.hired < moment_of(START)))


def make_staff(setting: Setting, skill_spread: float) -> Staff:
    """The sellers, with a skill (log-odds) and a diligence (chance of a fast first contact) each."""
    rng = setting.rng("reps")
    sellers = REPS[:SELLERS]
    team_now = np.array([rep[2] for rep in sellers], dtype=np.int64)
    months = int(setting.month_of_day[-1]) + 1
    team_by_month = np.repeat(team_now[:, None], months, axis=1)
    for rep, before, since in MOVES:
        team_by_month[rep, : month_index(since)] = before
    return Staff(
        hired=np.array([moment_of(date.fromisoformat(rep[3])) for rep in sellers]),
        left=np.array([_left(rep[4]) for rep in sellers]),
        team_now=team_now, team_by_month=team_by_month,
        skill=np.round(rng.normal(0, skill_spread, SELLERS), 3),
        diligence=np.round(rng.uniform(0.35, 0.75, SELLERS), 3),
    )  # fmt: skip


def _left(day: str | None) -> float:
    return np.inf if day is None else moment_of(date.fromisoformat(day)) + 1.0


def owner_at(owner: Ints, successor: Ints, moments: Floats, staff: Staff) -> Ints:
    """Who looks after something at a moment: its owner, or the successor once the owner has left."""
    return np.where((owner >= 0) & (moments >= staff.left[owner]), successor, owner)


def choose_successors(rng: np.random.Generator, owner: Ints, staff: Staff) -> Ints:
    """For each owner a colleague who would take over."""
    chosen = np.full(len(owner), -1, dtype=np.int64)
    for team in range(len(SELLING_TEAMS)):
        of_team = np.flatnonzero((owner >= 0) & (staff.team_now[owner] == team))
        heirs = staff.successors(team)
        chosen[of_team] = heirs[rng.integers(0, len(heirs), len(of_team))]
    return chosen


def org_tables(setting: Setting) -> dict[str, pd.DataFrame]:
    """company, teams, reps, rep_teams and people."""
    hired = np.array([moment_of(date.fromisoformat(rep[3])) for rep in REPS])
    left = np.array([_left(rep[4]) - 1.0 for rep in REPS])
    gone = left < setting.last
    team = np.array([rep[2] for rep in REPS])
    reps = loaded(
        "reps", rep_id=REP_IDS, name=as_texts([rep[0] for rep in REPS]),
        email=as_texts([f"{rep[1]}@demo.example" for rep in REPS]), slack_user_id=_slack_ids(REP_IDS),
        team_id=as_texts(TEAM_IDS)[team], region=as_texts([TEAMS[code][2] for code in team]),
        hired_on=local_dates(hired), left_on=local_dates(np.where(gone, left, np.nan)), active=~gone,
    )  # fmt: skip
    return {
        "company": _company(), "teams": _teams(), "reps": reps,
        "rep_teams": _rep_teams(np.where(gone, left, np.nan), hired, team), "people": _people(~gone),
    }  # fmt: skip


def _company() -> pd.DataFrame:
    return loaded(
        "company", name=["云岭工控 Yunling Controls"], currency=["CNY"], timezone=["Asia/Shanghai"],
        fiscal_year_start=[1], calendar=["CN"], chinese_variant=["zh-Hans"], performance_reading=["revenue"],
    )  # fmt: skip


def _teams() -> pd.DataFrame:
    columns = ("team_id", "name", "region", "manager_rep_id", "parent_team_id")
    return loaded("teams", **{name: as_texts([team[n] for team in TEAMS]) for n, name in enumerate(columns)})


def _rep_teams(left: Floats, hired: Floats, team: Ints) -> pd.DataFrame:
    rows = [(rep, int(team[rep]), float(hired[rep]), float(left[rep])) for rep in range(len(REPS))]
    for rep, before, since in MOVES:
        day = moment_of(since)
        rows[rep] = (rep, int(team[rep]), day, float(left[rep]))
        rows.append((rep, before, float(hired[rep]), day))
    rows.sort(key=lambda row: (row[0], row[2]))
    return loaded(
        "rep_teams", rep_id=REP_IDS[[row[0] for row in rows]], team_id=as_texts([TEAM_IDS[row[1]] for row in rows]),
        from_on=local_dates(np.array([row[2] for row in rows])), to_on=local_dates(np.array([row[3] for row in rows])),
    )  # fmt: skip


def _people(active: Flags) -> pd.DataFrame:
    names = [rep[0] for rep in REPS] + [other[0] for other in OTHERS]
    emails = [rep[1] for rep in REPS] + [other[1] for other in OTHERS]
    roles = ["rep"] * SELLERS + ["manager"] * (len(REPS) - SELLERS) + [other[2] for other in OTHERS]
    locales = ["en" if rep[0].isascii() else "zh-Hans" for rep in REPS] + [other[3] for other in OTHERS]
    person_ids = ids("P", len(names), 3)
    return loaded(
        "people", person_id=person_ids, email=as_texts([f"{email}@demo.example" for email in emails]),
        slack_user_id=np.concatenate([_slack_ids(REP_IDS), _slack_ids(person_ids[len(REPS):])]),
        name=as_texts(names), role=as_texts(roles), rep_id=as_texts([*REP_IDS, *[None] * len(OTHERS)]),
        timezone=as_texts(["Asia/Shanghai"] * len(REPS) + [other[4] for other in OTHERS]),
        locale=as_texts(locales), active=np.concatenate([active, np.ones(len(OTHERS), dtype=np.bool_)]),
    )  # fmt: skip


def _slack_ids(own: Texts) -> Texts:
    return as_texts([f"U0{one}" for one in own])


def survey_table(setting: Setting) -> pd.DataFrame:
    """Quarterly answers of reps about the tools they sell with; from 2025 on, trust is low in team South 2."""
    from analytics.demo.words import SURVEY_COMMENTS, SURVEY_QUESTIONS

    rng = setting.rng("survey_answers")
    quarters = range(2, setting.this_month + 1, 3)
    rows: list[tuple[str, int, float, int]] = []
    for month in quarters:
        asked = float(np.searchsorted(setting.month_of_day, month)) + 9 + 10 / 24
        there = [
            rep for rep in range(SELLERS)
            if moment_of(date.fromisoformat(REPS[rep][3])) < asked < _left(REPS[rep][4]) and asked < setting.last
        ]  # fmt: skip
        survey = f"S{START.year + month // 12}Q{month % 12 // 3 + 1}"
        rows += [(survey, rep, asked, question) for rep in there for question in range(len(SURVEY_QUESTIONS))]
    rep = np.array([row[1] for row in rows], dtype=np.int64)
    asked_at = np.array([row[2] for row in rows])
    question = np.array([row[3] for row in rows], dtype=np.int64)
    doubtful = (np.array([REPS[code][2] for code in rep]) == 3) & (asked_at > moment_of(date(2025, 1, 1)))
    score = np.clip(np.rint(rng.normal(np.where(doubtful, 2.2, 3.7), 0.8)), 1, 5)
    comment = rng.integers(0, len(SURVEY_COMMENTS[0]), len(rows))
    mood = np.where(score <= 2, 0, np.where(score >= 4, 2, 1))
    comments = as_texts([comment for of_mood in SURVEY_COMMENTS for comment in of_mood])
    said = blanked(comments[mood * len(SURVEY_COMMENTS[0]) + comment], rng.random(len(rows)) >= 0.3)
    return loaded(
        "survey_answers", survey_id=as_texts([row[0] for row in rows]), rep_id=REP_IDS[rep],
        asked_at=utc(asked_at), question=as_texts(SURVEY_QUESTIONS)[question], score=score, text=said,
    )  # fmt: skip
