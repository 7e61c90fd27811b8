"""Set-up and test running for this repository; plain Python, needs nothing installed."""
