"""The Discord commands, one file each; options in, one service call, reply out."""
