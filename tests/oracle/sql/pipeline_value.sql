-- Amount of the opportunities open at the snapshot; stage, team and region are those of that instant.
-- by stage: g.stage
-- join stage: LEFT JOIN (
-- join stage:     SELECT opportunity_id, arg_max(stage, entered_at) AS stage FROM stage_changes
-- join stage:     WHERE opportunity_id IS NOT NULL AND entered_at <= {snapshot} GROUP BY ALL
-- join stage: ) g ON g.opportunity_id = o.opportunity_id
-- by product: coalesce(p.name, o.product_id)
-- join product: LEFT JOIN products p ON p.product_id = o.product_id
-- by product_category: p.category
-- join product_category: LEFT JOIN products p ON p.product_id = o.product_id
-- by industry: c.industry
-- join industry: LEFT JOIN customers c ON c.customer_id = o.customer_id
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c ON c.customer_id = o.customer_id
-- by rep: o.owner_rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = o.owner_rep_id AND rt.from_on <= ({snapshot} + {offset})::DATE
-- join team: AND (rt.to_on IS NULL OR ({snapshot} + {offset})::DATE < rt.to_on)
-- join team: LEFT JOIN teams t ON t.team_id = rt.team_id
-- by region: t.region
-- join region: LEFT JOIN rep_teams rt ON rt.rep_id = o.owner_rep_id AND rt.from_on <= ({snapshot} + {offset})::DATE
-- join region: AND (rt.to_on IS NULL OR ({snapshot} + {offset})::DATE < rt.to_on)
-- join region: LEFT JOIN teams t ON t.team_id = rt.team_id
SELECT {by} AS grp, sum(o.amount) AS value
FROM opportunities o
{join}
WHERE o.created_at < {snapshot}
  AND (o.closed_at >= {snapshot} OR (o.closed_at IS NULL AND o.outcome = 'open'))
GROUP BY ALL
