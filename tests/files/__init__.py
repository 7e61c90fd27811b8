"""Small sample files of every kind, made by code when a test asks for them."""
