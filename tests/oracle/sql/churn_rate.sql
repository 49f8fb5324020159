-- Of the customers with an order in the 12 months before the period, the share without one in the 12 months to its end.
-- A customer counts in each group it ordered in before; an order in any group keeps it.
-- No such figure for less than 28 days, counted up to the clock's.
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
WITH active_at_start AS (
    SELECT DISTINCT {by} AS grp, o.customer_id
    FROM orders o
    {join}
    WHERE o.ordered_at >= {year_before_start} AND o.ordered_at < {start} AND o.ordered_at <= {now}
      AND o.customer_id IS NOT NULL
      AND {window_end_day} - {start_day} >= 28
),
active_at_end AS (
    SELECT DISTINCT customer_id
    FROM orders
    WHERE ordered_at >= {year_before_end} AND ordered_at < {window_end} AND ordered_at <= {now}
)
SELECT s.grp, count(*) FILTER (WHERE e.customer_id IS NULL) / nullif(count(*), 0) AS value
FROM active_at_start s
LEFT JOIN active_at_end e ON e.customer_id = s.customer_id
GROUP BY ALL
