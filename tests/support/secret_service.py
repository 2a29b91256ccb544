"""A Secret Service of this test run's own: GNOME's keyring, unlocked, on a session bus that nobody else is on."""

import os
import subprocess
from pathlib import Path


class SecretService:
    """Starts on construction; `address` is its bus. Ended by `end`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("home", "runtime"):
            (folder / name).mkdir(mode=0o700)
        self.bus = subprocess.Popen(
            [
                "dbus-daemon",
                "--session",
                "--nofork",
                "--nopidfile",
                "--print-address=1",
                f"--address=unix:dir={folder}",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self.bus.stdout.readline().strip()
        self.environment = {
            "DBUS_SESSION_BUS_ADDRESS": self.address,
            "XDG_RUNTIME_DIR": str(folder / "runtime"),
            "HOME": str(folder / "home"),
            "XDG_DATA_HOME": str(folder / "home"),
        }
        self.keyring = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
            text=True,
        )
        self.keyring.stdin.write("the owner's password")
        self.keyring.stdin.close()
        # It says where its control socket is once it runs.
        self.keyring.stdout.readline()

    def end(self) -> None:
        """Stop both."""
        for process in (self.keyring, self.bus):
            process.terminate()
            process.wait(10)
            process.stdout.close()
