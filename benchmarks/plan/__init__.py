"""The plan of a 5,000-line configuration: netloom beside hier_config."""
