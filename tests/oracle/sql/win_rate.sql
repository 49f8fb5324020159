-- Deals won of those won or lost; withdrawn ones count neither way.
-- by region: t.region
-- join region: LEFT JOIN rep_teams rt ON rt.rep_id = d.owner_rep_id AND rt.from_on <= (d.closed_at + {offset})::DATE
-- join region: AND coalesce(rt.to_on, DATE '9999-12-31') > (d.closed_at + {offset})::DATE
-- join region: LEFT JOIN teams t USING (team_id)
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = d.owner_rep_id AND rt.from_on <= (d.closed_at + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (d.closed_at + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
-- by rep: d.owner_rep_id
-- by industry: c.industry
-- join industry: LEFT JOIN customers c ON c.customer_id = d.customer_id
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c ON c.customer_id = d.customer_id
-- by product: coalesce(p.name, d.product_id)
-- join product: LEFT JOIN products p USING (product_id)
-- by product_category: p.category
-- join product_category: LEFT JOIN products p USING (product_id)
-- month: date_trunc('month', d.closed_at + {offset})::DATE
SELECT {by} AS grp, count(*) FILTER (WHERE d.outcome = 'won') / nullif(count(*), 0) AS value
FROM opportunities d
{join}
WHERE d.closed_at >= {start} AND d.closed_at < {end} AND d.closed_at <= {now}
  AND d.outcome IN ('won', 'lost')
GROUP BY ALL
