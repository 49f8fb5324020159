-- Complaints of each month over the customers active at its end.
WITH months AS (
    SELECT m::DATE AS month,
           least(m + INTERVAL '1 month', {today} + 1) - INTERVAL '12 months' - {offset} AS from_at,
           least(m + INTERVAL '1 month', {today} + 1) - {offset} AS until_at
    FROM range(
        date_trunc('month', {start_day} - 1) + INTERVAL '1 month',
        least({end_day}, {today} + 1)::TIMESTAMP,
        INTERVAL '1 month'
    ) starts(m)
),
active AS (
    SELECT m.month, count(DISTINCT o.customer_id) AS customers
    FROM months m
    JOIN orders o ON o.ordered_at >= m.from_at AND o.ordered_at < m.until_at
    WHERE o.ordered_at <= {now}
    GROUP BY ALL
),
complaints AS (
    SELECT date_trunc('month', opened_at + {offset})::DATE AS month, count(*) AS tickets
    FROM tickets
    WHERE kind = 'complaint' AND opened_at >= {start} AND opened_at < {end} AND opened_at <= {now}
    GROUP BY ALL
)
SELECT month, coalesce(tickets, 0) / customers AS value
FROM active
LEFT JOIN complaints USING (month)
