-- Mean satisfaction (1 to 5) of the tickets closed in the period that got a score.
-- by region: c.region
-- join region: LEFT JOIN customers c ON c.customer_id = t.customer_id
-- by industry: c.industry
-- join industry: LEFT JOIN customers c ON c.customer_id = t.customer_id
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c ON c.customer_id = t.customer_id
-- month: date_trunc('month', t.closed_at + {offset})::DATE
SELECT {by} AS grp, avg(t.csat) AS value
FROM tickets t
{join}
WHERE t.closed_at >= {start} AND t.closed_at < {end} AND t.closed_at <= {now} AND t.csat IS NOT NULL
GROUP BY ALL
