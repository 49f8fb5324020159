-- Customers by the day of their first order.
-- by region: c.region
-- by industry: c.industry
-- by size_band: c.size_band
-- by rep: c.owner_rep_id
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = c.owner_rep_id AND rt.from_on <= c.first_order_on
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > c.first_order_on
-- join team: LEFT JOIN teams t USING (team_id)
-- month: date_trunc('month', c.first_order_on)::DATE
SELECT {by} AS grp, count(*) AS value
FROM customers c
{join}
WHERE c.first_order_on >= {start_day} AND c.first_order_on < {end_day} AND c.first_order_on <= {today}
GROUP BY ALL
