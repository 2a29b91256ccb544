"""The pages of the window: one file a page, built when it is first looked at; `registry.py` lists them."""
