"""Traps and informs: SNMP's notifications to records."""
