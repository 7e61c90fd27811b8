"""The question bot: conversations, the corpus in force, staff's overrides and what was answered."""
