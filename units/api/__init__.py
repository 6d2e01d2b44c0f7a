"""The directory for programs: /api/v1/."""
