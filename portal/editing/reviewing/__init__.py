"""The reviewer's desk: what waits, one proposal field by field, a decision; whom the council trusts; and what a listing said before."""
