"""The network through NetworkManager, and the way to the server step by step."""
