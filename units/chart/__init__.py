"""The chart: what is drawn, in which order."""
