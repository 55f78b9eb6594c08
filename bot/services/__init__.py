"""What people can ask for, a file each, and what watches beside it; knows ports and imaging."""
