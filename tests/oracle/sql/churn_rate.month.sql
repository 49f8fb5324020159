-- Churn over each month: active at its start, no longer at its end.
WITH months AS (
    SELECT m::DATE AS month,
           m::DATE AS start_day,
           least(m::DATE + INTERVAL '1 month', {today} + 1)::DATE AS end_day
    FROM range(
        date_trunc('month', {start_day} - 1) + INTERVAL '1 month',
        least({end_day}, {today} + 1)::TIMESTAMP,
        INTERVAL '1 month'
    ) starts(m)
),
active AS (
    SELECT DISTINCT i.day, o.customer_id
    FROM (SELECT start_day FROM months UNION SELECT end_day FROM months) i(day)
    JOIN orders o
      ON o.ordered_at < i.day::TIMESTAMP - {offset}
     AND o.ordered_at >= i.day - INTERVAL '12 months' - {offset}
    WHERE o.ordered_at <= {now} AND o.customer_id IS NOT NULL
)
SELECT m.month, count(*) FILTER (WHERE e.customer_id IS NULL) / nullif(count(*), 0) AS value
FROM months m
JOIN active s ON s.day = m.start_day
LEFT JOIN active e ON e.day = m.end_day AND e.customer_id = s.customer_id
WHERE m.end_day - m.start_day >= 28
GROUP BY ALL
