"""What the network says, as records."""
