"""Pure bytes: commands and data structures of ATA, SCSI, NVMe and eMMC, with their clauses."""
