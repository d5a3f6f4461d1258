"""Django's administration as this site has it: who may open it, and how its first page is arranged."""
