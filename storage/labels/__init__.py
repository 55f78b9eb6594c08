"""What is kept of labelled pictures once they are posted."""
