-- Of the customers with an intervention started in the period, the share with an order less than 90 days after one.
-- by region: c.region
-- join region: LEFT JOIN customers c ON c.customer_id = i.customer_id
-- by industry: c.industry
-- join industry: LEFT JOIN customers c ON c.customer_id = i.customer_id
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c ON c.customer_id = i.customer_id
-- month: date_trunc('month', i.started_at + {offset})::DATE
WITH won_back AS (
    SELECT DISTINCT i.intervention_id
    FROM interventions i
    JOIN orders o
      ON o.customer_id = i.customer_id
     AND o.ordered_at > i.started_at AND o.ordered_at < i.started_at + INTERVAL '90 days'
    WHERE i.started_at >= {start} AND i.started_at < {end} AND o.ordered_at <= {now}
)
SELECT {by} AS grp,
       count(DISTINCT i.customer_id) FILTER (WHERE w.intervention_id IS NOT NULL)
       / nullif(count(DISTINCT i.customer_id), 0) AS value
FROM interventions i
LEFT JOIN won_back w ON w.intervention_id = i.intervention_id
{join}
WHERE i.started_at >= {start} AND i.started_at < {end} AND i.started_at <= {now}
GROUP BY ALL
