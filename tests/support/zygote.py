"""A process that has imported fiscalmon once and forks for each program: real processes without a second's start.

Asked over a Unix socket with the command's three standard files; says its process id, then its exit code.
"""

import gc
import json
import logging
import os
import signal
import socket
import sys
import traceback

import fiscalmon.__main__
import fiscalmon.bootstrap
import fiscalmon.cli.accounts
import fiscalmon.cli.books_only
import fiscalmon.cli.commands
import fiscalmon.cli.main
import fiscalmon.cli.running
import fiscalmon.cli.till_access
import fiscalmon.control
import fiscalmon.logs
from tests.support import crashing_till, selling_till

PROGRAMS = {
    "fiscalmon": fiscalmon.__main__.main,
    "crashing_till": crashing_till.run,
    "selling_till": selling_till.run,
}


def command(asked: dict, files: list[int]) -> None:
    """Become the command; never returns."""
    code: object = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = [asked["program"], *asked["arguments"]]
        code = PROGRAMS[asked["program"]]()
    except SystemExit as ended:
        code = ended.code
    except BaseException:
        traceback.print_exc()
    finally:
        logging.shutdown()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def attend(connection: socket.socket) -> None:
    """One command from its start to its end, in a process of its own."""
    request, files, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    pid = os.fork()
    if pid == 0:
        connection.close()
        command(json.loads(request), list(files))
    connection.sendall(b"%d\n" % pid)
    for file in files:
        os.close(file)
    _, status = os.waitpid(pid, 0)
    connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def main() -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(sys.argv[1])
        listener.listen(64)
        print("ready", flush=True)
        gc.freeze()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                attend(connection)
                os._exit(0)
            connection.close()


if __name__ == "__main__":
    main()
