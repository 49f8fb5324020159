-- Leads created in the period.
-- by region: l.region
-- by industry: l.industry
-- by size_band: l.size_band
-- by channel: coalesce(ch.name, l.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by lead_source: coalesce(ch.name, l.channel_id)
-- join lead_source: LEFT JOIN channels ch USING (channel_id)
-- by campaign: coalesce(ca.name, l.campaign_id)
-- join campaign: LEFT JOIN campaigns ca USING (campaign_id)
-- by rep: l.owner_rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = l.owner_rep_id AND rt.from_on <= (l.created_at + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (l.created_at + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
-- month: date_trunc('month', l.created_at + {offset})::DATE
SELECT {by} AS grp, count(*) AS value
FROM leads l
{join}
WHERE l.created_at >= {start} AND l.created_at < {end} AND l.created_at <= {now}
GROUP BY ALL
