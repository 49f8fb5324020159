-- Rows that passed their checks over rows checked, of the checks run in the period.
-- month: date_trunc('month', q.ran_at + {offset})::DATE
SELECT {by} AS grp, sum(q.rows_checked - q.rows_failed)::DOUBLE / nullif(sum(q.rows_checked), 0) AS value
FROM quality_results q
WHERE q.ran_at >= {start} AND q.ran_at < {end} AND q.ran_at <= {now}
GROUP BY ALL
