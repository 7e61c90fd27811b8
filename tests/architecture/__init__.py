"""Rules about the shape of the code, each checked and each proven able to fail."""
