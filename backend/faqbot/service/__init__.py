"""What the question bot does: ask, choose, rate, call a person, change the corpus."""
