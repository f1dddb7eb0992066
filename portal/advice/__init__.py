"""Advice pages and the site's own pages: one Markdown file a language."""
