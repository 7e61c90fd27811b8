"""The Xinhu service: rooms of the domain, the doors that open them, and what they share."""
