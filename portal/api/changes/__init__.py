"""What changed in the directory, newest first: for people's feed readers and for programs that keep a copy."""
