-- The same for every stage that something can follow.
WITH steps(stage, step) AS (
    VALUES ('new', 1), ('contacted', 2), ('qualified', 3), ('proposal', 4), ('negotiation', 5), ('won', 6)
),
entries AS (
    SELECT coalesce(s.lead_id, s.opportunity_id) AS subject, s.stage, steps.step, s.entered_at
    FROM stage_changes s
    JOIN steps USING (stage)
    WHERE s.entered_at <= {now}
),
entrants AS (
    SELECT subject, stage, step, min(entered_at) AS entered_at
    FROM entries
    WHERE stage <> 'won'
    GROUP BY ALL
    HAVING min(entered_at) >= {start} AND min(entered_at) < {end} AND {end} + INTERVAL '60 days' <= {now}
),
moved AS (
    SELECT DISTINCT e.subject, e.stage
    FROM entrants e
    JOIN entries n
      ON n.subject = e.subject AND n.step > e.step
     AND n.entered_at >= e.entered_at AND n.entered_at < e.entered_at + INTERVAL '60 days'
)
SELECT e.stage AS grp, count(*) FILTER (WHERE m.subject IS NULL) / nullif(count(*), 0) AS value
FROM entrants e
LEFT JOIN moved m ON m.subject = e.subject AND m.stage = e.stage
GROUP BY ALL
