"""Work on what others wrote, in processes that have limits and may be killed without loss."""
