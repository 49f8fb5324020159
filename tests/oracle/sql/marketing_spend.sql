-- What was spent on channels and campaigns, by the day.
-- by channel: coalesce(ch.name, s.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by campaign: coalesce(ca.name, s.campaign_id)
-- join campaign: LEFT JOIN campaigns ca USING (campaign_id)
-- month: date_trunc('month', s.day)::DATE
SELECT {by} AS grp, sum(s.amount) AS value
FROM marketing_spend s
{join}
WHERE s.day >= {start_day} AND s.day < {end_day} AND s.day <= {today}
GROUP BY ALL
