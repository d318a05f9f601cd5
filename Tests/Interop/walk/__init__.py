"""Walks every method of every service with the extremes of every field."""
