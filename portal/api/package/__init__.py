"""The directory as files: the tabular package of Open Referral UK, and one flat table for spreadsheets."""
