-- Revenue of the period over the hours of its activities; team and region are the rep's at the time of either.
-- by rep: f.rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = f.rep_id AND rt.from_on <= (f.at + {offset})::DATE
-- join team: AND (rt.to_on IS NULL OR (f.at + {offset})::DATE < rt.to_on)
-- join team: LEFT JOIN teams t ON t.team_id = rt.team_id
-- by region: t.region
-- join region: LEFT JOIN rep_teams rt ON rt.rep_id = f.rep_id AND rt.from_on <= (f.at + {offset})::DATE
-- join region: AND (rt.to_on IS NULL OR (f.at + {offset})::DATE < rt.to_on)
-- join region: LEFT JOIN teams t ON t.team_id = rt.team_id
-- month: date_trunc('month', f.at + {offset})::DATE
WITH facts AS (
    SELECT rep_id, ordered_at AS at, amount, 0 AS minutes
    FROM orders
    WHERE ordered_at >= {start} AND ordered_at < {end} AND ordered_at <= {now}
    UNION ALL
    SELECT rep_id, happened_at, 0, minutes
    FROM activities
    WHERE happened_at >= {start} AND happened_at < {end} AND happened_at <= {now}
)
SELECT {by} AS grp, sum(f.amount)::DOUBLE / nullif(sum(f.minutes) / 60, 0) AS value
FROM facts f
{join}
GROUP BY ALL
