"""Ground floor: what every room uses and what knows no word of labour law."""
