"""What screens are drawn with: glyphs, colours, large letters, rows and pictures of text."""
