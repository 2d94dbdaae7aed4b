"""What enrolled stations have signed and this server cannot read: refused, kept aside, shown."""
