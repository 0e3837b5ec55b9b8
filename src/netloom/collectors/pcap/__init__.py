"""Captures: what the packets in a file tell, by the same decoders that listen on the network."""
