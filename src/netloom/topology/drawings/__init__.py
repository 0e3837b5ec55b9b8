"""Drawings of a topology, one form a file: terminal, SVG, DOT, Mermaid and JSON."""
