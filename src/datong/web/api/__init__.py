"""The API for other systems, version 1: thin functions from a request to an answer, described in OpenAPI."""
