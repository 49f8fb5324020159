-- Complaint tickets opened in the period.
-- by region: c.region
-- join region: LEFT JOIN customers c ON c.customer_id = t.customer_id
-- by industry: c.industry
-- join industry: LEFT JOIN customers c ON c.customer_id = t.customer_id
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c ON c.customer_id = t.customer_id
-- month: date_trunc('month', t.opened_at + {offset})::DATE
SELECT {by} AS grp, count(*) AS value
FROM tickets t
{join}
WHERE t.kind = 'complaint' AND t.opened_at >= {start} AND t.opened_at < {end} AND t.opened_at <= {now}
GROUP BY ALL
