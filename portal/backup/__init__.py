"""Backups: everything that the database holds at one moment, as checked parts in a folder; and a database made from one, elsewhere.

What is deleted on purpose is written down (`models.Purged`), and the list is kept beside the backups: what somebody had deleted
stays deleted, also when an older backup is restored. The search index is never backed up, since it is made from the database; the
site's secret is not either, so that whoever finds a backup cannot read what is sealed in it.
"""
