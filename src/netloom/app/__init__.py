"""The only place where the parts meet: one workspace, everything wired to it."""
