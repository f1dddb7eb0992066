"""The reviewer's desk for other directories' feeds: what they list beside what is here, and whom to tell when one cannot be read."""
