"""The Flask application: routes come together, headers, error pages, health."""
