"""A locality kept on a phone for when there is no connection: urgent help, what there is for people there, and the phone's own list."""
