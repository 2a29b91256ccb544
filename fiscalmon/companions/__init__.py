"""What the programs beside the till (FDMS's simulator, the printer emulator) are as processes, and nothing they do.

Knows nothing of ours, so that both may stand on it and still share nothing with the till that they judge."""
