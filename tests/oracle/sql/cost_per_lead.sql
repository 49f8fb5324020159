-- Marketing spend per lead created. Leads on which nothing was spent cost 0; without leads there is no such figure.
-- by channel: coalesce(ch.name, channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by campaign: coalesce(ca.name, campaign_id)
-- join campaign: LEFT JOIN campaigns ca USING (campaign_id)
-- month: date_trunc('month', s.day)::DATE
-- created_by month: date_trunc('month', l.created_at + {offset})::DATE
WITH spent AS (
    SELECT {by} AS grp, sum(s.amount) AS amount
    FROM marketing_spend s
    {join}
    WHERE s.day >= {start_day} AND s.day < {end_day} AND s.day <= {today}
    GROUP BY ALL
),
created AS (
    SELECT {created_by} AS grp, count(*) AS leads
    FROM leads l
    {join}
    WHERE l.created_at >= {start} AND l.created_at < {end} AND l.created_at <= {now}
    GROUP BY ALL
)
SELECT created.grp, coalesce(spent.amount, 0) / nullif(created.leads, 0) AS value
FROM created
LEFT JOIN spent ON spent.grp IS NOT DISTINCT FROM created.grp
