"""Watching a network: netloom beside the programs that its users would take otherwise, in one run."""
