-- Leads open at the end of the period, or at the clock. Of a lead that was decided only the dates tell;
-- one never decided must say itself that it is open.
-- by region: l.region
-- by industry: l.industry
-- by size_band: l.size_band
-- by channel: coalesce(ch.name, l.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by rep: l.owner_rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = l.owner_rep_id AND rt.from_on <= ({snapshot} + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > ({snapshot} + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
SELECT {by} AS grp, count(*) AS value
FROM leads l
{join}
WHERE l.created_at < {snapshot}
  AND CASE WHEN l.converted_at IS NULL AND l.lost_at IS NULL THEN l.status = 'open'
           ELSE least(l.converted_at, l.lost_at) >= {snapshot} END
GROUP BY ALL
