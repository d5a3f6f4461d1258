"""Work that nobody waits for: mail, reminders, due publications, checkpoints; kept in the database until it is done."""
