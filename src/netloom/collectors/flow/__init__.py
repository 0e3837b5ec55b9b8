"""What exporters say passes through them: NetFlow, IPFIX and sFlow as flows."""
