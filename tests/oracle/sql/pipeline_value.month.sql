-- Amount of the opportunities open at each month's end.
WITH months AS (
    SELECT m::DATE AS month,
           least(m + INTERVAL '1 month' - {offset}, {now}) AS instant
    FROM range(
        date_trunc('month', {start_day} - 1) + INTERVAL '1 month',
        least({end_day}, {today} + 1)::TIMESTAMP,
        INTERVAL '1 month'
    ) starts(m)
)
SELECT m.month, sum(o.amount) AS value
FROM months m
JOIN opportunities o
  ON o.created_at < m.instant
 AND (o.closed_at >= m.instant OR (o.closed_at IS NULL AND o.outcome = 'open'))
GROUP BY ALL
