"""What the network should be: load, plan, apply, verify, roll back."""
