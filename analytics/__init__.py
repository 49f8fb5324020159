"""The numbers: warehouse, sources, figures and models. Knows nothing of Slack, chat or language models."""
