-- Cost of the rows (a month's activity kind in a channel) that returned less than they cost, over all activity cost.
-- period: whole closed months
-- by activity_kind: a.activity_kind
-- by channel: coalesce(ch.name, a.channel_id)
-- join channel: LEFT JOIN channels ch ON ch.channel_id = a.channel_id
-- by team: coalesce(t.name, a.team_id)
-- join team: LEFT JOIN teams t ON t.team_id = a.team_id
-- month: date_trunc('month', a.month)::DATE
SELECT {by} AS grp, coalesce(sum(a.cost) FILTER (WHERE a.returned < a.cost), 0)::DOUBLE / nullif(sum(a.cost), 0) AS value
FROM activity_costs a
{join}
WHERE a.month >= {start_day} AND a.month < {end_day}
GROUP BY ALL
