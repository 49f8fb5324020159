"""The conversation: the only package that knows `analytics`, `knowledge` and `prompts`."""
