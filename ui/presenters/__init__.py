"""What the window says, worked out in plain Python: messages in, frozen views out. Must not know Qt."""
