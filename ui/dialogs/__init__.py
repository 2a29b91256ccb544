"""Questions the window asks. Opened with `open()` and awaited; a nested Qt loop would hang the UI's tasks."""
