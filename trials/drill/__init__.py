"""`make drill`: a history of years is backed up, destroyed, restored to an empty host, and proved; a dated report says how."""
