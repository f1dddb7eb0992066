"""What we look at before somebody sends a listing: each check a sentence that helps, none a wall."""
