"""Taking money: attempts, the one `fulfil`, what is done about money that came late or twice, and refunds."""
