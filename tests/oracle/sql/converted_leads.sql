-- Leads that became an opportunity in the period.
-- by region: l.region
-- by industry: l.industry
-- by channel: coalesce(ch.name, l.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by rep: l.owner_rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = l.owner_rep_id AND rt.from_on <= (l.converted_at + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (l.converted_at + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
-- month: date_trunc('month', l.converted_at + {offset})::DATE
SELECT {by} AS grp, count(*) AS value
FROM leads l
{join}
WHERE l.converted_at >= {start} AND l.converted_at < {end} AND l.converted_at <= {now}
GROUP BY ALL
