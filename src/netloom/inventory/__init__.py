"""Which devices there are, and what is known of them before asking."""
