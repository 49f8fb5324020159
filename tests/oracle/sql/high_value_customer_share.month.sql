-- At each month's end: the customers active then, by the class known then; none before any was known.
WITH months AS (
    SELECT m::DATE AS month,
           least(m + INTERVAL '1 month', {today} + 1) - INTERVAL '12 months' - {offset} AS from_at,
           least(m + INTERVAL '1 month', {today} + 1) - {offset} AS until_at,
           least(m + INTERVAL '1 month' - {offset}, {now}) AS instant
    FROM range(
        date_trunc('month', {start_day} - 1) + INTERVAL '1 month',
        least({end_day}, {today} + 1)::TIMESTAMP,
        INTERVAL '1 month'
    ) starts(m)
),
active AS (
    SELECT DISTINCT m.month, m.instant, o.customer_id
    FROM months m
    JOIN orders o ON o.ordered_at >= m.from_at AND o.ordered_at < m.until_at
    WHERE o.ordered_at <= {now} AND o.customer_id IS NOT NULL
),
known AS (
    SELECT subject_id AS customer_id, class, as_of,
           lead(as_of, 1, 'infinity') OVER (PARTITION BY subject_id ORDER BY as_of, version) AS replaced_at
    FROM predictions
    WHERE model_id = 'customer_value' AND subject_kind = 'customer' AND as_of <= {now}
)
SELECT a.month, count(*) FILTER (WHERE p.class = 'high_value') / nullif(count(*), 0) AS value
FROM active a
LEFT JOIN known p ON p.customer_id = a.customer_id AND p.as_of <= a.instant AND p.replaced_at > a.instant
WHERE a.instant >= (SELECT min(as_of) FROM known)
GROUP BY ALL
