"""What a listing said before: its versions, what each changed, who and why; and bringing one back."""
