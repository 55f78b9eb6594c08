"""What was used, summed up for people: by time, engine, member and money, and as a chart."""
