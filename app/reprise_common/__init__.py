"""What the station and an installed system's first start share: plain values, text of a few
tools."""
