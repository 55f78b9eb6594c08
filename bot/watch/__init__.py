"""What is seen of a running bot from outside: its log and its memory."""
