"""What the station says, whoever says it: the screens and the plain lines share these. No
colour, no width: how it is shown is theirs."""
