-- Gross margin over revenue, both of the lines whose amount and cost are known.
-- by region: c.region
-- join region: LEFT JOIN customers c USING (customer_id)
-- by industry: c.industry
-- join industry: LEFT JOIN customers c USING (customer_id)
-- by product: coalesce(p.name, o.product_id)
-- join product: LEFT JOIN products p USING (product_id)
-- by product_category: p.category
-- join product_category: LEFT JOIN products p USING (product_id)
-- by rep: o.rep_id
-- month: date_trunc('month', o.ordered_at + {offset})::DATE
SELECT {by} AS grp, (sum(o.amount) - sum(o.cost_of_goods)) / nullif(sum(o.amount), 0) AS value
FROM orders o
{join}
WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now}
  AND o.amount IS NOT NULL AND o.cost_of_goods IS NOT NULL
GROUP BY ALL
