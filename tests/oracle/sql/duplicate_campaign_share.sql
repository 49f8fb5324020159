-- Spend of days on which another campaign with the same audience had spent within the 30 days up to and with that
-- day, over the spend of all campaigns with a known audience. A window holds two campaigns or more when its least and
-- greatest differ.
-- by channel: coalesce(ch.name, s.channel_id)
-- join channel: LEFT JOIN channels ch ON ch.channel_id = s.channel_id
-- by campaign: s.name
-- month: date_trunc('month', s.day)::DATE
WITH spent AS (
    SELECT m.day, m.channel_id, coalesce(k.name, k.campaign_id) AS name, m.amount,
           min(k.campaign_id) OVER reach <> max(k.campaign_id) OVER reach AS duplicate
    FROM marketing_spend m
    JOIN campaigns k ON k.campaign_id = m.campaign_id
    WHERE k.audience IS NOT NULL AND m.day >= {start_day} - 29 AND m.day < {end_day} AND m.day <= {today}
    WINDOW reach AS (
        PARTITION BY k.audience ORDER BY m.day RANGE BETWEEN INTERVAL '29 days' PRECEDING AND CURRENT ROW
    )
)
SELECT {by} AS grp, coalesce(sum(s.amount) FILTER (WHERE s.duplicate), 0)::DOUBLE / nullif(sum(s.amount), 0) AS value
FROM spent s
{join}
WHERE s.day >= {start_day}
GROUP BY ALL
