"""The question bot's own package: text in, ranked entries out; knows neither web nor database."""
