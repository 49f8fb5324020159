"""Words only: Jinja2 templates and the renderer."""
