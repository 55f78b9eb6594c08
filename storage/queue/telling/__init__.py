"""What servers are still to be told of results and acts."""
