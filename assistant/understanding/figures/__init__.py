"""Questions about figures: which KPIs, when, broken down by what, of whom, compared with what."""
