"""What each `easel` command does once its options are read."""
