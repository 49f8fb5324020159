-- All selling cost over the gross margin of the same whole closed months: of lines whose amount and cost are both known.
-- An order belongs to the team its rep was in that day and to that team's region, as a cost does.
-- period: whole closed months
-- by team: coalesce(t.name, f.team_id, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = f.rep_id AND rt.from_on <= (f.at + {offset})::DATE
-- join team: AND (rt.to_on IS NULL OR (f.at + {offset})::DATE < rt.to_on)
-- join team: LEFT JOIN teams t ON t.team_id = coalesce(f.team_id, rt.team_id)
-- by region: t.region
-- join region: LEFT JOIN rep_teams rt ON rt.rep_id = f.rep_id AND rt.from_on <= (f.at + {offset})::DATE
-- join region: AND (rt.to_on IS NULL OR (f.at + {offset})::DATE < rt.to_on)
-- join region: LEFT JOIN teams t ON t.team_id = coalesce(f.team_id, rt.team_id)
-- month: f.month
WITH facts AS (
    SELECT month, team_id, NULL AS rep_id, NULL AS at, amount AS cost, 0 AS margin
    FROM cost_ledger
    WHERE month >= {start_day} AND month < {end_day}
    UNION ALL
    SELECT date_trunc('month', ordered_at + {offset})::DATE, NULL, rep_id, ordered_at, 0,
           amount - cost_of_goods
    FROM orders
    WHERE ordered_at >= {start} AND ordered_at < {end} AND ordered_at <= {now}
      AND amount IS NOT NULL AND cost_of_goods IS NOT NULL
)
SELECT {by} AS grp, sum(f.cost)::DOUBLE / nullif(sum(f.margin), 0) AS value
FROM facts f
{join}
GROUP BY ALL
