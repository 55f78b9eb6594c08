"""What `easel doctor`, its paid test and `easel reconcile` look at."""
