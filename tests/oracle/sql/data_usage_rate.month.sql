-- Each month's users over the reps employed at its end.
WITH months AS (
    SELECT m::DATE AS month,
           least(m::DATE + INTERVAL '1 month', {today} + 1)::DATE AS end_day
    FROM range(
        date_trunc('month', {start_day} - 1) + INTERVAL '1 month',
        least({end_day}, {today} + 1)::TIMESTAMP,
        INTERVAL '1 month'
    ) starts(m)
),
users AS (
    SELECT date_trunc('month', u.happened_at + {offset})::DATE AS month, count(DISTINCT p.rep_id) AS reps
    FROM usage_events u
    JOIN people p ON p.person_id = u.person_id
    WHERE u.kind IN ('asked', 'acted') AND u.happened_at <= {now}
    GROUP BY ALL
),
employed AS (
    SELECT m.month, count(*) AS reps
    FROM months m
    JOIN reps r
      ON (r.hired_on IS NULL OR r.hired_on < m.end_day)
     AND (r.left_on >= m.end_day OR (r.left_on IS NULL AND r.active))
    GROUP BY ALL
)
SELECT month, coalesce(users.reps, 0) / employed.reps AS value
FROM employed
LEFT JOIN users USING (month)
