"""Acts of the lectures room; other places import the module they need."""
