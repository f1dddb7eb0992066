"""What people propose to change, and what reviewers decide: drafts, proposals, differences, flags, letters. No pages."""
