-- Customers with two orders or more over those with one or more; in a breakdown both within the group.
-- by region: c.region
-- join region: LEFT JOIN customers c USING (customer_id)
-- by industry: c.industry
-- join industry: LEFT JOIN customers c USING (customer_id)
-- by channel: coalesce(ch.name, o.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by product_category: p.category
-- join product_category: LEFT JOIN products p USING (product_id)
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = o.rep_id AND rt.from_on <= (o.ordered_at + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (o.ordered_at + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
-- month: date_trunc('month', o.ordered_at + {offset})::DATE
WITH buyers AS (
    SELECT {by} AS grp, o.customer_id, min(o.order_id) < max(o.order_id) AS again
    FROM orders o
    {join}
    WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now} AND o.customer_id IS NOT NULL
    GROUP BY ALL
)
SELECT grp, count(*) FILTER (WHERE again) / nullif(count(*), 0) AS value
FROM buyers
GROUP BY ALL
