"""From a question in somebody's own words to ranked entries and a decision; pure."""
