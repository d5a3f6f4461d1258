"""
Backup and restore: the database, the media and the checkpoint files in one file, whole or not at all.

The ledger's private key is in no backup: whoever has both could rewrite what was signed. It is kept elsewhere.
"""


class Refused(Exception):
    """Raised for a backup or a restore that cannot be done; the message is a sentence, and nothing was left behind."""
