-- Marketing's part of all selling cost.
-- period: whole closed months
-- by team: coalesce(t.name, l.team_id)
-- join team: LEFT JOIN teams t USING (team_id)
-- by region: t.region
-- join region: LEFT JOIN teams t USING (team_id)
-- month: l.month
SELECT {by} AS grp,
    coalesce(sum(l.amount) FILTER (WHERE l.cost_pool = 'marketing'), 0) / nullif(sum(l.amount), 0) AS value
FROM cost_ledger l
{join}
WHERE l.month >= {start_day} AND l.month < {end_day}
GROUP BY ALL
