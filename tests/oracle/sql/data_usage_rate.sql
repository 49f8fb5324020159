-- Reps who asked or acted on advice in the period over the reps employed at its end.
-- A rep's team is that of the moment of use, and for the reps employed that of the snapshot.
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = f.rep_id AND rt.from_on <= (f.at + {offset})::DATE
-- join team: AND (rt.to_on IS NULL OR (f.at + {offset})::DATE < rt.to_on)
-- join team: LEFT JOIN teams t ON t.team_id = rt.team_id
-- by region: t.region
-- join region: LEFT JOIN rep_teams rt ON rt.rep_id = f.rep_id AND rt.from_on <= (f.at + {offset})::DATE
-- join region: AND (rt.to_on IS NULL OR (f.at + {offset})::DATE < rt.to_on)
-- join region: LEFT JOIN teams t ON t.team_id = rt.team_id
WITH facts AS (
    SELECT p.rep_id, u.happened_at AS at, p.rep_id AS user_id, NULL AS employed_id
    FROM usage_events u
    JOIN people p ON p.person_id = u.person_id
    WHERE u.kind IN ('asked', 'acted') AND p.rep_id IS NOT NULL
      AND u.happened_at >= {start} AND u.happened_at < {end} AND u.happened_at <= {now}
    UNION ALL
    SELECT r.rep_id, {snapshot}, NULL, r.rep_id
    FROM reps r
    WHERE (r.hired_on IS NULL OR r.hired_on < {window_end_day})
      AND (r.left_on >= {window_end_day} OR (r.left_on IS NULL AND r.active))
)
SELECT {by} AS grp, count(DISTINCT f.user_id) / nullif(count(f.employed_id), 0) AS value
FROM facts f
{join}
GROUP BY ALL
