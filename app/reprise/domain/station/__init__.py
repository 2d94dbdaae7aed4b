"""The station around the erasure: stick, delivery, connection, hands and logs."""
