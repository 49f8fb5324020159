"""Leads as the models see them: read from the warehouse, each as it looked at one moment before its decision."""
