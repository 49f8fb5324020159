-- Of the subjects that first entered the proposal stage in the period, the share that no later stage saw within 60 days.
-- Nothing while the period is younger than 60 days.
-- by region: l.region
-- join region: LEFT JOIN leads l ON l.lead_id = e.lead_id
-- by industry: l.industry
-- join industry: LEFT JOIN leads l ON l.lead_id = e.lead_id
-- by size_band: l.size_band
-- join size_band: LEFT JOIN leads l ON l.lead_id = e.lead_id
-- by channel: coalesce(ch.name, l.channel_id)
-- join channel: LEFT JOIN leads l ON l.lead_id = e.lead_id
-- join channel: LEFT JOIN channels ch ON ch.channel_id = l.channel_id
WITH steps(stage, step) AS (
    VALUES ('proposal', 1), ('negotiation', 2), ('won', 3)
),
entries AS (
    SELECT coalesce(s.lead_id, s.opportunity_id) AS subject, s.lead_id, s.stage, steps.step, s.entered_at
    FROM stage_changes s
    JOIN steps USING (stage)
    WHERE s.entered_at <= {now}
),
entrants AS (
    SELECT subject, step, any_value(lead_id) AS lead_id, min(entered_at) AS entered_at
    FROM entries
    WHERE stage = 'proposal'
    GROUP BY ALL
    HAVING min(entered_at) >= {start} AND min(entered_at) < {end} AND {end} + INTERVAL '60 days' <= {now}
),
moved AS (
    SELECT DISTINCT e.subject
    FROM entrants e
    JOIN entries n
      ON n.subject = e.subject AND n.step > e.step
     AND n.entered_at >= e.entered_at AND n.entered_at < e.entered_at + INTERVAL '60 days'
)
SELECT {by} AS grp, count(*) FILTER (WHERE m.subject IS NULL) / nullif(count(*), 0) AS value
FROM entrants e
LEFT JOIN moved m ON m.subject = e.subject
{join}
GROUP BY ALL
