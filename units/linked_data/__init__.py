"""The directory as linked data: what an answer says as nodes, and nodes as JSON-LD and as Turtle."""
