"""What all HTTP edges share: who is asking, how fragments are answered, what is said when something is refused."""
