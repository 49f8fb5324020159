-- Calls made in the period.
-- by rep: a.rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = a.rep_id AND rt.from_on <= (a.happened_at + {offset})::DATE
-- join team: AND (rt.to_on IS NULL OR (a.happened_at + {offset})::DATE < rt.to_on)
-- join team: LEFT JOIN teams t ON t.team_id = rt.team_id
-- by region: t.region
-- join region: LEFT JOIN rep_teams rt ON rt.rep_id = a.rep_id AND rt.from_on <= (a.happened_at + {offset})::DATE
-- join region: AND (rt.to_on IS NULL OR (a.happened_at + {offset})::DATE < rt.to_on)
-- join region: LEFT JOIN teams t ON t.team_id = rt.team_id
-- month: date_trunc('month', a.happened_at + {offset})::DATE
SELECT {by} AS grp, count(*) AS value
FROM activities a
{join}
WHERE a.happened_at >= {start} AND a.happened_at < {end} AND a.happened_at <= {now}
  AND a.kind = 'call'
GROUP BY ALL
