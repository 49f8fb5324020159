-- What was ordered in the period.
-- by region: c.region
-- join region: LEFT JOIN customers c USING (customer_id)
-- by industry: c.industry
-- join industry: LEFT JOIN customers c USING (customer_id)
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c USING (customer_id)
-- by channel: coalesce(ch.name, o.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by campaign: coalesce(ca.name, o.campaign_id)
-- join campaign: LEFT JOIN campaigns ca USING (campaign_id)
-- by product: coalesce(p.name, o.product_id)
-- join product: LEFT JOIN products p USING (product_id)
-- by product_category: p.category
-- join product_category: LEFT JOIN products p USING (product_id)
-- by rep: o.rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = o.rep_id AND rt.from_on <= (o.ordered_at + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (o.ordered_at + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
-- month: date_trunc('month', o.ordered_at + {offset})::DATE
SELECT {by} AS grp, sum(o.amount) AS value
FROM orders o
{join}
WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now}
GROUP BY ALL
