-- Minutes spent on leads whose latest score, as known at the snapshot, is in the lowest fifth of all scored leads,
-- over minutes spent on any lead. No such figure before the first score was known.
-- by activity_kind: a.kind
-- by rep: a.rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = a.rep_id AND rt.from_on <= (a.happened_at + {offset})::DATE
-- join team: AND (rt.to_on IS NULL OR (a.happened_at + {offset})::DATE < rt.to_on)
-- join team: LEFT JOIN teams t ON t.team_id = rt.team_id
-- by region: t.region
-- join region: LEFT JOIN rep_teams rt ON rt.rep_id = a.rep_id AND rt.from_on <= (a.happened_at + {offset})::DATE
-- join region: AND (rt.to_on IS NULL OR (a.happened_at + {offset})::DATE < rt.to_on)
-- join region: LEFT JOIN teams t ON t.team_id = rt.team_id
WITH latest AS (
    SELECT subject_id AS lead_id, arg_max_null(value, (as_of, version)) AS value
    FROM predictions
    WHERE model_id = 'lead_score' AND subject_kind = 'lead' AND as_of <= {snapshot}
    GROUP BY ALL
),
ranked AS (
    SELECT lead_id, cume_dist() OVER (ORDER BY value) <= 0.2 AS low
    FROM latest
    WHERE value IS NOT NULL
)
SELECT {by} AS grp,
       CASE WHEN EXISTS (FROM latest)
            THEN coalesce(sum(a.minutes) FILTER (WHERE s.low), 0) / nullif(sum(a.minutes), 0) END AS value
FROM activities a
LEFT JOIN ranked s ON s.lead_id = a.lead_id
{join}
WHERE a.lead_id IS NOT NULL
  AND a.happened_at >= {start} AND a.happened_at < {end} AND a.happened_at <= {now}
GROUP BY ALL
