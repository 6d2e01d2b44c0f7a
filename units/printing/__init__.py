"""The directory on paper: the chart on sheets, then unit by unit, as tagged PDF; and the chart as a picture.

`content` and `sheets` gather what is said and drawn, as plain data; `setting` has Typst set it, in a process
of its own with limits. Values of an edition reach Typst as data only, never as its markup.
"""

import hashlib


def name_of(state, before, ending):
    """Return what a file of the State `state`, compared with the edition `before`, is called."""
    asked = f"{state.query}\n{before.identifier if before else ''}"
    return f"chart-{hashlib.sha256(asked.encode()).hexdigest()[:32]}.{ending}"
