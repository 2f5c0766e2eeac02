"""The truth in a PostgreSQL database, asked as the SQLite file is; importing it needs psycopg."""
