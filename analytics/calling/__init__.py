"""Whom to call: the decision a rep makes every morning."""
