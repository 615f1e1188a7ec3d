"""The read side: what one page shows one person."""
