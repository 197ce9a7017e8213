"""What arguments become, for raw and typed calls, and what is said of those that do not fit."""
