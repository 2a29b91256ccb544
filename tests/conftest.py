"""For every test: no session bus, so that no test writes into the keyring of whoever runs it."""

import os

os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
