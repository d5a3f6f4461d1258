"""Background jobs, queued in the database: mail, reminders, due publications, checkpoints, comparison of pages."""
