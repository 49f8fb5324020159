"""Slack: the way in (gate, listeners), the way out (workers), the manifest, and a fake Slack to try it with."""
