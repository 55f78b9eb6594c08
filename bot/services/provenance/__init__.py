"""What can be told of a picture that somebody shows."""
