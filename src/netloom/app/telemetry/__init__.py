"""Questions about what flows in: flows, logs, metrics, events, and what a change did to them."""
