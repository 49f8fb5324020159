"""Sending what people subscribed to, inside the workers: found when due, composed, posted once."""
