-- 1 - sum |actual - forecast| / sum |actual|, at least 0: the months that start in the period and are over, each with the
-- last revenue forecast issued before it began.
-- month: l.month
WITH latest AS (
    SELECT period_start AS month, arg_max(value, issued_at) AS value
    FROM forecasts
    WHERE kpi = 'revenue'
      AND period_start = date_trunc('month', period_start)
      AND period_start >= {start_day} AND period_start < {end_day}
      AND period_start + INTERVAL '1 month' <= {today}
      AND issued_at < period_start::TIMESTAMP - {offset}
    GROUP BY ALL
),
actual AS (
    SELECT date_trunc('month', ordered_at + {offset})::DATE AS month, sum(amount)::DOUBLE AS revenue
    FROM orders
    WHERE ordered_at >= {start} AND ordered_at < {end} + INTERVAL '1 month' AND ordered_at <= {now}
    GROUP BY ALL
)
SELECT {by} AS grp,
       CASE WHEN sum(abs(a.revenue)) > 0
            THEN greatest(0, 1 - sum(abs(coalesce(a.revenue, 0) - l.value)) / sum(abs(a.revenue))) END AS value
FROM latest l
LEFT JOIN actual a USING (month)
GROUP BY ALL
