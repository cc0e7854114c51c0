"""What an agency writes, sends to MAPO and proves with files, whatever it says: what all kinds of it share."""
