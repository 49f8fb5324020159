-- Customers with an order in the 12 months up to the period's end (or to the end of the clock's day).
-- by region: c.region
-- join region: LEFT JOIN customers c ON c.customer_id = o.customer_id
-- by industry: c.industry
-- join industry: LEFT JOIN customers c ON c.customer_id = o.customer_id
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c ON c.customer_id = o.customer_id
-- by channel: coalesce(ch.name, o.channel_id)
-- join channel: LEFT JOIN channels ch ON ch.channel_id = o.channel_id
-- by product: coalesce(p.name, o.product_id)
-- join product: LEFT JOIN products p ON p.product_id = o.product_id
-- by product_category: p.category
-- join product_category: LEFT JOIN products p ON p.product_id = o.product_id
SELECT {by} AS grp, count(DISTINCT o.customer_id) AS value
FROM orders o
{join}
WHERE o.ordered_at >= {year_before_end} AND o.ordered_at < {window_end} AND o.ordered_at <= {now}
GROUP BY ALL
