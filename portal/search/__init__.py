"""A question → ranked services with facets. The only room that knows Whoosh."""
