-- Every month ranks the leads by the scores known at its own end; none before any was known.
WITH months AS (
    SELECT m::DATE AS month,
           least(m + INTERVAL '1 month' - {offset}, {now}) AS instant
    FROM range(
        date_trunc('month', {start_day} - 1) + INTERVAL '1 month',
        least({end_day}, {today} + 1)::TIMESTAMP,
        INTERVAL '1 month'
    ) starts(m)
),
scores AS (
    SELECT subject_id AS lead_id, value, as_of,
           lead(as_of, 1, 'infinity') OVER (PARTITION BY subject_id ORDER BY as_of, version) AS replaced_at
    FROM predictions
    WHERE model_id = 'lead_score' AND subject_kind = 'lead' AND as_of <= {now}
),
ranked AS (
    SELECT m.month, s.lead_id, cume_dist() OVER (PARTITION BY m.month ORDER BY s.value) <= 0.2 AS low
    FROM months m
    JOIN scores s ON s.as_of <= m.instant AND s.replaced_at > m.instant
    WHERE s.value IS NOT NULL
),
spent AS (
    SELECT date_trunc('month', a.happened_at + {offset})::DATE AS month, a.lead_id, sum(a.minutes) AS minutes
    FROM activities a
    WHERE a.lead_id IS NOT NULL
      AND a.happened_at >= {start} AND a.happened_at < {end} AND a.happened_at <= {now}
    GROUP BY ALL
)
SELECT month, coalesce(sum(minutes) FILTER (WHERE low), 0) / nullif(sum(minutes), 0) AS value
FROM months
JOIN spent USING (month)
LEFT JOIN ranked USING (month, lead_id)
WHERE instant >= (SELECT min(as_of) FROM scores)
GROUP BY ALL
