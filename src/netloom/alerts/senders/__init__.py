"""The ways to tell somebody: one module each, `send(way, notification, context)`, which raises where it fails."""
