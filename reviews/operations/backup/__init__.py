"""
Backup and restore of the database, the media and the checkpoint files, in one file, all or nothing.

The ledger's private key is never in a backup: anyone with both could rewrite the ledger. It is kept elsewhere.
"""


class Refused(Exception):
    """Raised if a backup or a restore is impossible, with a sentence as message; nothing is left behind."""
