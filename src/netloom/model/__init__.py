"""The nouns of a network: one frozen dataclass each, one file each."""
