-- Leads open at each month's end, the last one's at the clock.
WITH months AS (
    SELECT month::DATE AS month, least(month + INTERVAL 1 MONTH - {offset}, {now}) AS at
    FROM generate_series({start_day}, {end_day} - 1, INTERVAL 1 MONTH) AS series(month)
    WHERE month <= {today}
),
held AS (
    SELECT created_at, coalesce(least(converted_at, lost_at), TIMESTAMP 'infinity') AS decided_at
    FROM leads
    WHERE converted_at IS NOT NULL OR lost_at IS NOT NULL OR status = 'open'
)
SELECT months.month, count(held.created_at) AS value
FROM months
LEFT JOIN held ON held.created_at < months.at AND held.decided_at >= months.at
GROUP BY ALL
