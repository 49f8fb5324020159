-- CRM fields read at least once in the period over the fields held.
-- month: date_trunc('month', f.counted_on)::DATE
SELECT {by} AS grp,
       count(DISTINCT (f.table_name, f.field_name)) FILTER (WHERE f.reads > 0)
       / nullif(count(DISTINCT (f.table_name, f.field_name)), 0) AS value
FROM crm_fields f
WHERE f.counted_on >= {start_day} AND f.counted_on < {end_day} AND f.counted_on <= {today}
GROUP BY ALL
