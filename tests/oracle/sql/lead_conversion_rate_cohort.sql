-- Of the leads created in the period, those that became an opportunity within 90 days; known 90 days after its end.
-- by region: l.region
-- by industry: l.industry
-- by size_band: l.size_band
-- by channel: coalesce(ch.name, l.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = l.owner_rep_id AND rt.from_on <= (l.created_at + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (l.created_at + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
SELECT {by} AS grp,
    count(*) FILTER (WHERE l.converted_at >= l.created_at AND l.converted_at < l.created_at + INTERVAL 90 DAY)
    / nullif(count(*), 0) AS value
FROM leads l
{join}
WHERE l.created_at >= {start} AND l.created_at < {end}
  AND {end_day} + 90 <= {today}
GROUP BY ALL
