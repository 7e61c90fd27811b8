"""Stand-ins for services outside, on the loopback interface."""
