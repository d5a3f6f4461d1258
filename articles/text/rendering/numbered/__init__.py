"""What is numbered through an article: its tables and its figures."""
