"""The pages of somebody's own account: name, ways in, devices where they are signed in."""
