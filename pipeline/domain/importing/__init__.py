"""Importing opportunities from a file: read it, map its columns, judge each row, and apply it by the usual verbs."""
