"""The pages of those who keep a listing: what waits for them, changing it step by step, and sending it."""
