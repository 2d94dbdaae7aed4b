"""Who may see and do what: organisations, people, their roles, invitations and tokens."""
