-- Of the proposal stage; months younger than 60 days are not mature and give no row.
WITH steps(stage, step) AS (
    VALUES ('proposal', 1), ('negotiation', 2), ('won', 3)
),
entries AS (
    SELECT coalesce(s.lead_id, s.opportunity_id) AS subject, s.stage, steps.step, s.entered_at
    FROM stage_changes s
    JOIN steps USING (stage)
    WHERE s.entered_at <= {now}
),
entrants AS (
    SELECT subject, step, min(entered_at) AS entered_at
    FROM entries
    WHERE stage = 'proposal'
    GROUP BY ALL
    HAVING min(entered_at) >= {start} AND min(entered_at) < {end}
),
moved AS (
    SELECT DISTINCT e.subject
    FROM entrants e
    JOIN entries n
      ON n.subject = e.subject AND n.step > e.step
     AND n.entered_at >= e.entered_at AND n.entered_at < e.entered_at + INTERVAL '60 days'
)
SELECT date_trunc('month', e.entered_at + {offset})::DATE AS month,
       count(*) FILTER (WHERE m.subject IS NULL) / count(*) AS value
FROM entrants e
LEFT JOIN moved m ON m.subject = e.subject
WHERE month + INTERVAL '1 month' + INTERVAL '60 days' - {offset} <= {now}
GROUP BY ALL
