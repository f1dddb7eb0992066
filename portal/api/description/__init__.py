"""The interface described for programs: OpenAPI 3.1, made from the code that serves it."""
