-- What was given away of the list price, over lines whose list price and price are both known.
-- by region: c.region
-- join region: LEFT JOIN customers c USING (customer_id)
-- by channel: coalesce(ch.name, o.channel_id)
-- join channel: LEFT JOIN channels ch USING (channel_id)
-- by product_category: p.category
-- join product_category: LEFT JOIN products p USING (product_id)
-- by size_band: c.size_band
-- join size_band: LEFT JOIN customers c USING (customer_id)
-- by rep: o.rep_id
-- month: date_trunc('month', o.ordered_at + {offset})::DATE
SELECT {by} AS grp, 1 - sum(o.amount) / nullif(sum(o.list_amount), 0) AS value
FROM orders o
{join}
WHERE o.ordered_at >= {start} AND o.ordered_at < {end} AND o.ordered_at <= {now}
  AND o.amount IS NOT NULL AND o.list_amount IS NOT NULL
GROUP BY ALL
