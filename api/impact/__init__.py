"""What a version of a table does to answers, before anybody depends on it."""
