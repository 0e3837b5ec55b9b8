"""Asks devices' SNMP agents over and over: counters, rates, sensors, sessions."""
