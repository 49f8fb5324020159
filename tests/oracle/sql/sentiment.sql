-- Mean sentiment (-1 to 1) of the feedback received in the period, by the latest reading the clock knows of each.
-- by region: c.region
-- join region: LEFT JOIN customers c ON c.customer_id = f.customer_id
-- by industry: c.industry
-- join industry: LEFT JOIN customers c ON c.customer_id = f.customer_id
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c ON c.customer_id = f.customer_id
-- month: date_trunc('month', f.received_at + {offset})::DATE
WITH latest AS (
    SELECT subject_id AS feedback_id, arg_max_null(value, (as_of, version)) AS value
    FROM predictions
    WHERE model_id = 'sentiment' AND subject_kind = 'feedback' AND as_of <= {now}
    GROUP BY ALL
)
SELECT {by} AS grp, avg(p.value) AS value
FROM feedback f
JOIN latest p ON p.feedback_id = f.feedback_id
{join}
WHERE f.received_at >= {start} AND f.received_at < {end} AND f.received_at <= {now}
GROUP BY ALL
