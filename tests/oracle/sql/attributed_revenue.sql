-- Revenue of orders whose own channel is one that is paid for.
-- by channel: coalesce(ch.name, ch.channel_id)
-- by campaign: coalesce(ca.name, o.campaign_id)
-- join campaign: LEFT JOIN campaigns ca USING (campaign_id)
-- by region: c.region
-- join region: LEFT JOIN customers c USING (customer_id)
-- by product_category: p.category
-- join product_category: LEFT JOIN products p USING (product_id)
-- month: date_trunc('month', o.ordered_at + {offset})::DATE
SELECT {by} AS grp, sum(o.amount) AS value
FROM orders o
JOIN channels ch USING (channel_id)
{join}
WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now}
  AND ch.kind IN ('paid', 'partner', 'event')
GROUP BY ALL
