"""Files the till shows or feeds on: tokens, icons, demo baskets, the built dashboard."""
