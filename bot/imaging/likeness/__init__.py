"""What a picture looks like, in few enough bits to find it again."""
