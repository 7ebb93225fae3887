"""Syntax ↔ spans: grammars that several readers share; pure."""
