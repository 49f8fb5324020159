-- What was booked as marketing.
-- period: whole closed months
-- by team: coalesce(t.name, l.team_id)
-- join team: LEFT JOIN teams t USING (team_id)
-- by region: t.region
-- join region: LEFT JOIN teams t USING (team_id)
-- month: l.month
SELECT {by} AS grp, sum(l.amount) AS value
FROM cost_ledger l
{join}
WHERE l.month >= {start_day} AND l.month < {end_day} AND l.cost_pool = 'marketing'
GROUP BY ALL
