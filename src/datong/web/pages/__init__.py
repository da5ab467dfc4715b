"""Pages for people: thin functions from a visit to an answer. One file for each thing people come for."""
