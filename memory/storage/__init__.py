"""The SQLite file under the memory: entries, links, counts, filters, locks; no music in it."""
