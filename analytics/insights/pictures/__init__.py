"""How charts are drawn; what they show is said in `analytics.insights.charts`."""
