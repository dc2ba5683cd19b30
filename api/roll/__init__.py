"""A whole roll in one request: rows in, rows out, in the forms that people and machines keep rolls in."""
