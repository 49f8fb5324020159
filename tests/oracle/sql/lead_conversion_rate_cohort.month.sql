-- Each month's leads that became an opportunity within 90 days; a month is known 90 days after its end.
WITH created AS (
    SELECT date_trunc('month', created_at + {offset})::DATE AS month,
        converted_at >= created_at AND converted_at < created_at + INTERVAL 90 DAY AS in_time
    FROM leads
    WHERE created_at >= {start} AND created_at < {end}
)
SELECT month, count(*) FILTER (WHERE in_time) / count(*) AS value
FROM created
WHERE (month + INTERVAL 1 MONTH)::DATE + 90 <= {today}
GROUP BY ALL
