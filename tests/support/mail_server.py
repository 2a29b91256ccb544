"""A mail server in a thread, on real sockets: STARTTLS or TLS from the start, sign-in, refusals. Keeps what it got."""

import base64
import socketserver
import ssl
import threading
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    """`letters`: the texts that arrived; `signed_in`: (user, password, over TLS); `words`: every line before TLS."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, context: ssl.SSLContext, *, at_once: bool = False, offers: bool = True) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.context, self.at_once, self.offers = context, at_once, offers
        self.password = "a mail password"
        self.refuses_letters = False
        self.letters: list[str] = []
        self.signed_in: list[tuple[str, str, bool]] = []
        self.words: list[str] = []

    @property
    def port(self) -> int:
        return self.server_address[1]

    def handle_error(self, request, client_address) -> None:
        """A client that does not trust us hangs up: nothing to say."""


class Conversation(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.safe = False
        if self.server.at_once:
            self._secure()
        self.lines = self.request.makefile("rb")
        self._say("220 mail.test ESMTP")
        while line := self.lines.readline().decode().strip():
            if not self.safe:
                self.server.words.append(line)
            if not self._answer(line):
                return

    def _answer(self, line: str) -> bool:
        verb = line.split()[0].upper()
        if verb == "EHLO":
            offered = ["mail.test", "AUTH PLAIN"] + (["STARTTLS"] if self.server.offers and not self.safe else [])
            self._say("\r\n".join(f"250-{one}" for one in offered) + "\r\n250 HELP")
        elif verb == "STARTTLS":
            self._say("220 go")
            self._secure()
            self.lines = self.request.makefile("rb")
        elif verb == "AUTH":
            _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
            self.server.signed_in.append((user, password, self.safe))
            self._say("235 ok" if password == self.server.password else "535 no")
        elif verb == "DATA":
            self._data()
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 ok")
        return True

    def _data(self) -> None:
        self._say("354 go on")
        letter = []
        while (line := self.lines.readline()) not in (b".\r\n", b""):
            letter.append(line.decode())
        if self.server.refuses_letters:
            self._say("451 later")
            return
        self.server.letters.append("".join(letter))
        self._say("250 kept")

    def _secure(self) -> None:
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        self.safe = True

    def finish(self) -> None:
        self.request.close()

    def _say(self, text: str) -> None:
        self.request.sendall(text.encode() + b"\r\n")


@contextmanager
def mail_server(context: ssl.SSLContext, **more):
    with MailServer(context, **more) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
