-- What orders from channels that are paid for brought in, per unit spent on those channels.
-- Spend that brought no order returns 0; where nothing was spent there is no such figure.
-- by channel: coalesce(ch.name, ch.channel_id)
-- by campaign: coalesce(ca.name, campaign_id)
-- join campaign: LEFT JOIN campaigns ca USING (campaign_id)
-- month: date_trunc('month', s.day)::DATE
-- ordered_by month: date_trunc('month', o.ordered_at + {offset})::DATE
WITH spent AS (
    SELECT {by} AS grp, sum(s.amount) AS amount
    FROM marketing_spend s
    JOIN channels ch USING (channel_id)
    {join}
    WHERE s.day >= {start_day} AND s.day < {end_day} AND s.day <= {today}
      AND ch.kind IN ('paid', 'partner', 'event')
    GROUP BY ALL
),
returned AS (
    SELECT {ordered_by} AS grp, sum(o.amount) AS amount
    FROM orders o
    JOIN channels ch USING (channel_id)
    {join}
    WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now}
      AND ch.kind IN ('paid', 'partner', 'event')
    GROUP BY ALL
)
SELECT spent.grp, coalesce(returned.amount, 0) / nullif(spent.amount, 0) AS value
FROM spent
LEFT JOIN returned ON returned.grp IS NOT DISTINCT FROM spent.grp
