"""The rules: the only code that changes anything. It knows no Flask and never commits."""
