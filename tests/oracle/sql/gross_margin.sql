-- What the lines brought above the cost of the goods, over lines whose amount and cost are both known.
-- by region: c.region
-- join region: LEFT JOIN customers c USING (customer_id)
-- by channel: coalesce(ch.name, o.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by product: coalesce(p.name, o.product_id)
-- join product: LEFT JOIN products p USING (product_id)
-- by product_category: p.category
-- join product_category: LEFT JOIN products p USING (product_id)
-- by team: coalesce(t.name, rt.team_id)
-- join team: LEFT JOIN rep_teams rt ON rt.rep_id = o.rep_id AND rt.from_on <= (o.ordered_at + {offset})::DATE
-- join team: AND coalesce(rt.to_on, DATE '9999-12-31') > (o.ordered_at + {offset})::DATE
-- join team: LEFT JOIN teams t USING (team_id)
-- month: date_trunc('month', o.ordered_at + {offset})::DATE
SELECT {by} AS grp, sum(o.amount - o.cost_of_goods) AS value
FROM orders o
{join}
WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now}
GROUP BY ALL
