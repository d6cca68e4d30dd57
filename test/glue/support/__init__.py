# What the Glue tests stand on: a real PostgreSQL, real Spark runs, a small AWS endpoint, and readers of source and lake.
