"""What Discord keeps of a picture's labels: posted, downloaded again, and compared."""
