"""Working together: comments, an assignee and a due date on any object of a client."""
