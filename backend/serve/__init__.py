"""Starts the service: prepares the database, then keeps the web and job processes running."""
