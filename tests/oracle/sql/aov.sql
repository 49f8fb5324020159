-- Revenue per order.
-- by region: c.region
-- join region: LEFT JOIN customers c USING (customer_id)
-- by industry: c.industry
-- join industry: LEFT JOIN customers c USING (customer_id)
-- by channel: coalesce(ch.name, o.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by product_category: p.category
-- join product_category: LEFT JOIN products p USING (product_id)
-- by rep: o.rep_id
-- month: date_trunc('month', o.ordered_at + {offset})::DATE
SELECT {by} AS grp, sum(o.amount) / nullif(count(DISTINCT o.order_id), 0) AS value
FROM orders o
{join}
WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now}
GROUP BY ALL
