-- Selling cost over revenue of the same whole closed months. An order belongs to the team its rep was in
-- that day and to that team's region, as a cost does.
-- period: whole closed months
-- by region: t.region
-- join region: LEFT JOIN teams t USING (team_id)
-- ordered_join region: LEFT JOIN rep_teams rt ON rt.rep_id = o.rep_id AND rt.from_on <= (o.ordered_at + {offset})::DATE
-- ordered_join region: AND coalesce(rt.to_on, DATE '9999-12-31') > (o.ordered_at + {offset})::DATE
-- ordered_join region: LEFT JOIN teams t USING (team_id)
-- by team: coalesce(t.name, team_id)
-- join team: LEFT JOIN teams t USING (team_id)
-- ordered_join team: LEFT JOIN rep_teams rt ON rt.rep_id = o.rep_id AND rt.from_on <= (o.ordered_at + {offset})::DATE
-- ordered_join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (o.ordered_at + {offset})::DATE
-- ordered_join team: LEFT JOIN teams t USING (team_id)
-- month: l.month
-- ordered_by month: date_trunc('month', o.ordered_at + {offset})::DATE
WITH booked AS (
    SELECT {by} AS grp, sum(l.amount) AS amount
    FROM cost_ledger l
    {join}
    WHERE l.month >= {start_day} AND l.month < {end_day}
    GROUP BY ALL
),
ordered AS (
    SELECT {ordered_by} AS grp, sum(o.amount) AS amount
    FROM orders o
    {ordered_join}
    WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now}
    GROUP BY ALL
)
SELECT ordered.grp, coalesce(booked.amount, 0) / nullif(ordered.amount, 0) AS value
FROM ordered
LEFT JOIN booked ON booked.grp IS NOT DISTINCT FROM ordered.grp
