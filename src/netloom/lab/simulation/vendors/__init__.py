"""What each vendor's simulated device shows and understands, one module or folder each, named as the platform."""
