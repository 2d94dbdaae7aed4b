"""What a station keeps: journal, reports, settings, on the stick and in memory."""
