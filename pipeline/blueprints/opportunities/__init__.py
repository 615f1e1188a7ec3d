"""Opportunities over HTTP: a module for each noun under `/opportunities`, and one for what a person may do with it."""
