"""Alerts: rules over what was collected, what they have found, and whom they tell."""
