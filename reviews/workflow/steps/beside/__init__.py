"""What stands beside the signed texts: disclaimers, and what is known of the works that they cite."""
