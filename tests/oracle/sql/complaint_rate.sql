-- Complaints opened in the period over the customers active at its end.
-- Region, industry and size are the customer's on both sides.
-- by region: c.region
-- join region: LEFT JOIN customers c ON c.customer_id = f.customer_id
-- by industry: c.industry
-- join industry: LEFT JOIN customers c ON c.customer_id = f.customer_id
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c ON c.customer_id = f.customer_id
WITH facts AS (
    SELECT customer_id, count(*) AS complaints, 0 AS active
    FROM tickets
    WHERE kind = 'complaint' AND opened_at >= {start} AND opened_at < {end} AND opened_at <= {now}
    GROUP BY ALL
    UNION ALL
    SELECT DISTINCT customer_id, 0, 1
    FROM orders
    WHERE ordered_at >= {year_before_end} AND ordered_at < {window_end} AND ordered_at <= {now}
      AND customer_id IS NOT NULL
)
SELECT {by} AS grp, sum(f.complaints) / nullif(sum(f.active), 0) AS value
FROM facts f
{join}
GROUP BY ALL
