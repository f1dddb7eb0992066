"""What people type about a service: the forms, and how they become a record. Pure but for gettext."""
