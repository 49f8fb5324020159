-- Mean of the latest lifetime value known at the snapshot, over the active customers that have one.
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
WITH active AS (
    SELECT DISTINCT {by} AS grp, o.customer_id
    FROM orders o
    {join}
    WHERE o.ordered_at >= {year_before_end} AND o.ordered_at < {window_end} AND o.ordered_at <= {now}
      AND o.customer_id IS NOT NULL
),
latest AS (
    SELECT subject_id AS customer_id, arg_max_null(value, (as_of, version)) AS value
    FROM predictions
    WHERE model_id = 'clv' AND subject_kind = 'customer' AND as_of <= {snapshot}
    GROUP BY ALL
)
SELECT a.grp, avg(p.value) AS value
FROM active a
LEFT JOIN latest p ON p.customer_id = a.customer_id
GROUP BY ALL
