"""What the demo's bookkeeping firm lets follow from a move."""
