"""Questions handed to a person: who answers, by when, and what happens when nobody does."""
