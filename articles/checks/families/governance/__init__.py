"""Rules on people and declarations."""
