-- Customers with an order in the 12 months up to each month's end.
WITH months AS (
    SELECT m::DATE AS month,
           least(m + INTERVAL '1 month', {today} + 1) - INTERVAL '12 months' - {offset} AS from_at,
           least(m + INTERVAL '1 month', {today} + 1) - {offset} AS until_at
    FROM range(
        date_trunc('month', {start_day} - 1) + INTERVAL '1 month',
        least({end_day}, {today} + 1)::TIMESTAMP,
        INTERVAL '1 month'
    ) starts(m)
)
SELECT m.month, count(DISTINCT o.customer_id) AS value
FROM months m
JOIN orders o ON o.ordered_at >= m.from_at AND o.ordered_at < m.until_at
WHERE o.ordered_at <= {now}
GROUP BY ALL
