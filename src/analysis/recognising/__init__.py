"""What do the dots of a picture say? Ink, rulings, strips, and signs with their scores. It knows no table."""
