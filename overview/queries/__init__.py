"""What the overview and the page of weaknesses show, and the filters in their address."""
