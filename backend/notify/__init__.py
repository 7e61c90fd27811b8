"""Messages to people: the outbox, and the list of those who must be telephoned."""
