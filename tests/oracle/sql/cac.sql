-- Marketing, and half of salaries and travel, per new customer of the same whole closed months. A customer belongs
-- to the team its owner was in on the day of the first order and to that team's region, as a cost does.
-- period: whole closed months
-- by region: t.region
-- join region: LEFT JOIN teams t USING (team_id)
-- won_join region: LEFT JOIN rep_teams rt ON rt.rep_id = c.owner_rep_id AND rt.from_on <= c.first_order_on
-- won_join region: AND coalesce(rt.to_on, DATE '9999-12-31') > c.first_order_on
-- won_join region: LEFT JOIN teams t USING (team_id)
-- by team: coalesce(t.name, team_id)
-- join team: LEFT JOIN teams t USING (team_id)
-- won_join team: LEFT JOIN rep_teams rt ON rt.rep_id = c.owner_rep_id AND rt.from_on <= c.first_order_on
-- won_join team: AND coalesce(rt.to_on, DATE '9999-12-31') > c.first_order_on
-- won_join team: LEFT JOIN teams t USING (team_id)
-- month: l.month
-- won_by month: date_trunc('month', c.first_order_on)::DATE
WITH booked AS (
    SELECT {by} AS grp, sum(CASE l.cost_pool WHEN 'marketing' THEN l.amount ELSE 0.5 * l.amount END) AS amount
    FROM cost_ledger l
    {join}
    WHERE l.month >= {start_day} AND l.month < {end_day}
      AND l.cost_pool IN ('marketing', 'salaries', 'travel')
    GROUP BY ALL
),
won AS (
    SELECT {won_by} AS grp, count(*) AS customers
    FROM customers c
    {won_join}
    WHERE c.first_order_on >= {start_day} AND c.first_order_on < {end_day} AND c.first_order_on <= {today}
    GROUP BY ALL
)
SELECT won.grp, coalesce(booked.amount, 0) / nullif(won.customers, 0) AS value
FROM won
LEFT JOIN booked ON booked.grp IS NOT DISTINCT FROM won.grp
