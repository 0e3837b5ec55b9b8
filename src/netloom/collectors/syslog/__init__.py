"""Syslog: messages to log records and to events."""
