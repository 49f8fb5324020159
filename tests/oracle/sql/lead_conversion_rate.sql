-- Of the leads decided in the period, by the day of the decision, those that became an opportunity.
-- by region: l.region
-- by industry: l.industry
-- by channel: coalesce(ch.name, l.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by rep: l.owner_rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = l.owner_rep_id AND rt.from_on <= (l.decided_at + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (l.decided_at + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
-- month: date_trunc('month', l.decided_at + {offset})::DATE
WITH decided AS (
    SELECT *, converted_at AS decided_at, true AS converted FROM leads
    UNION ALL
    SELECT *, lost_at, false FROM leads
)
SELECT {by} AS grp, count(*) FILTER (WHERE l.converted) / nullif(count(*), 0) AS value
FROM decided l
{join}
WHERE l.decided_at >= {start} AND l.decided_at < {end} AND l.decided_at <= {now}
GROUP BY ALL
