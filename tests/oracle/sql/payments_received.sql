-- What customers paid in the period.
-- by region: c.region
-- join region: LEFT JOIN customers c USING (customer_id)
-- by industry: c.industry
-- join industry: LEFT JOIN customers c USING (customer_id)
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c USING (customer_id)
-- by rep: c.owner_rep_id
-- join rep: LEFT JOIN customers c USING (customer_id)
-- month: date_trunc('month', p.paid_at + {offset})::DATE
SELECT {by} AS grp, sum(p.amount) AS value
FROM payments p
{join}
WHERE p.paid_at >= {start} AND p.paid_at < {end} AND p.paid_at <= {now}
GROUP BY ALL
