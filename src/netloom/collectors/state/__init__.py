"""What devices say they do: nouns read from sessions, of one device, of a fleet, and of a network found by LLDP."""
