"""Doorstep: a resident and carer self-service information portal for an English council's area."""
